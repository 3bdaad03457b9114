"""What a train's wagons can really take, as rows for the program that sends boxes to trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landport.assemble.exact_wagons import load
from landport.assemble.sets import patterns
from landport.assemble.wagons import Forming, Rider, Train, Yard, forming, lots_of
from landport.model.result import Limit

TEU_WORTH = 1_000
"""Value of a TEU while the most TEU that can be loaded are sought."""


@dataclass(frozen=True, slots=True)
class LoadCut:
    """A row that holds in every plan: the weights of the boxes that ride a train's first leg, at most so much.

    Parameters
    ----------
    weights
        By container id, of all candidates; boxes that are not here weigh nothing.
    most
        Times 1 if the train runs, else 0.
    why
        What it says, in words.
    """

    departure_id: str
    weights: Mapping[str, int]
    most: int
    why: str


def load_cuts(
    departure_id: str,
    candidates: Sequence[Rider],
    riders: Sequence[Rider],
    train: Train,
    yard: Yard,
    *,
    limit: Limit,
) -> tuple[LoadCut, ...]:
    """Find rows that the boxes which a program put on a train break, because wagons cannot carry them all.

    Parameters
    ----------
    candidates
        Every box that could ride the train from where it is formed.
    riders
        Those that the program put there: some of the candidates.
    yard
        Wagons of the night; the stock that others may use, too, counts whole, so that the rows stay valid.

    Notes
    -----
    The first row counts metres: of any set that a wagon takes, boxes weigh together no more than it is long. The others
    count TEU of all candidates, and of those of each length: the most that can be loaded of them, alone on the train,
    from the bound of the exact search, so that a search cut short leaves them weaker, not wrong.
    """
    made = forming(train, yard)
    cuts = [_metres(departure_id, candidates, train, yard, made)]
    lengths = {r.box.container_id: yard.container_types[r.box.container_type].length_ft for r in candidates}
    families = {"boxes": list(candidates)}
    for feet in sorted(set(lengths.values())):
        families[f"{feet}-ft boxes"] = [r for r in candidates if lengths[r.box.container_id] == feet]
    for name, some in families.items():
        ids = {r.box.container_id for r in some}
        if any(r.box.container_id in ids for r in riders):
            cuts.append(_most_teu(departure_id, name, some, train, yard, limit))
    return tuple(cut for cut in cuts if sum(cut.weights.get(r.box.container_id, 0) for r in riders) > cut.most)


def _metres(departure_id: str, candidates: Sequence[Rider], train: Train, yard: Yard, made: Forming) -> LoadCut:
    """Let each box weigh the least share of a wagon's length that any configuration leaves it, in mm."""
    share: dict[int, int] = {}
    for wagon in made.kinds:
        if made.stock is not None and not made.stock[wagon.wagon_type]:
            continue
        for lengths in patterns(wagon):
            feet = sum(lengths)
            for each in lengths:
                least = wagon.length_mm * each // feet
                share[each] = min(share.get(each, least), least)
    weights = {lot.ids[0]: share.get(lot.feet, 0) for lot in lots_of(candidates, train, yard)}
    most = made.limits.length_mm
    return LoadCut(departure_id, weights, most, why=f"wagons have {most:,} mm of the train")


def _most_teu(departure_id: str, name: str, some: Sequence[Rider], train: Train, yard: Yard, limit: Limit) -> LoadCut:
    """Find the most TEU of some candidates that can be loaded when nothing else rides."""
    teu = {r.box.container_id: yard.container_types[r.box.container_type].teu for r in some}
    valued = [replace(r, value=TEU_WORTH * teu[r.box.container_id]) for r in some]
    made = forming(train, yard)
    found = load(made, lots_of(valued, train, yard), replace(limit, effort=1), fee=0, step=TEU_WORTH)
    most = found.bound // TEU_WORTH
    return LoadCut(departure_id, teu, most, why=f"wagons can carry {most} TEU of its {name}")
