"""Rules of consists: every box of a train assembled at the hub on a wagon that may carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landport.audit.case import Case, breaks
from landport.audit.times import Run, railway_day
from landport.audit.violation import Finding, Rule
from landport.model.equipment import ContainerType, WagonType
from landport.model.plans import PlannedContainer, WagonLoad
from landport.model.rules import TrainRule


@dataclass(frozen=True, slots=True)
class Loaded:
    """A wagon of an assembled train, with its type and the known boxes on it.

    Parameters
    ----------
    legs
        How many legs of the train it runs: until the last of its boxes leaves it, at most up to the first change of
        gauge.
    """

    load: WagonLoad
    run: Run
    type: WagonType
    boxes: tuple[tuple[PlannedContainer, ContainerType], ...]
    legs: int

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"wagon {self.load.seq} of {self.load.departure_id} ({self.load.wagon_type})"

    @property
    def cargo_kg(self) -> int:
        """Sum of the gross masses of its boxes."""
        return sum(box.gross_kg for box, _ in self.boxes)

    @property
    def twenties(self) -> tuple[PlannedContainer, ...]:
        """Its 20-ft boxes, by position."""
        return tuple(box for box, kind in self.boxes if kind.length_ft == 20)


def assembled(case: Case) -> dict[str, Run]:
    """Trains that run and are formed at the hub: these have consists."""
    found = {}
    for departure_id, run in case.running.items():
        first = run.service.legs[0]
        is_formed = first.from_id == case.scenario.hub_id and first.gauge_mm == 1435
        if run.service.group == "assembly" and is_formed:
            found[departure_id] = run
    return found


def loaded(case: Case) -> Iterator[Loaded]:
    """List the wagons of known types, with known boxes, of trains that have consists."""
    trains = assembled(case)
    for load in case.plan.wagons:
        run, kind = trains.get(load.departure_id), case.world.wagon_types.get(load.wagon_type)
        if run is None or kind is None:
            continue
        boxes = [case.containers[c] for c in load.container_ids if c in case.containers]
        known = tuple((b, case.types[b.container_type]) for b in boxes if b.container_type in case.types)
        if len(known) == len(load.container_ids):
            legs = max((stop_of(case, run, b.container_id) for b, _ in known), default=1)
            yield Loaded(load, run, kind, known, legs)


def stop_of(case: Case, run: Run, container_id: str) -> int:
    """Legs that a box rides from the first stop, at most up to the first change of gauge; 1 if it does not."""
    most = consist_legs(run)
    for ride in case.rides_of.get(container_id, ()):
        if ride.departure_id == run.departure_id and ride.first_leg == 1:
            return max(1, min(most, ride.last_leg))
    return 1


def consist_legs(run: Run) -> int:
    """Legs up to the first change of gauge: as far as wagons go."""
    count = 0
    for leg in run.service.legs:
        if leg.gauge_mm != run.service.legs[0].gauge_mm:
            break
        count += 1
    return count


def rules_of(case: Case, rule: str, wagon: Loaded) -> list[TrainRule]:
    """Dated rules of a kind on the legs that a wagon runs, each once."""
    found: dict[str, TrainRule] = {}
    for leg in range(wagon.legs):
        for row in case.limits(rule, wagon.run, leg):
            found.setdefault(row.rule_id, row)
    return list(found.values())


def _train(case: Case) -> Iterator[Finding]:
    trains = assembled(case)
    for departure_id in dict.fromkeys(w.departure_id for w in case.plan.wagons):
        if departure_id not in trains:
            yield f"{departure_id} has wagons, but is no train that runs assembled at the hub", (departure_id,)


def _seq(case: Case) -> Iterator[Finding]:
    found: dict[str, list[int]] = {}
    for load in case.plan.wagons:
        found.setdefault(load.departure_id, []).append(load.seq)
    for departure_id, seqs in found.items():
        if sorted(seqs) != list(range(1, len(seqs) + 1)):
            text = f"the wagons of {departure_id} are numbered {sorted(seqs)}, expected 1 to {len(seqs)}"
            yield text, (departure_id,)


def _cover(case: Case) -> Iterator[Finding]:
    for departure_id in assembled(case):
        loaded: dict[str, int] = {}
        for load in case.plan.wagons:
            for container_id in load.container_ids if load.departure_id == departure_id else ():
                loaded[container_id] = loaded.get(container_id, 0) + 1
        aboard = {b.container_id for b in case.on_board.get((departure_id, 0), ())}
        for container_id in sorted(aboard | set(loaded)):
            count = loaded.get(container_id, 0)
            if count != (container_id in aboard):
                rides = "rides" if container_id in aboard else "does not ride"
                text = f"{container_id} {rides} the first leg of {departure_id}, but stands on {count} wagon positions"
                yield text, (container_id, departure_id)


def _type(case: Case) -> Iterator[Finding]:
    trains = assembled(case)
    for load in case.plan.wagons:
        kind, run = case.world.wagon_types.get(load.wagon_type), trains.get(load.departure_id)
        if kind is None:
            text = f"wagon {load.seq} of {load.departure_id} is a {load.wagon_type!r}, which is no wagon type"
            yield text, (load.departure_id,)
        elif run is not None and kind.gauge_mm != run.service.legs[0].gauge_mm:
            gauges = f"runs on {kind.gauge_mm} mm; the train on {run.service.legs[0].gauge_mm} mm"
            yield f"wagon {load.seq} of {load.departure_id} ({load.wagon_type}) {gauges}", (load.departure_id,)


def _configuration(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        lengths = tuple(kind.length_ft for _, kind in wagon.boxes)
        if not lengths or not any(c[: len(lengths)] == lengths for c in wagon.type.configurations):
            listed = " or ".join("+".join(map(str, c)) for c in wagon.type.configurations)
            has = "+".join(map(str, lengths)) or "nothing"
            yield f"{wagon.name} carries {has} ft; it takes {listed}", about(wagon)


def _payload(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        if wagon.cargo_kg > wagon.type.payload_kg:
            yield f"{wagon.name} carries {wagon.cargo_kg:,} kg; it takes {wagon.type.payload_kg:,} kg", about(wagon)


def _position(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        limits = dict(wagon.type.position_limit_kg)
        for box, kind in wagon.boxes:
            most = limits.get(kind.length_ft, limits.get(0, wagon.type.payload_kg))
            if box.gross_kg > most:
                text = f"{wagon.name} carries {box.container_id} of {box.gross_kg:,} kg"
                yield f"{text}; a {kind.length_ft}-ft position takes {most:,} kg", about(wagon)


def _gross_rule(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        gross = wagon.type.tare_kg + wagon.cargo_kg
        for rule in rules_of(case, "max_wagon_gross_t", wagon):
            if breaks(rule, gross):
                text = f"{wagon.name} weighs {gross:,} kg; rule {rule.rule_id} allows {rule.milli:,} kg"
                yield text, (*about(wagon), rule.rule_id)


def _axle(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        gross, axles = wagon.type.tare_kg + wagon.cargo_kg, wagon.type.axles
        share = f"{wagon.name} weighs {gross:,} kg on {axles} axles"
        if gross > wagon.type.axle_load_kg * axles:
            yield f"{share}; each takes {wagon.type.axle_load_kg:,} kg", about(wagon)
        for rule in rules_of(case, "max_axle_load_t", wagon):
            if gross > (rule.milli - (rule.operator == "<")) * axles:
                text = f"{share}; rule {rule.rule_id} allows {rule.milli:,} kg each"
                yield text, (*about(wagon), rule.rule_id)


def _pair(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        for rule in rules_of(case, "pair_required_20ft", wagon):
            if len(wagon.twenties) % 2 and rule.milli > 0:
                text = f"{wagon.name} carries {len(wagon.twenties)} 20-ft boxes; rule {rule.rule_id} wants pairs"
                yield text, (*about(wagon), rule.rule_id)


def _pair_difference(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        twenties = wagon.twenties
        for rule in rules_of(case, "max_pair_difference_kg", wagon):
            for one, other in zip(twenties[::2], twenties[1::2], strict=False):
                apart = abs(one.gross_kg - other.gross_kg)
                if breaks(rule, 1000 * apart):
                    text = f"{one.container_id} and {other.container_id} differ by {apart:,} kg"
                    limit = f"rule {rule.rule_id} wants {rule.operator} {rule.milli // 1000:,} kg"
                    yield f"{wagon.name}: {text}; {limit}", (*about(wagon), rule.rule_id)


def _length(case: Case) -> Iterator[Finding]:
    for departure_id, run in assembled(case).items():
        length = case.milli("loco_length_m")
        for load in case.plan.wagons:
            kind = case.world.wagon_types.get(load.wagon_type)
            if load.departure_id == departure_id and kind is not None:
                length += kind.length_mm
        for leg, row in enumerate(run.service.legs):
            if row.gauge_mm != 1435:
                break
            rules = [r.milli - (r.operator == "<") for r in case.limits("max_length_m", run, leg)]
            most = min([row.max_length_mm or length, *rules])
            if length > most:
                text = f"{departure_id} is {length:,} mm long; {row.from_id}-{row.to_id} takes {most:,} mm"
                yield text, (departure_id,)


def _wagon_supply(case: Case) -> Iterator[Finding]:
    there: dict[tuple[str, str], dict[str, int]] = {}
    for row in case.scenario.supply:
        if row.resource in case.world.wagon_types:
            stock = there.setdefault((row.place_id, row.day_on), {})
            stock[row.resource] = stock.get(row.resource, 0) + row.count
    used: dict[tuple[str, str], dict[str, int]] = {}
    trains = assembled(case)
    for load in case.plan.wagons:
        if load.departure_id in trains and load.wagon_type in case.world.wagon_types:
            taken = used.setdefault(_yard_day(case, trains[load.departure_id]), {})
            taken[load.wagon_type] = taken.get(load.wagon_type, 0) + 1
    for (place_id, day), taken in used.items():
        stock = there.get((place_id, day), {})
        for wagon_type, count in taken.items() if stock else ():
            if count > stock.get(wagon_type, 0):
                text = f"{place_id} uses {count} {wagon_type} on {day}; it has {stock.get(wagon_type, 0)}"
                yield text, (place_id, wagon_type)


def _track_supply(case: Case) -> Iterator[Finding]:
    tracks: dict[tuple[str, str], int] = {}
    for row in case.scenario.supply:
        if row.resource == "track":
            tracks[row.place_id, row.day_on] = tracks.get((row.place_id, row.day_on), 0) + row.count
    formed: dict[tuple[str, str], list[str]] = {}
    for departure_id, run in case.running.items():
        formed.setdefault(_yard_day(case, run), []).append(departure_id)
    for (place_id, day), trains in formed.items():
        if len(trains) > tracks.get((place_id, day), len(trains)):
            text = f"{len(trains)} hub trains are loaded at {place_id} on {day}; it has {tracks[place_id, day]} tracks"
            yield text, (place_id, *sorted(trains))


def _yard_day(case: Case, run: Run) -> tuple[str, str]:
    return run.service.legs[0].from_id, railway_day(run.departs_at[0], case.scenario.start_at).isoformat()


def about(wagon: Loaded) -> tuple[str, ...]:
    """Ids that a message about a wagon names."""
    return wagon.load.departure_id, *wagon.load.container_ids


RULES = (
    Rule("WAGON_TRAIN", "Only trains that run assembled at the hub have a consist.", _train),
    Rule("WAGON_SEQ", "Wagons of a train are numbered from 1.", _seq),
    Rule("WAGON_COVER", "Every box on the first leg stands on one wagon position, and no other box does.", _cover),
    Rule("WAGON_TYPE", "Wagons are of a known type and of the gauge of the first leg.", _type),
    Rule(
        "WAGON_CONFIGURATION", "Boxes stand as a configuration of the wagon, or its first part, says.", _configuration
    ),
    Rule("WAGON_PAYLOAD", "No wagon carries more than its payload.", _payload),
    Rule("WAGON_POSITION", "No box is heavier than its wagon allows one of its length to be.", _position),
    Rule("WAGON_GROSS", "Wagons keep the dated limits on their gross mass (`max_wagon_gross_t`).", _gross_rule),
    Rule("WAGON_AXLE", "Wagons keep the axle load of their type and the dated limits (`max_axle_load_t`).", _axle),
    Rule("WAGON_PAIR", "20-ft boxes stand in pairs where that is required (`pair_required_20ft`).", _pair),
    Rule(
        "WAGON_PAIR_DIFFERENCE", "Paired boxes differ in mass as allowed (`max_pair_difference_kg`).", _pair_difference
    ),
    Rule(
        "TRAIN_LENGTH",
        "Locomotive and wagons are no longer than each leg takes, up to the first gauge change.",
        _length,
    ),
    Rule("SUPPLY_WAGONS", "A yard uses no more wagons of a type in a railway day than it has.", _wagon_supply),
    Rule("SUPPLY_TRACKS", "A yard loads no more hub trains in a railway day than it has tracks for.", _track_supply),
)
