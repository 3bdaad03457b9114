"""Files in and out: scenario folders and workbooks, plan files, lists."""

from landport.exchange.apart import expect_apart
from landport.exchange.atomic import expect_writable, whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.example import init
from landport.exchange.plans import read_plan, write_plan
from landport.exchange.scenarios import digest, read_scenario, write_scenario
from landport.exchange.text import write_list

__all__ = [
    "CAPS",
    "Caps",
    "digest",
    "expect_apart",
    "expect_writable",
    "init",
    "read_plan",
    "read_scenario",
    "whole_file",
    "write_list",
    "write_plan",
    "write_scenario",
]
