"""One fact of every type, and events that say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landport.model import facts as f
from landport.model import troubles
from landport.model.bookings import CargoItem
from landport.model.events import Event
from landport.track import payload_of
from tests.track.gate_facts import GATE

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HUB, BORDER, TASHKENT = "CN-URUMQI", "KZ-ALTYNKOL", "UZ-TASHKENT"


def at(hours: float) -> datetime:
    """Answer the instant so many hours after Monday 00:00 UTC."""
    return MONDAY + timedelta(hours=hours)


def event(stream: str, fact, *, hours: float = 0, about=(), position: int = 1, type_version: int = 1) -> Event:
    """Make an event of a fact; it was recorded a minute after it happened."""
    return Event(
        position=position,
        event_id=f"E{position:06d}",
        tenant_id="T1",
        stream=stream,
        version=position,
        type=type(fact).__name__,
        type_version=type_version,
        happened_at=at(hours),
        recorded_at=at(hours) + timedelta(minutes=1),
        actor="A1",
        cause="",
        about=tuple(about),
        payload=payload_of(fact),
    )


ITEM = CargoItem(
    item_id="I1",
    booking_id="B1",
    goods_id="G1",
    length_mm=1200,
    width_mm=800,
    height_mm=1000,
    mass_g=400_000,
    weighed_g=None,
    count=3,
    vertical="h",
    max_layers=2,
    max_on_top_g=800_000,
)

GOODS = f.BookedGoods(
    kind="FCL",
    shipper_id="P1",
    consignee_id="P2",
    forwarder_id="P3",
    origin_id="CN-SHIHEZI",
    at_id="CN-SHIHEZI",
    destination_id=TASHKENT,
    ready_at=at(2),
    due_at=at(200),
    container_type="40HC",
    n_containers=1,
    goods_id="tomato-paste",
    hs="2002",
    gng_code="20029000",
    declared_kg=20_000,
    weighed_kg=None,
    value_usd_cents=2_500_000,
    priority=1,
    may_split=False,
    temperature_min_c=None,
    temperature_max_c=None,
    un_class="",
    un_number="",
    is_released=False,
    items=(ITEM,),
)

ROAD = f.PlannedRide(departure_id="", from_id="CN-SHIHEZI", to_id=HUB, departs_at=at(2), arrives_at=at(6))
TO_BORDER = f.PlannedRide(departure_id="D1", from_id=HUB, to_id=BORDER, departs_at=at(24), arrives_at=at(40))
TO_TASHKENT = f.PlannedRide(departure_id="D2", from_id=BORDER, to_id=TASHKENT, departs_at=at(48), arrives_at=at(80))


def planned(*rides: f.PlannedRide, **changed) -> f.ContainerPlanned:
    """Plan a container over a road and two trains, or over other rides."""
    said = {
        "plan_digest": "d1",
        "consignment_ids": ("B1",),
        "master_id": "",
        "container_type": "40HC",
        "destination_id": TASHKENT,
        "gross_kg": 23_900,
        "due_at": at(200),
        "cut_off_at": at(20),
        "rides": rides or (ROAD, TO_BORDER, TO_TASHKENT),
    }
    return f.ContainerPlanned(**said | changed)


OFFER = f.Offer(arrives_at=at(80), usd_cents=310_000, gco2e=1_200_000, legs=("CN-URUMQI-KZ-ALTYNKOL by rail",))
ORDER = troubles.OrderIssued(
    number="2026/17",
    issuer="KTZ",
    place_id=BORDER,
    towards_id="",
    from_at=at(30),
    until_at=at(60),
    hs_prefixes=("20",),
    max_teu_per_day=12,
)

ONE_OF_EACH = (
    f.ConsignmentBooked(goods=GOODS, quote_id="Q1"),
    f.ConsignmentAmended(goods=GOODS, why="more of it"),
    f.ConsignmentCancelled(why="sold elsewhere"),
    f.QuoteGiven(
        origin_id=HUB,
        destination_id=TASHKENT,
        container_type="40HC",
        n_containers=1,
        cargo_kg=20_000,
        ready_at=at(2),
        due_at=None,
        valid_until_at=at(48),
        forwarder_id="P3",
        offers=(OFFER,),
    ),
    f.WeekOpened(name="w", start_at=at(0), now_at=at(1), hub_id=HUB, plan_days=7, horizon_days=28, digest="s1"),
    f.PlanCommitted(
        digest="d1",
        scenario_digest="s1",
        name="w",
        effort="normal",
        seed=0,
        usd_cents=1,
        bound_usd_cents=1,
        n_containers=1,
        n_left=0,
        n_trains=1,
    ),
    planned(),
    f.ContainerWithdrawn(plan_digest="d2"),
    f.ContainerNumbered(number="MSKU1234565"),
    f.ContainerGatedIn(at_id=HUB, truck="新A12345", driver_id="P9"),
    f.ContainerGatedOut(at_id=HUB, truck="新A12345", driver_id="P9"),
    f.ContainerWeighed(gross_kg=24_000, method=2),
    f.WeightAccepted(gross_kg=24_000),
    f.ContainerReleased(reference="R1"),
    f.ContainerSealed(seals=("S1", "S2")),
    f.NoteIssued(number="N1", form="CIM/SMGS"),
    f.ContainerLoaded(departure_id="D1", at_id=HUB, wagon="31823456", position=2),
    f.ContainerUnloaded(departure_id="D1", at_id=BORDER),
    f.ContainerDelivered(at_id=TASHKENT, receiver_id="P2"),
    f.TrainDeparted(at_id=HUB),
    f.TrainArrived(at_id=BORDER),
    f.WagonPlaced(departure_id="D1", wagon_type="X70", seq=3),
    troubles.CutOffMissed(departure_id="D1", cut_off_at=at(20), lacked=("weighed",)),
    troubles.ContainerOverweight(gross_kg=31_000, most_kg=30_480),
    troubles.CustomsHeld(why="inspection"),
    troubles.ContainerDamaged(what="door"),
    troubles.ContainerRepaired(),
    troubles.WagonBadOrdered(departure_id="D1", why="hot box"),
    troubles.PathCancelled(why="works"),
    troubles.HandOverCancelled(at_id=BORDER, why="no locomotive"),
    ORDER,
    troubles.OrderLifted(why="over"),
    troubles.TaskOpened(exception="CustomsHeld", event_id="E000007", text="Customs keep C1."),
    troubles.RepairProposed(plan_digest="d2", usd_cents=-5, n_moved=1, n_left=0, text="C1 rides D3."),
    troubles.TaskClosed(how="repaired"),
    f.PartyErased(why="asked for"),
    *GATE,
)
