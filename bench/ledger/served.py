"""Servers to load: landport itself by its command line, and the peer, each a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANDPORT = Path(sys.executable).with_name("landport")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its process, what a client says to be let in."""

    port: int
    pid: int
    headers: dict[str, str]

    def cpu_s(self) -> float:
        """Read the CPU seconds that it has used."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS

    def rss_mb(self) -> float:
        """Read the memory that it holds, MB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    """Tell whether somebody answers, whatever it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


@contextmanager
def running(command: list[str], port: int, headers: dict[str, str], env: dict[str, str]) -> Iterator[Server]:
    """Run a server until it listens, and stop it afterwards."""
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}")
            if _answers(port):
                break
            time.sleep(0.05)
        yield Server(port, process.pid, headers)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def landport(url: str, env: dict[str, str]) -> Iterator[Server]:
    """Serve a database that has a key for a planner."""
    port = free_port()
    command = [str(LANDPORT), "serve", "--db", url, "--port", str(port), "--quiet"]
    with running(command, port, {}, {}):  # the first start makes the database
        pass
    added = [str(LANDPORT), "key", "add", "bench", "--role", "planner", "--db", url]
    token = subprocess.run(added, check=True, capture_output=True, text=True).stdout.strip()
    with running(command, port, {"Authorization": f"Bearer {token}"}, env) as server:
        yield server


@contextmanager
def peer(url: str, env: dict[str, str]) -> Iterator[Server]:
    """Serve the peer: a thread a request, a commit a booking."""
    port = free_port()
    with running([sys.executable, "-m", "bench.ledger.peer", url, str(port)], port, {}, env) as server:
        yield server


def asked(server: Server, **order: Any) -> dict[str, Any]:
    """Load a server from another process; adds the server's CPU microseconds for each answer."""
    order = {"port": server.port, **order, "headers": {**server.headers, **order.get("headers", {})}}
    before = server.cpu_s()
    done = subprocess.run(
        [sys.executable, "-m", "bench.ledger.client"],
        input=json.dumps(order),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    found["cpu_us"] = 1e6 * (server.cpu_s() - before) / order["total"]
    return found
