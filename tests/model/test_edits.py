"""What-ifs: edits of a network, applied in order, and the services assumed over opened lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import msgspec
import pytest

from landport.errors import InputError, NotFound
from landport.model import assumed
from landport.model.changes import Changes, End
from landport.model.edit_texts import edits_from
from landport.model.edits import WhatIf
from landport.model.network import Line, Network, Transfer
from landport.model.what_if import Edited, apply
from landport.reference import load
from tests import nets
from tests.model.lines import ON, RULES, change, edits, line, train

WORLD = load.world()
REAL = WORLD.network
KYRGYZ = ("KHG-TOR", "TOR-MAK", "MAK-JAL")


def edited(network: Network, *texts: str) -> Edited:
    return apply(network, edits(*texts), on=ON, rules=RULES)


def real(action: str, *texts: str, on: date = ON) -> Edited:
    return apply(REAL, edits_from(action, texts, REAL), on=on, rules=WORLD.rules)


def ids(network: Network) -> list[str]:
    return [ln.line_id for ln in network.lines]


def transfer_ids(network: Network) -> set[str]:
    return {t.transfer_id for t in network.transfers}


def codes(answer: Edited) -> dict[str, tuple[str, ...]]:
    return {r.code: r.about for r in answer.remarks}


def chain(*, planned: str = "", transfers: Iterable[Transfer] = (), **changes: dict) -> Network:
    """Make A-B-C-D in a row; lines of `planned` are not open; trains A-B and C-D run there and back."""
    lines = [line(i, **({"status": "planned"} if i in planned.split() else {})) for i in ("AB", "BC", "CD")]
    lines = [replace(ln, **changes.get(ln.line_id, {})) for ln in lines]
    trains = [train(f"T{stops}", stops) for stops in ("AB", "BA", "CD", "DC")]
    return nets.network(*trains, lines=tuple(lines), transfers=tuple(transfers))


def test_without_edits_it_is_the_network_of_the_day():
    """Nothing is assumed, nothing remarked, for any day."""
    for on in (date(2016, 1, 1), date(2022, 6, 15), ON, date(2031, 1, 1)):
        answer = apply(REAL, (), on=on, rules=WORLD.rules)
        assert answer.network == REAL.as_of(on)
        assert (answer.services, answer.remarks, answer.whole) == ((), (), REAL)


def test_holidays_stay_under_edits_and_as_of_a_day():
    """Whatever is closed or opened, a network knows its holidays."""
    closed = frozenset({("CN", ON)})
    network = replace(chain(), holidays=closed)
    assert network.as_of(ON).holidays == closed
    answer = edited(network, "close BC", "slow AB 1500")
    assert answer.network.holidays == answer.whole.holidays == closed
    assert REAL.holidays


def test_a_closed_line_vanishes_and_what_runs_over_it_does_not_run():
    """Trains elsewhere run on; who does not is remarked."""
    answer = edited(chain(), "close CD")
    assert ids(answer.network) == ["AB", "BC"]
    assert set(answer.network.services) == {"TAB", "TBA"}
    assert codes(answer) == {"line-closed": ("TCD", "TDC")}
    assert answer.network.edits == tuple(edits("close CD"))


def test_a_line_closed_and_opened_again_is_as_before():
    """The later edit counts; its services run, so that none is assumed."""
    answer = edited(chain(), "close CD", "open CD")
    assert answer.network.lines == chain().lines
    assert answer.network.services == chain().services
    assert (answer.services, answer.remarks) == ((), ())
    assert set(edited(chain(), "open CD", "close CD").network.services) == {"TAB", "TBA"}


def test_a_closed_place_takes_lines_transfers_and_whoever_stops_or_passes():
    """D-to-B trains pass C without a stop; the line beyond is left alone."""
    through = train("THROUGH", "BD")
    through = replace(through, legs=(replace(through.legs[0], line_ids=("BC", "CD")),))
    network = chain(transfers=(nets.handover("B"), nets.handover("C")))
    network = replace(network, services={**network.services, "THROUGH": through})
    answer = edited(network, "close C")
    assert ids(answer.network) == ["AB"]
    assert transfer_ids(answer.network) == {"B-rail-rail"}
    assert set(answer.network.services) == {"TAB", "TBA"}
    assert codes(answer) == {"place-closed": ("TCD", "TDC", "THROUGH")}
    assert ids(edited(network, "close C", "open CD").network) == ["AB"]  # a closed place stays closed
    stop = replace(network, services={"S": nets.service("S", "AC")})  # without lines it still stops there
    assert edited(stop, "close C").network.services == {}


def test_a_gauge_is_taken_by_legs_all_of_whose_lines_have_it():
    """A train that would meet a break of gauge does not run: transfers are not invented."""
    network = chain()
    long = train("LONG", "BCD")
    network = replace(network, services={**network.services, "LONG": long})
    answer = edited(network, "gauge CD 1520")
    assert {ln.line_id: ln.gauge_mm for ln in answer.network.lines} == {"AB": 1435, "BC": 1435, "CD": 1520}
    assert [answer.network.services[s].legs[0].gauge_mm for s in ("TAB", "TCD", "TDC")] == [1435, 1520, 1520]
    assert codes(answer) == {"gauge-differs": ("LONG",)}
    both = edited(network, "gauge CD 1520", "gauge BC 1520")
    assert [leg.gauge_mm for leg in both.network.services["LONG"].legs] == [1520, 1520]
    assert both.remarks == ()
    assert edited(network, "gauge CD 1520", "gauge CD 1435").network.services == network.services


def test_a_leg_over_lines_of_two_gauges_does_not_run():
    """It runs again when its other line gets the gauge."""
    through = replace(nets.service("T", "BD"), legs=(nets.leg(1, "B", "D", line_ids=("BC", "CD")),))
    network = nets.network(through, lines=(line("BC"), line("CD")))
    assert codes(edited(network, "gauge CD 1520")) == {"gauge-differs": ("T",)}
    assert edited(network, "gauge CD 1520", "gauge BC 1520").network.services["T"].legs[0].gauge_mm == 1520


def test_a_train_that_changes_gauge_may_go_on_doing_so_but_not_the_other_way():
    """The break of gauge at C is worked from 1435 to 1520; without a break it runs as well."""
    through = train("T", "BCD", **{"2": {"gauge_mm": 1520}})
    network = nets.network(through, lines=(line("AB"), line("BC"), line("CD", gauge_mm=1520)))
    assert edited(network, "gauge BC 1435").network.services == {"T": through}
    assert [g.gauge_mm for g in edited(network, "gauge CD 1435").network.services["T"].legs] == [1435, 1435]
    assert codes(edited(network, "gauge CD 1435", "gauge BC 1520")) == {"gauge-differs": ("T",)}


def test_a_slow_line_takes_longer_and_so_do_legs_over_it():
    """By the minutes that the line takes more, whatever else the leg runs over; twice multiplies."""
    through = replace(
        nets.service("T", "AC"), legs=(nets.leg(1, "A", "C", line_ids=("AB", "BC"), running_minutes=130),)
    )
    network = nets.network(through, nets.service("S", "CD"), lines=(line("AB"), line("BC", running_minutes=70)))
    answer = edited(network, "slow BC 1500")
    assert [ln.running_minutes for ln in answer.network.lines] == [60, 105]
    assert answer.network.services["T"].legs[0].running_minutes == 165
    assert answer.network.services["S"] == network.services["S"]
    twice = edited(network, "slow BC 1500", "slow BC 500")
    assert [ln.running_minutes for ln in twice.network.lines] == [60, 53]
    assert twice.network.services["T"].legs[0].running_minutes == 113
    shuttle = replace(through, legs=(replace(through.legs[0], line_ids=("AB", "BC", "BC")),))
    back = edited(replace(network, services={"T": shuttle}), "slow BC 1500")
    assert back.network.services["T"].legs[0].running_minutes == 130 + 2 * 35


def test_a_slow_place_takes_longer_to_change_and_to_stop():
    """Minutes of its transfers, planned ones too, and dwell of legs that start there; no running time."""
    network = replace(
        nets.network(
            train("T", "ABC"), lines=(line("AB"), line("BC")), transfers=(nets.handover("A"), nets.handover("B"))
        ),
        planned_transfers=(nets.handover("B", minutes=11),),
    )
    answer = edited(network, "slow B 1500").network
    assert [t.minutes for t in answer.transfers] == [120, 180]
    assert [t.minutes for t in answer.planned_transfers] == [17]
    assert [(g.dwell_minutes, g.running_minutes) for g in answer.services["T"].legs] == [(0, 60), (45, 60)]
    assert answer.lines == network.lines


def test_capacity_caps_legs_over_a_line_and_transfers_of_a_place():
    """Never more room than there was; a leg without a known limit gets one."""
    network = chain(transfers=(nets.handover("B"), nets.handover("C")))
    free = train("FREE", "CD", **{"1": {"capacity_teu": 0}})
    network = replace(network, services={**network.services, "FREE": free})
    capped = edited(network, "capacity CD 60", "capacity CD 80", "capacity AB 500").network
    assert {s: v.legs[0].capacity_teu for s, v in capped.services.items()} == {
        "TAB": 100,
        "TBA": 100,
        "TCD": 60,
        "TDC": 60,
        "FREE": 60,
    }
    place = edited(network, "capacity B 40").network
    assert {t.place_id: t.teu_per_day for t in place.transfers} == {"B": 40, "C": None}
    assert place.services == network.services


def test_an_opened_line_gets_a_train_that_leads_on():
    """From B, where trains can be changed, to C, where they can, too: one a day each way."""
    network = chain(planned="BC", transfers=(nets.handover("B"), nets.handover("C")))
    assert ids(network.as_of(ON)) == ["AB", "CD"]
    answer = edited(network, "open BC")
    assert ids(answer.network) == ["AB", "BC", "CD"]
    assert [s.service_id for s in answer.services] == ["NEW-B-C", "NEW-C-B"]
    assert codes(answer) == {"services-assumed": ("NEW-B-C", "NEW-C-B")}
    there, back = answer.services
    assert there == answer.network.services["NEW-B-C"]
    assert (there.group, there.operation, there.weekdays, there.cut_off_minutes) == (
        "onward",
        "bought",
        (1, 2, 3, 4, 5, 6, 7),
        360,
    )
    (leg,) = there.legs
    assert (leg.line_ids, leg.length_km, leg.running_minutes, leg.dwell_minutes) == (("BC",), 100, 60, 0)
    assert (leg.capacity_teu, leg.usd_cents_per_teu, leg.train_class, leg.co2_rate) == (100, 2750, "T", "co2")
    assert (leg.max_length_mm, leg.max_gross_kg, leg.max_cargo_kg) == (850_000, 2_500_000, 1_300_000)
    assert [(g.from_id, g.to_id) for g in back.legs] == [("C", "B")]


def test_an_assumed_train_goes_on_to_where_trains_can_be_changed():
    """Nobody changes at B or C, so it runs from A to D and stops where others do."""
    network = chain(planned="BC", transfers=(nets.handover("A"), nets.handover("D")))
    there, back = edited(network, "open BC").services
    assert [(g.from_id, g.to_id, g.dwell_minutes) for g in there.legs] == [
        ("A", "B", 0),
        ("B", "C", 180),
        ("C", "D", 180),
    ]
    assert [(g.from_id, g.to_id) for g in back.legs] == [("D", "C"), ("C", "B"), ("B", "A")]
    alone = edited(replace(network, services={}), "open BC").services  # nobody to change to: it ends with the line
    assert [s.service_id for s in alone] == ["NEW-B-C", "NEW-C-B"]
    assert {g.train_class for s in alone for g in s.legs} == {""}


def test_an_assumed_train_passes_places_where_nothing_is():
    """Opened lines that touch are one path; at P and Q nobody stops and nothing is transferred."""
    lines = (line("AP", status="planned"), line("PQ", status="planned"), line("BQ", status="planned"))
    network = nets.network(nets.service("S", "AC"), nets.service("R", "BC"), lines=lines)
    (there, back) = edited(network, "open AP", "open PQ", "open BQ").services
    assert [(g.from_id, g.to_id, g.line_ids, g.length_km) for g in there.legs] == [("A", "B", ("AP", "PQ", "BQ"), 300)]
    assert back.legs[0].line_ids == ("BQ", "PQ", "AP")


def test_a_branch_gets_a_train_of_its_own():
    """Three lines at H: the two longest are one path, the third is another; parallel lines are told apart."""
    lines = (line("AH", running_minutes=90), line("BH"), line("CH", running_minutes=30))
    lines += (replace(lines[2], line_id="CH2", running_minutes=40),)
    network = nets.network(lines=tuple(replace(ln, status="planned") for ln in lines))
    answer = edited(network, "open AH", "open BH", "open CH", "open CH2")
    assert [s.service_id for s in answer.services] == [
        *("NEW-A-B", "NEW-B-A", "NEW-C-H", "NEW-H-C"),
        *("NEW-C-H-2", "NEW-H-C-2"),
    ]
    assert {i for s in answer.services for g in s.legs for i in g.line_ids} == {"AH", "BH", "CH", "CH2"}


def test_two_gauges_that_open_meet_where_the_planned_transfer_is():
    """The row is worked once lines of both gauges are open there, and each train leads to the other."""
    planned = (change("C", 1435, 1520, "B", "inbound"), change("C", 1520, 1435, "D", "inbound"))
    network = replace(
        chain(planned="BC CD", transfers=(nets.handover("B"), change("D", 1520, 1520)), CD={"gauge_mm": 1520}),
        planned_transfers=planned,
    )
    network = replace(
        network, services={"TAB": train("TAB", "AB"), "TDE": train("TDE", "DE", **{"1": {"gauge_mm": 1520}})}
    )
    network = replace(
        network,
        lines=(*network.lines, line("DE", gauge_mm=1520)),
        places=nets.network(*network.services.values(), lines=network.lines).places,
    )
    one = edited(network, "open BC")
    assert (len(one.network.transfers), len(one.network.planned_transfers)) == (2, 2)
    both = edited(network, "open BC", "open CD")
    assert set(both.network.transfers) == {*network.transfers, *planned}
    assert both.network.planned_transfers == ()
    assert {s.service_id for s in both.services} == {"NEW-B-C", "NEW-C-B", "NEW-C-D", "NEW-D-C"}
    assert edited(network, "open BC", "open CD", "close C").network.planned_transfers == ()


def test_border_work_is_in_the_dwell_of_an_assumed_train():
    """The row of the place it goes to, or comes from; times of a slow place count, and a cap of a line."""
    border = (change("B", 1435, 1435, "C", "outbound"), change("B", 1435, 1435, "C", "inbound"))
    border = (border[0], replace(border[1], minutes=200))
    network = chain(planned="BC", transfers=(nets.handover("A"), nets.handover("C"), *border))
    there, back = edited(network, "open BC").services
    assert [(g.to_id, g.dwell_minutes) for g in there.legs] == [("B", 0), ("C", 120)]
    assert [(g.to_id, g.dwell_minutes) for g in back.legs] == [("B", 0), ("A", 200)]
    slow, _ = edited(network, "open BC", "slow B 1500", "slow BC 2000", "capacity BC 30").services
    assert [(g.dwell_minutes, g.running_minutes, g.capacity_teu) for g in slow.legs] == [(0, 60, 100), (180, 120, 30)]


def test_a_stop_without_work_is_slow_at_a_slow_place():
    """Three hours, half as long again."""
    network = chain(planned="BC", transfers=(nets.handover("A"), nets.handover("C")))
    there, _ = edited(network, "slow B 1500", "open BC").services
    assert [g.dwell_minutes for g in there.legs] == [0, 270]


def test_only_trains_are_assumed():
    """A ferry or a road across a border is remarked; a road within a country is for trucks on demand."""
    lines = (line("AB", mode="ferry", gauge_mm=0), line("CD", mode="road", gauge_mm=0))
    network = nets.network(lines=tuple(replace(ln, status="planned") for ln in lines))
    answer = edited(network, "open AB", "open CD")
    assert answer.services == ()
    assert codes(answer) == {"no-service-assumed": ("AB",)}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["burn AB"], "no such action: use one of open, close"),
        (["open A"], "expected a line, not a place"),
        (["gauge A 1520"], "expected a line, not a place"),
        (["gauge AB 1000"], "1435, 1520, 1668"),
        (["slow AB"], "0.001 to 1000"),
        (["slow AB -5"], "0.001 to 1000"),
        (["capacity AB 0"], "close it"),
        (["gauge XY 1520"], "has no gauge"),
        (["open Q", "slow AB", "capacity B"], "slow AB: .*\ncapacity B: "),
    ],
)
def test_edits_that_cannot_be_are_all_told(texts, said):
    """A wrong value is an error of input, told with its subject."""
    network = chain()
    road = replace(network.lines[0], line_id="XY", mode="road", gauge_mm=0)
    with pytest.raises(InputError, match=said) as caught:
        edited(replace(network, lines=(*network.lines, road)), *texts)
    assert caught.value.code == "wrong-edit"


def test_unknown_subjects_are_all_told_with_what_is_like_them():
    """Lines by their ids, places by their names as well."""
    with pytest.raises(NotFound) as caught:
        apply(REAL, edits("open R-HTN-RUO-1453", "close Khorgoss"), on=ON, rules=WORLD.rules)
    assert caught.value.code == "unknown-line"
    assert caught.value.about == ("R-HTN-RUO-1453", "Khorgoss")
    first, second = caught.value.message.splitlines()
    assert "did you mean R-HTN-RUO-1435" in first
    assert "Khorgos (HRG)" in second


def test_without_khorgos_no_service_goes_through_it():
    """37 do not run in July 2022; trucks and trains by other borders do."""
    answer = real("close", "Khorgos (CN)")
    assert "HRG" in {p for s in REAL.as_of(ON).services.values() for g in s.legs for p in (g.from_id, g.to_id)}
    lines = {ln.line_id: ln for ln in REAL.lines}
    for service in answer.network.services.values():
        for leg in service.legs:
            assert "HRG" not in (leg.from_id, leg.to_id)
            assert all("HRG" not in (lines[i].from_id, lines[i].to_id) for i in leg.line_ids)
    assert not [t for t in answer.network.transfers if t.place_id == "HRG"]
    stopped = set(REAL.as_of(ON).services) - set(answer.network.services)
    assert set(codes(answer)["place-closed"]) == stopped
    assert len(stopped) == 37
    assert any(s.startswith("U-") for s in answer.network.services)


def test_the_line_to_kyrgyzstan_leads_on_from_kashgar_to_andijan():
    """Both gauges get a train, and the planned gauge change at Makmal is worked; nothing else changes."""
    answer = real("open", *KYRGYZ)
    assert {s.service_id for s in answer.services} == {"NEW-KHG-MAK", "NEW-MAK-KHG", "NEW-MAK-AND", "NEW-AND-MAK"}
    worked = transfer_ids(answer.network) - transfer_ids(REAL)
    assert {t.split("-")[0] for t in worked} == {"MAK", "TOR"}
    assert {t.place_id for t in answer.network.planned_transfers} == {"BKT", "BKH"}
    changes = Changes(answer.network.transfers)
    there = {s.service_id: s.legs for s in answer.services}
    assert [(g.from_id, g.to_id) for g in there["NEW-KHG-MAK"]] == [("KHG", "TOR"), ("TOR", "MAK")]
    assert [g.train_class for g in there["NEW-KHG-MAK"]] == ["CN-EXPRESS"] * 2
    assert [g.train_class for g in there["NEW-MAK-AND"]] == ["UZ-1520"] * 2
    last, first = there["NEW-KHG-MAK"][-1], there["NEW-MAK-AND"][0]
    arrive, leave = End("rail", last.gauge_mm, last.from_id), End("rail", first.gauge_mm, first.to_id)
    assert changes.find("MAK", arrive, leave).minutes == 18 * 60
    last, first = there["NEW-AND-MAK"][-1], there["NEW-MAK-KHG"][0]
    arrive, leave = End("rail", last.gauge_mm, last.from_id), End("rail", first.gauge_mm, first.to_id)
    assert changes.find("MAK", arrive, leave) is not None
    for place_id, gauge_mm in (("KHG", 1435), ("AND", 1520)):
        assert changes.find(place_id, End("rail", gauge_mm, ""), End("rail", gauge_mm, "")) is not None
    kept = {s: v for s, v in answer.network.services.items() if not s.startswith("NEW-")}
    assert kept == REAL.as_of(ON).services


@pytest.mark.parametrize(
    ("texts", "more"),
    [
        (KYRGYZ, ()),
        (("BKT-BKH", "BKH-AYA", "TAC-BKT"), ()),
        (KYRGYZ[:1], ()),
        (KYRGYZ[2:], ()),
        ((*KYRGYZ, "BKT-BKH", "BKH-AYA"), edits("slow R-MAK-JAL-1520 1700", "capacity R-TOR-MAK-1435 40")),
        (KYRGYZ, edits("gauge R-MAK-JAL-1520 1435")),
        (KYRGYZ, edits("close AND")),
    ],
)
def test_assumed_services_can_be_counted_again(texts, more):
    """By one who sees the edited lines only: chains of open lines, their sums, the price, the gauge, the cap."""
    opening = edits_from("open", texts, REAL)
    answer = apply(REAL, (*opening, *more), on=ON, rules=WORLD.rules)
    lines = {ln.line_id: ln for ln in answer.network.lines}
    assert answer.services
    assert {i for s in answer.services for g in s.legs for i in g.line_ids} >= {
        e.subject_id for e in opening if e.subject_id.startswith("R-")
    }
    for service in answer.services:
        assert service.service_id.startswith(f"NEW-{service.legs[0].from_id}-{service.legs[-1].to_id}")
        here = service.legs[0].from_id
        for seq, leg in enumerate(service.legs, 1):
            assert (leg.seq, leg.from_id) == (seq, here)
            for line_id in leg.line_ids:
                ends = {lines[line_id].from_id, lines[line_id].to_id}
                assert here in ends
                (here,) = ends - {here}
            assert leg.to_id == here
            _count_again(leg, [lines[i] for i in leg.line_ids])


def _count_again(leg, over: list[Line]) -> None:
    assert leg.length_km == sum(ln.length_km for ln in over)
    assert leg.running_minutes == sum(ln.running_minutes for ln in over)
    assert {(ln.mode, ln.gauge_mm) for ln in over} == {("rail", leg.gauge_mm)}
    countries = {REAL.places[p].country for p in (leg.from_id, leg.to_id)}
    per_km = 0.61 if leg.gauge_mm == 1520 else 0.55 if "CN" in countries else 0.9
    assert abs(leg.usd_cents_per_teu - 100 * leg.length_km * per_km / 2) <= 0.5 + 1e-9
    assert leg.capacity_teu == (40 if "R-TOR-MAK-1435" in leg.line_ids and leg.capacity_teu != 100 else 100)
    rate = WORLD.rules.rate(leg.co2_rate)
    assert rate.basis == ("gross" if leg.gauge_mm == 1520 else "net")
    assert leg.train_class


def test_an_assumed_train_is_priced_by_gauge_and_country():
    """Names of the three rates, each of the shipped rules."""
    names = [assumed.rail_rate(1520, {"KZ"}), assumed.rail_rate(1435, {"CN", "KG"}), assumed.rail_rate(1435, {"PL"})]
    assert names == ["rail_1520_usd_per_feu_km", "rail_cn_usd_per_feu_km", "rail_eu_usd_per_feu_km"]
    assert [WORLD.rules.milli(name) for name in names] == [610, 550, 900]
    assert WORLD.rules.milli("hub_cutoff_h") * 60 // 1000 == 360


def test_what_ifs_travel_as_json():
    """Edits and assumed services come back as they were."""
    answer = real("open", *KYRGYZ)
    said = answer.what_if("Kyrgyzstan")
    assert said.edits == answer.network.edits == edits_from("open", KYRGYZ, REAL)
    assert said.services == answer.services
    assert msgspec.json.decode(msgspec.json.encode(said), type=WhatIf) == said
    assert edited(chain()).what_if("") == WhatIf()
