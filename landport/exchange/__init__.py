"""Files in and out: scenarios, cargo and fleets, plain timetables and assemblies, plan files, lists."""

from landport.exchange.apart import expect_apart, expect_unread
from landport.exchange.atomic import expect_writable, whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.cargo import read_cargo
from landport.exchange.example import init
from landport.exchange.fleet import expect_once, offer_of, read_fleet, type_of
from landport.exchange.hands import read_hands
from landport.exchange.lane_demand import read_lane_demand
from landport.exchange.load_plans import (
    is_load_plan,
    load_document,
    named_consignments,
    read_load_plan,
    write_load_plan,
)
from landport.exchange.plain_plans import plain_plan_text, read_plain_plan, write_plain_plan
from landport.exchange.plans import plan_digest, read_plan, write_plan
from landport.exchange.scenarios import digest, read_scenario, write_scenario
from landport.exchange.text import write_list

__all__ = [
    "CAPS",
    "Caps",
    "digest",
    "expect_apart",
    "expect_once",
    "expect_unread",
    "expect_writable",
    "init",
    "is_load_plan",
    "load_document",
    "named_consignments",
    "offer_of",
    "plain_plan_text",
    "plan_digest",
    "read_cargo",
    "read_fleet",
    "read_hands",
    "read_lane_demand",
    "read_load_plan",
    "read_plain_plan",
    "read_plan",
    "read_scenario",
    "type_of",
    "whole_file",
    "write_list",
    "write_load_plan",
    "write_plain_plan",
    "write_plan",
    "write_scenario",
]
