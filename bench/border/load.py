"""32 enterprises contend for the windows of a border port: 200 of them, and one that all want.

    python -m bench.border.load [--postgres URL] [--folder DIR] [--total 6000] [--clients 32]
    python -m bench.border.load --total 100000      the promise: 0 over capacity, 0 lost, 0 doubled

Each client is an enterprise with a key of its own; each truck has its own plate, each booking its own key. After the
load the database is asked whether every answer of 201 has one row, no place has two trucks, and the independent auditor
finds nothing. The load comes from the same two cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.ledger import client, disk, served
from bench.ledger.__main__ import emptied

BORDER = "BKT"
N_WINDOWS = 200


@dataclass(frozen=True, slots=True)
class Made:
    """A database that is ready: a key for each enterprise, and the windows to book."""

    tokens: list[str]
    windows: list[str]


def made(url: str, n_clients: int) -> Made:
    """Publish a border port whose windows have room, and name the enterprises."""
    from landport.app.ledger import opening, parties, people
    from landport.app.ledger.border import publishing
    from landport.model.border import BorderPort, BorderSide, ChannelRule, GateHours, GatePolicy
    from landport.store import windows

    every = (1, 2, 3, 4, 5, 6, 7)
    lanes = GateHours(
        weekdays=every,
        from_minute=0,
        until_minute=1440,
        channel="general",
        lanes=200,
        service_seconds=6,
        cv_percent=100,
    )
    free = GatePolicy(most_active=10**6, most_share_percent=100, most_acts_per_hour=10**6)
    border = BorderPort(
        border_id=BORDER,
        name="Baktu",
        sides=(BorderSide(place_id=BORDER, zone="Asia/Shanghai", hours=(lanes,)),),
        channels=(ChannelRule(channel="general"),),
        policy=free,
    )
    ledger = opening.open_ledger(url, said="the bench", makes=True)
    try:
        people.first_link(ledger)
        who = people.local()
        ledger.do(who, publishing.publish(ledger, who, border))
        tokens = []
        for n in range(n_clients):
            party = json.loads(ledger.do(who, parties.add_party(ledger, who, "firm", f"enterprise {n}")).body)
            key = people.add_key(ledger, who, f"bench {n}", "forwarder", party_id=party["party_id"])
            tokens.append(json.loads(ledger.do(who, key).body)["token"])
        now = datetime.now(UTC) + timedelta(days=2)
        found = ledger.store.read("port", lambda v: windows.between(v, BORDER, now, now + timedelta(days=10)))
        return Made(tokens, [w.window_id for w in found[:N_WINDOWS]])
    finally:
        ledger.store.close()


def request(order: dict[str, Any], n: int) -> bytes:
    """Write the booking of truck `n`."""
    windows, tokens = order["windows"], order["tokens"]
    window = windows[(n * 7919) % len(windows)]
    headers = {"Authorization": f"Bearer {tokens[n % len(tokens)]}", "Idempotency-Key": f"{order['keyed']}-{n}"}
    body = json.dumps({"tractor": f"{order['keyed']}{n:06}", "document_kind": "TIR", "document": f"XN{n}"})
    return client.request("POST", f"/api/v1/windows/{window}/appointments", headers, body.encode())


def worker() -> None:
    """Do what a JSON document on stdin says: a process of its own, so that the server's CPU is its alone."""
    import uvloop

    order = json.load(sys.stdin)
    found = uvloop.run(
        client.load(order["port"], lambda n: request(order, n), clients=order["clients"], total=order["total"])
    )
    quantiles = {"p50_ms": found.quantile(0.5), "p99_ms": found.quantile(0.99)}
    json.dump({"per_second": found.per_second, "statuses": found.statuses, **quantiles}, sys.stdout)


def asked(server: served.Server, order: dict[str, Any]) -> dict[str, Any]:
    """Load a server from another process."""
    before = server.cpu_s()
    command = [sys.executable, "-m", "bench.border.load", "--worker"]
    done = subprocess.run(
        command, input=json.dumps({**order, "port": server.port}), capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    found["cpu_us"] = 1e6 * (server.cpu_s() - before) / order["total"]
    return found


def checked(url: str, n_booked: int) -> str:
    """Compare the answers with the rows, the rows with each other, and ask the auditor."""
    from landport.app.ledger import opening, people
    from landport.app.ledger.border import checking
    from landport.store import states, windows

    ledger = opening.open_ledger(url, mode="read")
    try:
        who = people.local()
        n_rows = ledger.store.read("port", lambda v: states.counts(v, "appointment")).get("confirmed", 0)
        faults = ledger.store.read("port", windows.faults)
        violations = checking.check(ledger, who).violations
    finally:
        ledger.store.close()
    if n_rows != n_booked or faults or violations:
        raise RuntimeError(f"{n_booked} answers, {n_rows} rows, {faults[:3]}, {violations[:3]}")
    return f"{n_booked:,} answers of 201 and {n_rows:,} rows; 0 over capacity, 0 lost, 0 doubled; the auditor agrees"


def contended(url: str, args: argparse.Namespace) -> None:
    """Book spread over 200 windows, then into one; say how it went, and what the database holds."""
    kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    ready = made(emptied(url), args.clients)
    rates: dict[str, float] = {}
    n_booked = 0
    port = served.free_port()
    command = [str(served.LANDPORT), "serve", "--db", url, "--port", str(port), "--quiet"]
    with served.running(command, port, {}, {}) as server:
        base = {"tokens": ready.tokens, "clients": args.clients}
        warm = asked(server, {**base, "windows": ready.windows, "keyed": "W", "total": 200})
        n_booked += warm["statuses"].get("201", 0)
        for name, chosen in (("spread over 200 windows", ready.windows), ("one hot window", ready.windows[:1])):
            order = {**base, "windows": chosen, "keyed": name[:1].upper(), "total": args.total}
            found = asked(server, order)
            if set(found["statuses"]) != {"201"}:
                raise RuntimeError(f"{name}: {found['statuses']}")
            n_booked += args.total
            rates[name] = found["per_second"]
            print(
                f"{kind:10} {name:26} {found['per_second']:8.0f}/s  p50 {found['p50_ms']:6.1f}"
                f"  p99 {found['p99_ms']:7.1f} ms  {found['cpu_us']:6.0f} us CPU",
                flush=True,
            )
    spread, hot = rates.values()
    print(f"{kind:10} hot / spread {hot / spread:.2f}; {checked(url, n_booked)}", flush=True)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--folder", type=Path, default=Path.cwd() / "out")
    parser.add_argument("--total", type=int, default=6_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        worker()
        return
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.folder) as scratch:
        print(f"disk: {disk.name(Path(scratch))}, {disk.rate(Path(scratch)):.0f} fdatasync/s of 4 kB")
        contended(f"{scratch}/border.db", args)
    if args.postgres:
        contended(args.postgres, args)


if __name__ == "__main__":
    main()
