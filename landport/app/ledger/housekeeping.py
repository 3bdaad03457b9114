"""What a port does by itself, minute by minute: no-shows at cut-offs become events, old answers are dropped."""

from __future__ import annotations

import logging
import threading
from typing import Final

from landport.app.ledger import excepting, people, reads
from landport.app.ledger.border import planning, tending
from landport.app.ledger.desk import Ledger, Principal
from landport.errors import LandportError
from landport.store import EVERYBODY, SYSTEM, answers
from landport.store import people as rows

EVERY_S: Final = 60.0
"""Seconds between two rounds."""

log = logging.getLogger("landport.housekeeping")


def tidy(ledger: Ledger) -> None:
    """Do one round for every tenant; what fails for one is logged and tried again in the next."""
    for tenant_id in ledger.store.read(EVERYBODY, rows.tenants):
        try:
            command = excepting.look_for_no_shows(ledger, people.local(tenant_id))
            if command is not None:
                ledger.do(people.local(tenant_id), command)
            _tend_borders(ledger, people.local(tenant_id))
            ledger.store.write_now(tenant_id, SYSTEM, lambda tx: answers.forget(tx, tx.now - answers.KEPT))
        except LandportError as error:
            log.warning("tenant %s: %s", tenant_id, error.message)


def _tend_borders(ledger: Ledger, who: Principal) -> None:
    """Open windows, end holds, note who did not come, and book the trucks of the plan."""
    for command in tending.tend(ledger, who):
        ledger.do(who, command)
    for border_id in ledger.store.read(who.tenant_id, lambda view: list(reads.everything(view, "border"))):
        booking = planning.book_plan(ledger, who, border_id)
        if booking is not None:
            ledger.do(who, booking)


class Housekeeper:
    """Does a round every minute, in a thread of its own, until it is closed."""

    def __init__(self, ledger: Ledger, *, every_s: float = EVERY_S) -> None:
        self._ledger = ledger
        self._every_s = every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="landport-housekeeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the round that is under way."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            try:
                tidy(self._ledger)
            except LandportError as error:
                log.warning("%s", error.message)
            except Exception:  # a fault of ours must not end the rounds
                log.exception("a round failed")
