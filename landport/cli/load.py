"""`landport load`: cargo into containers."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport import __version__
from landport.app.settings import MOST_SECONDS, MOST_SEED
from landport.cli import common
from landport.errors import AuditFailed, InputError

if TYPE_CHECKING:
    from landport.app.loading import Loaded, LoadOrder
    from landport.app.stages import Notify
    from landport.model.lading import Offer
    from landport.model.loads import LoadRules
    from landport.model.scenario import World

MOST_CONTAINERS = 100_000
MOST_EFFORT = 1_000_000
MOST_VOID_MM = 1_000_000
BALANCE_PCT = 5
"""How far the centre of gravity may lie from the middle of a container that ships (CTU Code, Annex 7)."""

Items = Annotated[Path, typer.Argument(readable=False, help="Cargo: a .csv or .xlsx table.", metavar="ITEMS")]


def run(
    items: Items,
    *,
    container: Annotated[
        list[str] | None,
        typer.Option(help="40HC, or LENGTHxWIDTHxHEIGHT in mm; payload in kg after a comma. Again for a mixed fleet."),
    ] = None,
    fleet: Annotated[Path | None, typer.Option(help="Containers at hand: type,count,cost_usd and more.")] = None,
    containers: Annotated[str, typer.Option(help="How many to fill as well as goes; auto: as few as take all.")] = "1",
    support: Annotated[str, typer.Option(help="Share of each base that stands on something; 0: may float.")] = "1.0",
    void: Annotated[int, typer.Option(min=0, max=MOST_VOID_MM, help="Gaps beyond so many mm get a remark.")] = 150,
    balance: Annotated[
        str | None, typer.Option(help="Centre of gravity within so many % of the middle; off. Default: 5 for 40HC etc.")
    ] = None,
    refuse: Annotated[str, typer.Option(help="UN numbers and classes that do not travel: UN1202,1.1.")] = "",
    split: Annotated[bool, typer.Option("--split", help="Consignments may be spread over containers.")] = False,
    onto: Annotated[Path | None, typer.Option(help="Load plan whose containers are loaded on.")] = None,
    limit: Annotated[str | None, typer.Option(help="Wall seconds that planning takes; decimals are fine.")] = None,
    effort: Annotated[int | None, typer.Option(min=1, max=MOST_EFFORT, help="Units of work: same plan again.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Same seed and effort, same plan.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the load plan goes (JSON).")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Load cargo into containers: one filled as well as goes, several, or as few as take everything."""
    begun = time.perf_counter()
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    n_boxes, seconds = chosen_containers(containers), chosen_seconds(limit)
    support_pct, refused = chosen_support(support), chosen_refused(refuse)
    from landport import exchange
    from landport.app.loading import LoadOrder
    from landport.reference import load

    targets = {"--out": out, "--html": html}
    for target in filter(None, targets.values()):
        exchange.expect_writable(target)
    exchange.expect_unread(targets, {"cargo": items, "fleet": fleet, "plan": onto})
    world = load.equipment()
    offers = chosen_offers(container or [], fleet, world)
    order = LoadOrder(
        offers=offers,
        rules=chosen_rules(offers, support_pct, void, balance, world),
        n_boxes=n_boxes,
        may_split=split,
        refused=refused,
        effort=effort,
        seed=settings.seed if seed is None else seed,
        seconds=seconds,
        stopwatch=lambda: time.perf_counter() - begun,
        onto=None if onto is None else exchange.read_load_plan(onto, world.container_types),
        version=__version__,
    )
    with common.progress(quiet=quiet or json) as notify:
        loaded = make(items, order, world, out, notify)
    if html is not None:
        write_page(loaded, items, html)
    if json or not quiet:
        show(loaded, {"plan": out, "page": html}, json=json)


def make(items: Path, order: LoadOrder, world: World, out: Path | None, notify: Notify) -> Loaded:
    """Read the cargo, load it, audit the load, write it.

    Raises
    ------
    AuditFailed
        `audit-failed`: the load breaks a rule, which is our bug; it is saved for the report.
    """
    from landport import exchange
    from landport.app import loading

    notify("read")
    (bookings, cargo), remarks = exchange.read_cargo(items, world, may_split=order.may_split)
    common.show_remarks(remarks)
    loaded = loading.load(bookings, cargo, order, notify)
    notify("audit")
    by_id = {i.item_id: i for i in cargo}
    violations = loading.judge(loaded.group, loaded.plan.loads)
    if violations:
        failed = _kept_apart(out or Path("load.json"))
        exchange.write_load_plan(loaded.plan, by_id, failed)
        first = "\n".join(f"  {v.code}: {v.message}" for v in violations[:10])
        n = len({v.code for v in violations})
        raise AuditFailed(
            "audit-failed",
            f"our own load breaks {'1 rule' if n == 1 else f'{n} rules'}; it was written to {failed} only. "
            f"This is a bug of landport: please report it with that file and {items}.\n{first}",
            tuple(v.code for v in violations),
        )
    if out is not None:
        exchange.write_load_plan(loaded.plan, by_id, out)
    return loaded


