"""A load generator: so many clients on kept-alive connections, each asking again as soon as it is answered.

Plain asyncio streams, since a client library would take more of the two cores than the server that is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Load:
    """What was asked and how it was answered.

    Parameters
    ----------
    latencies
        Seconds of every answer, in order of answer.
    statuses
        Answers by HTTP status.
    wall_s
        From the first question to the last answer.
    """

    latencies: list[float]
    statuses: dict[int, int]
    wall_s: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.wall_s

    def quantile(self, share: float) -> float:
        """Milliseconds within which a share of the answers came."""
        ranked = sorted(self.latencies)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write an HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer that states its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"),
        0,
    )
    return status, await reader.readexactly(length) if length else b""


async def load(port: int, make: Callable[[int], bytes], *, clients: int, total: int) -> Load:
    """Ask `total` questions, `make(n)` each, from so many clients side by side."""
    numbers: Iterator[int] = count()
    latencies: list[float] = []
    statuses: dict[int, int] = {}

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in numbers:
            if n >= total:
                break
            asked = time.perf_counter()
            writer.write(make(n))
            status, _ = await answer(reader)
            latencies.append(time.perf_counter() - asked)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(latencies, statuses, time.perf_counter() - begun)


def main() -> None:
    """Do what a JSON document on stdin says, and print what came of it as JSON."""
    order = json.load(sys.stdin)
    body = order.get("body", "")

    def make(n: int) -> bytes:
        headers = dict(order["headers"])
        if order.get("keyed"):
            headers["Idempotency-Key"] = f"{order['keyed']}-{n}"
        return request(order["method"], order["path"], headers, body.encode())

    try:
        import uvloop

        run = uvloop.run
    except ImportError:
        run = asyncio.run
    found = run(load(order["port"], make, clients=order["clients"], total=order["total"]))
    json.dump(
        {
            "per_second": found.per_second,
            "p50_ms": found.quantile(0.5),
            "p99_ms": found.quantile(0.99),
            "most_ms": 1000 * max(found.latencies),
            "statuses": found.statuses,
            "wall_s": found.wall_s,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
