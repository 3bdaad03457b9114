"""Plans read back: indicators, one page, a terminal's worth of proof, lists; loads in steps; choices of a way."""

from __future__ import annotations

from landport.report.difference_words import DifferenceRow, difference_rows, show_differences
from landport.report.differences import compare
from landport.report.figures import Indicators
from landport.report.indicators import as_json, indicators
from landport.report.known import expect_known
from landport.report.lane_rows import LaneRow, lane_rows
from landport.report.load_page import load_page
from landport.report.load_table import show_load
from landport.report.masters import HouseRow, masters
from landport.report.matrix_rows import ChangeRow, ChoiceRow, LegRow, change_rows, choice_rows, leg_rows
from landport.report.page import page
from landport.report.plain_table import show_plain
from landport.report.route_document import choices_document
from landport.report.route_page import route_page
from landport.report.route_table import show_choices
from landport.report.rows import ListRow, rows
from landport.report.steps import loading_order, unload_rank
from landport.report.terminal import show
from landport.report.why import why

__all__ = [
    "ChangeRow",
    "ChoiceRow",
    "DifferenceRow",
    "HouseRow",
    "Indicators",
    "LaneRow",
    "LegRow",
    "ListRow",
    "as_json",
    "change_rows",
    "choice_rows",
    "choices_document",
    "compare",
    "difference_rows",
    "expect_known",
    "indicators",
    "lane_rows",
    "leg_rows",
    "load_page",
    "loading_order",
    "masters",
    "page",
    "route_page",
    "rows",
    "show",
    "show_choices",
    "show_differences",
    "show_load",
    "show_plain",
    "unload_rank",
    "why",
]