def _kept_apart(out: Path) -> Path:
    """Name a failed load beside `out`, numbered so that none kept before is lost."""
    names = (out.with_suffix(".failed.json" if n == 1 else f".failed-{n}.json") for n in count(1))
    return next(path for path in names if not path.exists())


def show(loaded: Loaded, written: Mapping[str, Path | None], *, json: bool) -> None:
    """Print an audited load, as a table with what was written where, or as the JSON of its file."""
    from landport import exchange, report

    items = {i.item_id: i for i in loaded.group.items}
    if json:
        common.print_json(exchange.load_document(loaded.plan, items))
        return
    report.show_load(common.stdout(), loaded.plan, items)
    for what, path in written.items():
        if path is not None:
            typer.echo(f"{what} written to {path}")


def write_page(loaded: Loaded, items: Path, html: Path) -> None:
    """Write the page of a load."""
    from landport import exchange, report

    page = report.load_page(loaded.group, loaded.result, source=items.name)
    with exchange.whole_file(html) as part:
        part.write_text(page, encoding="utf-8")


def chosen_offers(containers: list[str], fleet: Path | None, world: World) -> tuple[Offer, ...]:
    """Collect the containers on offer: those of the options first."""
    from landport import exchange

    offers = [exchange.offer_of(text, world.container_types) for text in containers]
    if fleet is not None:
        more, remarks = exchange.read_fleet(fleet, world)
        common.show_remarks(remarks)
        offers += more
    exchange.expect_once(offers)
    return tuple(offers)


def chosen_rules(
    offers: tuple[Offer, ...], support_pct: int, void_mm: int, balance: str | None, world: World
) -> LoadRules:
    """Make the rules of a load; containers of sizes of one's own are not kept in balance unless that is asked for."""
    from landport.app.loading import HALF_PCT
    from landport.model.loads import LoadRules

    ships = all(o.kind.container_type in world.container_types for o in offers)
    cog_pct = chosen_balance(balance) if balance is not None else BALANCE_PCT if ships else None
    return LoadRules(
        support_pct=support_pct,
        cog_length_pct=cog_pct,
        cog_width_pct=cog_pct,
        half_pct=None if cog_pct is None else HALF_PCT,
        void_mm=void_mm,
        forbidden_pairs=world.rules.forbidden_pairs,
    )


def chosen_containers(text: str) -> int | None:
    """Read how many containers there are to fill; None: as many as it takes."""
    if text.casefold() == "auto":
        return None
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_CONTAINERS:
        raise _wrong("--containers", text, f"expected a whole number from 1 to {MOST_CONTAINERS:,}, or auto")
    return int(text)


def chosen_support(text: str) -> int:
    """Read a share of 1 as whole per cent."""
    share = _decimal(text)
    if share is None or not 0 <= share <= 1 or share * 100 % 1:
        raise _wrong("--support", text, "expected a share from 0 to 1 with at most two decimals, e.g. 0.8")
    return int(share * 100)


def chosen_balance(text: str) -> int | None:
    """Read how many per cent the centre of gravity may lie off the middle; None: anywhere."""
    if text.casefold() == "off":
        return None
    if not re.fullmatch("[0-9]{1,2}", text) or int(text) > 50:
        raise _wrong("--balance", text, "expected whole per cent from 0 to 50, or off")
    return int(text)


def chosen_seconds(text: str | None) -> float | None:
    """Read how many seconds planning may take; None: as long as its effort lasts."""
    if text is None:
        return None
    seconds = _decimal(text)
    if seconds is None or not 0 < seconds <= MOST_SECONDS:
        raise _wrong("--limit", text, f"expected seconds, more than 0 and at most {MOST_SECONDS:,}, e.g. 2.5")
    return float(seconds)


def chosen_refused(text: str) -> tuple[str, ...]:
    """Read UN numbers and classes that do not travel."""
    from landport.units import check_un_class, check_un_number

    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(check_un_number(part) if part.upper().startswith("UN") else check_un_class(part))
        except ValueError as error:
            raise _wrong("--refuse", part, f"{error}, or a UN number such as UN1202") from error
    return tuple(found)


def _decimal(text: str) -> Decimal | None:
    """Read a plain decimal number; None: it is none."""
    return Decimal(text) if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?|\.[0-9]{1,12}", text) else None


def _wrong(option: str, text: str, expected: str) -> InputError:
    return InputError("bad-option", f"{option} {text or repr(text)}: {expected}", (option,))
