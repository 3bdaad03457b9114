"""Why, in words: what binds, what would lift it, what more of what is full is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport import report
from landport.errors import NotFound
from landport.model.plans import Bar, Price, Remedy
from landport.report.facts import join
from landport.report.why_words import binds, lifts, sentence, worth
from tests.broken.week import OTHER, TRAIN, tiny

LEG = Bar(kind="teu", departure_id=TRAIN, leg=1, limit=8, taken=8, lacks=2)
WORDS = {
    "full": ([LEG], f"leg 1 of {TRAIN} is full: 8 of 8 TEU are taken", f"2 more TEU on leg 1 of {TRAIN}"),
    "legs": (
        [replace(LEG, leg=n) for n in (1, 2, 3)],
        f"legs 1 to 3 of {TRAIN} are full: 8 of 8 TEU are taken",
        f"2 more TEU on legs 1 to 3 of {TRAIN}",
    ),
    "run": (
        [Bar(kind="run", departure_id=OTHER, limit=80, taken=10, lacks=70, usd_cents=9)],
        f"{OTHER} is cancelled: 0 TEU",
        f"{OTHER} running (10 TEU that are left could ride it, it needs 80, 70 lack)",
    ),
    "enough": (
        [Bar(kind="run", departure_id=OTHER, limit=8, taken=10)],
        f"{OTHER} is cancelled: 0 TEU",
        f"{OTHER} running (10 TEU that are left could ride it, enough for it)",
    ),
    "track": (
        [Bar(kind="tracks", at_id="URC", day_on="2022-07-20", limit=1, taken=1, lacks=1)],
        "URC on 2022-07-20 is full: 1 of 1 loading tracks are taken",
        "1 more loading track at URC on 2022-07-20",
    ),
    "wagons": (
        [Bar(kind="wagons", at_id="URC", day_on="2022-07-20", limit=30, taken=4, lacks=10)],
        "URC has 30 wagons on 2022-07-20, 4 of them in trains; more are needed",
        "10 more wagons at URC on 2022-07-20",
    ),
    "wagon": (
        [Bar(kind="wagons", at_id="URC", day_on="2022-07-20", limit=3, taken=3, lacks=1, other_id="X70")],
        "URC on 2022-07-20 is full: 3 of 3 wagons are taken",
        "1 more X70 wagon at URC on 2022-07-20",
    ),
    "quota": (
        [Bar(kind="quota", order_id="O3", day_on="2022-07-20", limit=20, taken=20, lacks=2)],
        "order 19 of KTZ on 2022-07-20 is full: 20 of 20 TEU are taken",
        "2 more TEU under order 19 of KTZ on 2022-07-20",
    ),
    "order": ([Bar(kind="order", order_id="O1")], "order 17 of KTZ bars it: no melons", "order 17 of KTZ lifted"),
    "due": ([Bar(kind="due", lacks=67)], "it would come too late", "67 hours more until it is due"),
    "dear": (
        [Bar(kind="dear", limit=1_200_000, taken=1_250_000, lacks=50_001)],
        "that way costs 12,500 USD with time and lateness; leaving it weighs 12,000 USD",
        "500 USD more put on its journey (its priority raised)",
    ),
    "swap": (
        [Bar(kind="swap", departure_id=TRAIN, leg=1, other_id="C00002", usd_cents=7)],
        f"C00002 has the place on leg 1 of {TRAIN}",
        "C00002 making room",
    ),
    "type": ([Bar(kind="container_type", other_id="40RH")], "it would go in a 40RH", "a 40RH in its stead"),
    "cargo": (
        [Bar(kind="cargo", limit=26_000, taken=26_848, lacks=848)],
        "it holds 26,848 kg; 26,000 kg may go",
        "848 kg taken out",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_binds_and_what_would_lift_it(name):
    """Each kind of bar has its words, with figures."""
    bars, bound, lifted = WORDS[name]
    facts = join(*tiny())
    assert binds(facts, bars) == [bound]
    assert lifts(facts, bars) == lifted


def later(**changes) -> Remedy:
    """C00005 would ride the train if it were due later."""
    train = next(ride for ride in tiny()[0].rides if ride.subject_id == "C00002")
    plain = Remedy(
        container_id="C00005",
        bars=(Bar(kind="due", lacks=67),),
        rides=(replace(train, subject_id="C00005"),),
        usd_cents=85_433,
        saves_usd_cents=1_114_567,
    )
    return replace(plain, **changes)


def test_a_remedy_is_a_sentence():
    """What, which way, when, for how much, against leaving it."""
    said = sentence(join(*tiny()), later())
    assert said == (
        f"with 67 hours more until it is due it would go by {TRAIN}, arrive Fri 22 Jul 09:44, for 854 USD, "
        "11,146 USD less than leaving it"
    )
    dear = sentence(join(*tiny()), later(saves_usd_cents=-5_000))
    assert dear.endswith("50 USD more than leaving it")


def test_who_makes_room_is_followed():
    """Left itself, or going another way, and how much dearer that is."""
    facts, swap = join(*tiny()), Bar(kind="swap", departure_id=TRAIN, leg=1, other_id="C00002", usd_cents=90_000)
    alone = sentence(facts, later(bars=(swap,)))
    assert alone.startswith("with C00002 making room (left itself, 900 USD dearer) it would go")
    both = later(
        bars=(swap,), rides=(*later().rides, replace(later().rides[0], subject_id="C00002", departure_id=OTHER))
    )
    assert f"(going by {OTHER}, 900 USD dearer)" in sentence(facts, both)


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (
            Price(kind="teu", departure_id=TRAIN, leg=1, unit="TEU", usd_cents=41_200),
            f"one more position (TEU) on leg 1 of {TRAIN} is worth 412 USD",
        ),
        (
            Price(kind="tracks", at_id="URC", day_on="2022-07-20", unit="train", usd_cents=100_000),
            "one more loading track at URC on 2022-07-20 is worth 1,000 USD",
        ),
        (
            Price(kind="quota", order_id="O3", day_on="2022-07-20", unit="TEU", usd_cents=100),
            "one more TEU under order 19 of KTZ on 2022-07-20 is worth 1 USD",
        ),
    ],
)
def test_prices_in_words(price, said):
    """What one more is worth, and where."""
    assert worth(join(*tiny()), price) == said


def test_a_container_that_rides_shows_its_way_and_what_is_full():
    """Both rides of C00001, its lateness, and the price of the leg it rides."""
    plan, week, world = tiny()
    price = Price(kind="teu", departure_id=TRAIN, leg=2, unit="TEU", usd_cents=41_200)
    other = Price(kind="teu", departure_id=OTHER, leg=1, unit="TEU", usd_cents=9_900)
    answer = report.why(replace(plan, prices=(price, other)), week, world, "C00001")
    (subject,) = answer["subjects"]
    assert (subject["state"], len(subject["rides"]), subject["late_minutes"]) == ("rides", 2, 982)
    assert [p["usd_cents"] for p in subject["full"]] == [41_200]
    assert answer["says"][0].startswith("C00001 (B1): rides for")
    assert answer["says"][0].endswith("16 hours late")
    assert answer["says"][-1] == f"  full: one more position (TEU) on leg 2 of {TRAIN} is worth 412 USD"


def test_a_booking_has_all_its_containers_and_loose_pieces():
    """B2 is in two containers; B4 is in one, two pieces of it in none."""
    plan, week, world = tiny()
    assert [s["subject_id"] for s in report.why(plan, week, world, "B2")["subjects"]] == ["C00002", "C00003"]
    found = report.why(plan, week, world, "B4")
    assert [s["subject_id"] for s in found["subjects"]] == ["C00004", "I2"]
    assert any(line.startswith("  nothing was found that would free it by itself") for line in found["says"])


def test_all_that_waits_is_told_with_what_would_free_most():
    """Groups, remedies by what they free, prices; nothing where nothing waits."""
    plan, week, world = tiny()
    price = Price(kind="tracks", at_id="URC", day_on="2022-07-20", unit="train", usd_cents=100_000)
    found = report.why(replace(plan, remedies=(later(),), prices=(price,)), week, world)
    assert [g["subject_ids"] for g in found["waiting"]] == [["C00005", "I2"]]
    assert [(r["what"], r["container_ids"]) for r in found["remedies"]] == [
        ("67 hours more until it is due", ["C00005"])
    ]
    assert "  67 hours more until it is due: 1 container" in found["says"]
    assert "  one more loading track at URC on 2022-07-20 is worth 1,000 USD" in found["says"]
    assert report.why(replace(plan, left=()), week, world)["says"] == ["Nothing waits."]


def test_what_the_plan_does_not_know_is_said():
    """A name that nobody has is an error with a code."""
    with pytest.raises(NotFound) as caught:
        report.why(*tiny(), "C99999")
    assert caught.value.code == "unknown-subject"
