"""Files in and out: scenarios, cargo and fleets, plain timetables and assemblies, plan files, lists, messages, notes.

Packing lists, messages, notes and what a border port writes are loaded when the first is asked for, so that commands
that need none start no slower.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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

if TYPE_CHECKING:
    from landport.exchange.border import border_toml, example_border, read_border, write_border
    from landport.exchange.check_ins import CheckIn, read_check_ins, record_check_in
    from landport.exchange.day_list import day_list_pdf, day_list_xlsx
    from landport.exchange.day_rows import DayHead, DayRow
    from landport.exchange.edifact import codeco, iftsta
    from landport.exchange.epcis import epcis_document
    from landport.exchange.gate_code import GateCode, make_code, qr_png, qr_svg, verify_code
    from landport.exchange.gate_keys import GateKeys, gate_keys_json, read_gate_keys, verify_at_gate
    from landport.exchange.note import (
        NoteContainer,
        NoteData,
        NoteDraft,
        NoteGoods,
        NoteParty,
        NotePayer,
        note_draft,
        note_json,
    )
    from landport.exchange.note_sheet import note_pdf
    from landport.exchange.packing_bookings import Listed
    from landport.exchange.packing_list import read_packing_list
    from landport.exchange.packing_template import write_packing_list_template
    from landport.exchange.reported import ContainerFacts, Envelope, Written

__all__ = [
    "CAPS",
    "Caps",
    "CheckIn",
    "ContainerFacts",
    "DayHead",
    "DayRow",
    "Envelope",
    "GateCode",
    "GateKeys",
    "Listed",
    "NoteContainer",
    "NoteData",
    "NoteDraft",
    "NoteGoods",
    "NoteParty",
    "NotePayer",
    "Written",
    "border_toml",
    "codeco",
    "day_list_pdf",
    "day_list_xlsx",
    "digest",
    "epcis_document",
    "example_border",
    "expect_apart",
    "expect_once",
    "expect_unread",
    "expect_writable",
    "gate_keys_json",
    "iftsta",
    "init",
    "is_load_plan",
    "load_document",
    "make_code",
    "named_consignments",
    "note_draft",
    "note_json",
    "note_pdf",
    "offer_of",
    "plain_plan_text",
    "plan_digest",
    "qr_png",
    "qr_svg",
    "read_border",
    "read_cargo",
    "read_check_ins",
    "read_fleet",
    "read_gate_keys",
    "read_hands",
    "read_lane_demand",
    "read_load_plan",
    "read_packing_list",
    "read_plain_plan",
    "read_plan",
    "read_scenario",
    "record_check_in",
    "type_of",
    "verify_at_gate",
    "verify_code",
    "whole_file",
    "write_border",
    "write_list",
    "write_load_plan",
    "write_packing_list_template",
    "write_plain_plan",
    "write_plan",
    "write_scenario",
]

_LATER: Final = {
    "CheckIn": "check_ins",
    "ContainerFacts": "reported",
    "DayHead": "day_rows",
    "DayRow": "day_rows",
    "Envelope": "reported",
    "GateCode": "gate_code",
    "GateKeys": "gate_keys",
    "Listed": "packing_bookings",
    "NoteContainer": "note",
    "NoteData": "note",
    "NoteDraft": "note",
    "NoteGoods": "note",
    "NoteParty": "note",
    "NotePayer": "note",
    "Written": "reported",
    "border_toml": "border",
    "codeco": "edifact",
    "day_list_pdf": "day_list",
    "day_list_xlsx": "day_list",
    "epcis_document": "epcis",
    "example_border": "border",
    "gate_keys_json": "gate_keys",
    "iftsta": "edifact",
    "make_code": "gate_code",
    "note_draft": "note",
    "note_json": "note",
    "note_pdf": "note_sheet",
    "qr_png": "gate_code",
    "qr_svg": "gate_code",
    "read_border": "border",
    "read_check_ins": "check_ins",
    "read_gate_keys": "gate_keys",
    "read_packing_list": "packing_list",
    "record_check_in": "check_ins",
    "verify_at_gate": "gate_keys",
    "verify_code": "gate_code",
    "write_border": "border",
    "write_packing_list_template": "packing_template",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for the first time."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
