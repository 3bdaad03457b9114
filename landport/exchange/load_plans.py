"""Load plans as JSON: containers with their pieces in loading order, what is left and why, and the proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from landport.errors import InputError, Problem, Remark, shown
from landport.exchange.atomic import whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.fleet import MOST_MM, offer_of
from landport.exchange.plans import checked_json
from landport.exchange.text import Unreadable, check_size
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.lading import GROUP_ID, NO_LIMIT_KG, LoadPlan, Offer, figures, own_type
from landport.model.loads import LoadedBox, LoadRules, Loads
from landport.model.plans import SCHEMA, CargoBlock, Left

_ENCODER: Final = msgspec.json.Encoder()
_HEAD: Final = 4096
_MOST: Final = 10**12

Size = Annotated[int, msgspec.Meta(ge=1, le=MOST_MM)]
Number = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
Amount = Annotated[float, msgspec.Meta(ge=-_MOST, le=_MOST)]


class _Placement(msgspec.Struct):
    item: str
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int


class _Container(msgspec.Struct):
    type: str
    placements: list[_Placement]
    mass_kg: Amount = 0
    consignments: list[str] | None = None
    stowed: Number = 0
    remarks: list[Remark] = []


class _Left(msgspec.Struct):
    item: str
    count: int
    why: str
    consignment: str = ""
    state: str = ""
    code: str = ""


class _Type(msgspec.Struct):
    type: str
    length_mm: Size
    width_mm: Size
    height_mm: Size
    payload_kg: Number | None = None
    equipment: str = "dry"
    count: Number | None = None
    cost_usd: Amount | None = None


class _Document(msgspec.Struct):
    containers: list[_Container]
    left: list[_Left]
    bound: dict[str, int | float | None]
    stopped: str
    seed: int
    schema: int = SCHEMA
    version: str = ""
    effort: int = 0
    n_containers: Number | None = None
    split: bool = False
    cost: dict[str, int | float | None] = {}
    fleet: list[_Type] = []
    rules: LoadRules | None = None
    remarks: list[Remark] = []


def load_document(plan: LoadPlan, items: Mapping[str, CargoItem]) -> dict[str, Any]:
    """Lay a load plan out as its file has it.

    Parameters
    ----------
    items
        Cargo items by id, for masses and volumes.
    """
    kinds = {o.kind.container_type: o for o in plan.offers}
    boxes = zip(plan.loads.boxes, plan.n_stowed, strict=True)
    bound = {plan.unit: _amount(plan, plan.bound), **_fill_bound(plan, items)}
    return {
        "schema": SCHEMA,
        "version": plan.version,
        "containers": [_container(box, kinds[box.container_type], n, items) for box, n in boxes],
        "left": [
            {
                "item": x.item_id,
                "count": x.count,
                "why": x.why,
                "consignment": x.booking_id,
                "state": x.state,
                "code": x.code,
            }
            for x in plan.loads.left
        ],
        "cost": {plan.unit: _amount(plan, plan.cost)},
        "bound": bound,
        "stopped": plan.stopped,
        "seed": plan.seed,
        "effort": plan.effort,
        "n_containers": plan.n_boxes,
        "split": plan.may_split,
        "fleet": [_fleet(o) for o in plan.offers],
        "rules": msgspec.to_builtins(plan.rules),
        "remarks": [msgspec.to_builtins(r) for r in plan.remarks],
    }


def write_load_plan(plan: LoadPlan, items: Mapping[str, CargoItem], path: Path) -> None:
    """Write a load plan as JSON, whole or not at all.

    Raises
    ------
    InputError
        `not-writable`: the system refuses to write there.

    Notes
    -----
    One placement, one left entry a line; equal plans give equal bytes.
    """
    with whole_file(path) as part, part.open("wb") as file:
        for line in _lines(load_document(plan, items)):
            file.write(line)


def is_load_plan(path: Path, *, caps: Caps = CAPS) -> bool:
    """Tell a load plan from the plan of a week by what is in it; a file that is neither is none."""
    try:
        check_size(path, caps)  # which opens no pipe
        with path.open("rb") as file:
            if b'"scenario_digest"' in file.read(_HEAD):  # where the plan of a week has it; those can be large
                return False
        raw = checked_json(path, caps)
    except (InputError, OSError, Unreadable):
        return False
    return isinstance(raw, dict) and "scenario_digest" not in raw and {"containers", "bound"} <= raw.keys()


def read_load_plan(path: Path, types: Mapping[str, ContainerType], *, caps: Caps = CAPS) -> LoadPlan:
    """Read a load plan.

    Parameters
    ----------
    types
        Container types that ship, for plans that state no fleet.

    Returns
    -------
    LoadPlan
        A container that does not name its consignments has none.

    Raises
    ------
    InputError
        `input`: no such file, no JSON, a value of the wrong type (its JSON path stands as the column).
        `newer-schema`: written by a newer landport.
    """
    raw = checked_json(path, caps)
    try:
        document = msgspec.convert(raw, type=_Document)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `")
        expected = said[:1].lower() + said[1:].replace("`", "")
        raise InputError.of([Problem(file=str(path), column=where.rstrip("`") or "$", expected=expected)]) from error
    if document.schema > SCHEMA:
        text = f"{path.name} has schema {shown(document.schema)}; this landport reads up to {SCHEMA}: update landport"
        raise InputError("newer-schema", text, (path.name,))
    offers = tuple(_offer(t, types) for t in document.fleet) or _named(document, types, path)
    priced = document.n_containers is None and bool(offers) and all(o.cost_usd_cents is not None for o in offers)
    unit = "left_mm3" if document.n_containers is not None else "cost_usd" if priced else "containers"
    factor = 100 if unit == "cost_usd" else 1
    return LoadPlan(
        version=document.version,
        offers=offers,
        rules=document.rules or LoadRules(),
        n_boxes=document.n_containers,
        may_split=document.split,
        loads=Loads(boxes=tuple(map(_box, document.containers)), left=tuple(map(_left, document.left))),
        n_stowed=tuple(max(0, min(c.stowed, len(c.placements))) for c in document.containers),
        cost=round(factor * (document.cost.get(unit) or 0)),
        bound=round(factor * (document.bound.get(unit) or 0)),
        stopped=document.stopped,
        seed=document.seed,
        effort=document.effort,
        remarks=tuple(document.remarks),
    )


def _amount(plan: LoadPlan, value: int) -> int | float:
    return value / 100 if plan.unit == "cost_usd" else value


def _fill_bound(plan: LoadPlan, items: Mapping[str, CargoItem]) -> dict[str, float]:
    """Say what share of the containers no load can fill beyond, where all are of one type."""
    if plan.n_boxes is None or len(plan.offers) != 1:
        return {}
    offer = plan.offers[0]
    n = plan.n_boxes if offer.n_available is None else min(plan.n_boxes, offer.n_available)
    cargo_mm3 = sum(i.volume_mm3 * i.count for i in items.values())
    inside_mm3 = n * offer.kind.volume_mm3
    return {"fill_pct": round(100 * min(1.0, (cargo_mm3 - plan.bound) / inside_mm3), 2)} if inside_mm3 else {}


def _container(box: LoadedBox, offer: Offer, n_stowed: int, items: Mapping[str, CargoItem]) -> dict[str, Any]:
    found = figures(box.blocks, items)
    return {
        "type": box.container_type,
        "fill_pct": found.fill_pct(offer.kind),
        "mass_kg": box.cargo_g / 1000,
        "cog_mm": list(found.cog_mm),
        "payload_kg": _payload(offer),
        "consignments": list(box.booking_ids),
        "stowed": n_stowed,
        "remarks": [msgspec.to_builtins(r) for r in box.remarks],
        "placements": [
            {
                "item": b.item_id,
                "x_mm": b.x_mm,
                "y_mm": b.y_mm,
                "z_mm": b.z_mm,
                "dx_mm": b.dx_mm,
                "dy_mm": b.dy_mm,
                "dz_mm": b.dz_mm,
            }
            for b in box.blocks
        ],
    }


def _payload(offer: Offer) -> int | None:
    return None if offer.payload_kg >= NO_LIMIT_KG else offer.payload_kg


def _fleet(offer: Offer) -> dict[str, Any]:
    kind = offer.kind
    return {
        "type": kind.container_type,
        "length_mm": kind.inside_length_mm,
        "width_mm": kind.inside_width_mm,
        "height_mm": kind.inside_height_mm,
        "payload_kg": _payload(offer),
        "equipment": kind.equipment,
        "count": offer.n_available,
        "cost_usd": None if offer.cost_usd_cents is None else offer.cost_usd_cents / 100,
    }


def _lines(document: Mapping[str, Any]) -> Iterator[bytes]:
    comma = b"{\n"
    for key, value in document.items():
        yield comma + _ENCODER.encode(key) + b":"
        if key == "containers":
            yield from _records(map(_container_lines, value))
        elif key in ("left", "fleet", "remarks"):
            yield from _records(map(_ENCODER.encode, value))
        else:
            yield _ENCODER.encode(value)
        comma = b",\n"
    yield b"\n}\n"


def _container_lines(container: Mapping[str, Any]) -> bytes:
    head = {key: value for key, value in container.items() if key != "placements"}
    placements = b"".join(_records(map(_ENCODER.encode, container["placements"])))
    return _ENCODER.encode(head)[:-1] + b',"placements":' + placements + b"}"


def _records(records: Iterator[bytes]) -> Iterator[bytes]:
    comma = b"[\n"
    for record in records:
        yield comma + record
        comma = b",\n"
    yield b"[]" if comma == b"[\n" else b"\n]"


def _offer(said: _Type, types: Mapping[str, ContainerType]) -> Offer:
    size = (said.length_mm, said.width_mm, said.height_mm)
    kind = types.get(said.type) or replace(own_type(said.type, size), equipment=said.equipment)
    if (kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm) != size:
        kind = replace(kind, inside_length_mm=size[0], inside_width_mm=size[1], inside_height_mm=size[2])
    return Offer(
        kind=kind,
        payload_kg=NO_LIMIT_KG if said.payload_kg is None else said.payload_kg,
        n_available=said.count,
        cost_usd_cents=None if said.cost_usd is None else round(said.cost_usd * 100),
    )


def _named(document: _Document, types: Mapping[str, ContainerType], path: Path) -> tuple[Offer, ...]:
    """Find the types of a plan that states no fleet by their names."""
    found = []
    for name in dict.fromkeys(c.type for c in document.containers):
        try:
            found.append(offer_of(name, types))
        except InputError as error:
            expected = "expected a container type that ships, a size such as 12032x2352x2698, or a fleet that states it"
            raise InputError.of([Problem(file=str(path), column="type", value=name, expected=expected)]) from error
    return tuple(found)


def _box(said: _Container) -> LoadedBox:
    return LoadedBox(
        group_id=GROUP_ID,
        container_type=said.type,
        booking_ids=tuple(said.consignments or ()),
        cargo_g=round(said.mass_kg * 1000),
        blocks=tuple(_block(p) for p in said.placements),
        remarks=tuple(said.remarks),
    )


def _block(p: _Placement) -> CargoBlock:
    return CargoBlock(
        item_id=p.item, x_mm=p.x_mm, y_mm=p.y_mm, z_mm=p.z_mm, dx_mm=p.dx_mm, dy_mm=p.dy_mm, dz_mm=p.dz_mm,
        nx=1, ny=1, nz=1,
    )  # fmt: skip


def _left(said: _Left) -> Left:
    return Left(
        booking_id=said.consignment,
        container_id="",
        item_id=said.item,
        count=said.count,
        state=said.state,
        code=said.code,
        why=said.why,
    )


def named_consignments(boxes: Sequence[LoadedBox], items: Mapping[str, CargoItem]) -> tuple[LoadedBox, ...]:
    """Name the consignments in containers that do not, as plans of other programs do."""
    return tuple(
        box
        if box.booking_ids
        else replace(
            box, booking_ids=tuple(dict.fromkeys(items[b.item_id].booking_id for b in box.blocks if b.item_id in items))
        )
        for box in boxes
    )
