"""Files in and out: scenario folders and workbooks, plan files."""

from landport.exchange.atomic import expect_writable, whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.example import init
from landport.exchange.plans import read_plan, write_plan
from landport.exchange.scenarios import digest, read_scenario, write_scenario

__all__ = [
    "CAPS",
    "Caps",
    "digest",
    "expect_writable",
    "init",
    "read_plan",
    "read_scenario",
    "whole_file",
    "write_plan",
    "write_scenario",
]
