"""The peer: a server of threads that commits every booking by itself, over the same tables' shape.

    python -m bench.ledger.peer URL PORT

It is what one would write first: FastAPI with plain functions, each in a thread of the pool with a connection of its
own; BEGIN IMMEDIATE, the key, the event with its hash, the state, COMMIT. It checks less than landport does.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
from hashlib import sha256
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

TABLES = (
    "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, body TEXT)",
    "CREATE TABLE IF NOT EXISTS event (position {serial}, stream TEXT, version INT, type TEXT, happened_at BIGINT,"
    " payload TEXT, hash TEXT, UNIQUE (stream, version))",
    "CREATE TABLE IF NOT EXISTS state (id TEXT PRIMARY KEY, status TEXT, document TEXT)",
)


class Sqlite:
    """A connection for each thread; who writes waits for the lock."""

    mark = "?"

    def __init__(self, path: str) -> None:
        self._path, self._local = path, threading.local()
        for table in TABLES:
            self.connection().execute(table.format(serial="INTEGER PRIMARY KEY"))

    def connection(self) -> sqlite3.Connection:
        """Give this thread its connection."""
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=60)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            self._local.connection = connection
        return self._local.connection

    begin = "BEGIN IMMEDIATE"


class Postgres:
    """A connection for each thread."""

    mark = "%s"
    begin = "BEGIN"

    def __init__(self, url: str) -> None:
        self._url, self._local = url, threading.local()
        for table in TABLES:
            self.connection().execute(table.format(serial="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"))

    def connection(self) -> Any:
        """Give this thread its connection."""
        import psycopg

        if not hasattr(self._local, "connection"):
            self._local.connection = psycopg.connect(self._url, autocommit=True)
        return self._local.connection


def book(base: Sqlite | Postgres, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Book once under a key, in a transaction of its own."""
    goods = json.loads(body)
    payload = json.dumps(goods, sort_keys=True)
    stream = f"consignment/{key}"
    connection, m = base.connection(), base.mark
    connection.execute(base.begin)
    try:
        done = {"id": key, "status": "booked"}
        kept = connection.execute(
            f"INSERT INTO answer VALUES ({m}, {m}) ON CONFLICT DO NOTHING", (key, json.dumps(done))
        )
        if kept.rowcount:
            head = sha256(f"{stream}1{payload}".encode()).hexdigest()
            connection.execute(
                "INSERT INTO event (stream, version, type, happened_at, payload, hash)"
                f" VALUES ({m}, 1, 'ConsignmentBooked', {m}, {m}, {m})",
                (stream, time.time_ns() // 1000, payload, head),
            )
            connection.execute(f"INSERT INTO state VALUES ({m}, 'booked', {m})", (key, payload))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return 201, done


def app_of(url: str) -> FastAPI:
    """Make the server."""
    base = Postgres(url) if url.startswith("postgres") else Sqlite(url)
    app = FastAPI()

    @app.post("/api/v1/consignments")
    async def post(request: Request) -> JSONResponse:
        body = await request.body()
        status, done = await run_in_threadpool(book, base, request.headers["idempotency-key"], body)
        return JSONResponse(done, status)

    return app


if __name__ == "__main__":
    uvicorn.run(app_of(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
