"""The service under load: bookings, reads and viewers, against a peer and the disk, in one run.

    python -m bench.ledger [--postgres URL] [--folder DIR] [--total 6000] [--clients 32] [--slow-us 3800]
    python -m bench.ledger --parts million [--events 1000000]

Bookings: so many clients, each booking again as soon as it is answered, every booking under a key of its own; beside
them a server of threads that commits each booking by itself, and how often the disk makes 4 kB durable. Then the same
on a disk that answers `--slow-us` later. Reads: one consignment, over and over. Viewers: 200 live streams while one
booking a second comes in; said is the share of one core that the server takes.

The load comes from the same two cores. `--postgres URL` names an empty database of a server that makes commits
durable; its tables are dropped before each part.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.ledger import client, disk, million, served, slow_disk
from bench.ledger.served import Server

READY, DUE = (f"{datetime.now(UTC) + timedelta(days=d):%Y-%m-%dT00:00Z}" for d in (5, 50))

GOODS = {
    "kind": "FCL",
    "origin_id": "URC",
    "destination_id": "DUI",
    "ready_at": READY,
    "due_at": DUE,
    "container_type": "40HC",
    "n_containers": 1,
    "hs": "8471",
    "declared_kg": 18_000,
    "value_usd_cents": 10_000_000,
}
BOOKING = json.dumps({"goods": GOODS})
PATH = "/api/v1/consignments"
VIEWERS, SECONDS = 200, 20

Serving = Callable[[str, dict[str, str]], AbstractContextManager[Server]]


def emptied(url: str) -> str:
    """Drop what an earlier part left in PostgreSQL."""
    if url.startswith("postgres"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    return url


def booked(name: str, serving: Serving, url: str, args: argparse.Namespace, env: dict[str, str]) -> dict[str, Any]:
    """Book against one server and say how it went."""
    with serving(emptied(url), env) as server:
        order = {"method": "POST", "path": PATH, "body": BOOKING, "clients": args.clients}
        served.asked(server, **order, keyed="warm", total=200)
        found = served.asked(server, **order, keyed="run", total=args.total)
    if set(found["statuses"]) != {"201"}:
        raise RuntimeError(f"{name}: {found['statuses']}")
    print(
        f"{name:34} {found['per_second']:8.0f}/s  p50 {found['p50_ms']:6.1f}  p99 {found['p99_ms']:7.1f} ms"
        f"  {found['cpu_us']:6.0f} us CPU",
        flush=True,
    )
    return found


def bookings(folder: Path, args: argparse.Namespace) -> None:
    """Book on SQLite and PostgreSQL, on this disk and on a slower one."""
    shim = slow_disk.build(folder, args.slow_us)
    slow = {} if shim is None else {"LD_PRELOAD": str(shim)}
    print(f"disk: {disk.name(folder)}, {disk.rate(folder):.0f} fdatasync/s of 4 kB")
    for said, env in (("this disk", {}), (f"{args.slow_us / 1000:g} ms slower", slow)):
        if said != "this disk" and not env:
            print("no C compiler, so no slower disk")
            break
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            ours = booked(f"SQLite, {said}", served.landport, f"{scratch}/port.db", args, env)
            peer = booked(f"  a commit a booking, {said}", served.peer, f"{scratch}/peer.db", args, env)
            print(f"  ratio {ours['per_second'] / peer['per_second']:.1f}")
    if args.postgres:
        ours = booked("PostgreSQL", served.landport, args.postgres, args, {})
        peer = booked("  a commit a booking", served.peer, args.postgres, args, {})
        print(f"  ratio {ours['per_second'] / peer['per_second']:.1f}")


def reads(folder: Path, args: argparse.Namespace) -> None:
    """Read one consignment over and over."""
    urls = [str(folder / "reads.db"), *([args.postgres] if args.postgres else [])]
    for url in urls:
        with served.landport(emptied(url), {}) as server:
            order = {"method": "POST", "path": PATH, "body": BOOKING, "clients": 1, "keyed": "one", "total": 1}
            served.asked(server, **order)
            path = f"{PATH}/B000000001"
            served.asked(server, method="GET", path=path, clients=args.clients, total=500)
            found = served.asked(server, method="GET", path=path, clients=args.clients, total=args.total)
        if set(found["statuses"]) != {"200"}:
            raise RuntimeError(f"reads: {found['statuses']}")
        kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
        print(
            f"reads, {kind:27} {found['per_second']:8.0f}/s  p50 {found['p50_ms']:6.1f}  p99 {found['p99_ms']:7.1f} ms"
            f"  {found['cpu_us']:6.0f} us CPU"
        )


async def _viewed(server: Server) -> tuple[float, int]:
    """Hold the streams open while bookings come in; answer CPU seconds a second and updates that arrived."""
    arrived = 0

    async def viewer() -> None:
        nonlocal arrived
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(client.request("GET", "/api/v1/stream", server.headers))
        await reader.readuntil(b"\r\n\r\n")
        while line := await reader.readline():
            arrived += line.startswith(b"data:")

    viewers = [asyncio.create_task(viewer()) for _ in range(VIEWERS)]
    await asyncio.sleep(3)
    before, begun, seen = server.cpu_s(), time.perf_counter(), arrived
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for n in range(SECONDS):
        writer.write(client.request("POST", PATH, {**server.headers, "Idempotency-Key": f"v{n}"}, BOOKING.encode()))
        await client.answer(reader)
        await asyncio.sleep(max(0.0, begun + n + 1 - time.perf_counter()))
    used = (server.cpu_s() - before) / (time.perf_counter() - begun)
    for task in viewers:
        task.cancel()
    await asyncio.gather(*viewers, return_exceptions=True)
    return used, arrived - seen


def viewers(folder: Path) -> None:
    """Show one booking a second to 200 viewers."""
    with served.landport(str(folder / "viewers.db"), {}) as server:
        used, arrived = asyncio.run(_viewed(server))
        print(
            f"{VIEWERS} viewers, one booking a second: {100 * used:.1f} % of a core, {arrived} updates of"
            f" {VIEWERS * SECONDS}, {server.rss_mb():.0f} MB"
        )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--folder", type=Path, default=Path.cwd() / "out")
    parser.add_argument("--total", type=int, default=6_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--slow-us", type=int, default=3_800)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--parts", default="bookings,reads,viewers", help="these, or million")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.folder) as scratch:
        folder = Path(scratch)
        if "bookings" in args.parts:
            bookings(folder, args)
        if "reads" in args.parts:
            reads(folder, args)
        if "viewers" in args.parts:
            viewers(folder)
        if "million" in args.parts:
            million.measure(folder, args.events)


if __name__ == "__main__":
    main()
