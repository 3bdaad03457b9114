"""Plans and weeks, stored once each under the digest of their bytes."""

from __future__ import annotations

import zlib
from hashlib import sha256

from landport.errors import NotFound, StoreError
from landport.store import chain
from landport.store.session import Tx, View
from landport.store.tables import BLOB


def put(tx: Tx, kind: str, content: bytes) -> str:
    """Store bytes, unless they are there.

    Returns
    -------
    str
        Their SHA-256, hex.
    """
    digest = sha256(content).hexdigest()
    there = tx.connection.execute(tx.of(BLOB, BLOB.c.digest).where(BLOB.c.digest == digest)).first()
    if there is None:
        row = {
            "tenant_id": tx.tenant_id,
            "digest": digest,
            "kind": kind,
            "size": len(content),
            "created_at": chain.micros(tx.now),
            "content": zlib.compress(content, 6),
        }
        tx.connection.execute(BLOB.insert(), row)
    return digest


def get(view: View, digest: str) -> bytes:
    """Read bytes by their digest.

    Raises
    ------
    NotFound
        `unknown-digest`.
    StoreError
        `damaged`: the bytes are not those of the digest.
    """
    found = view.connection.execute(view.of(BLOB, BLOB.c.content).where(BLOB.c.digest == digest)).scalar()
    if found is None:
        raise NotFound("unknown-digest", f"nothing is stored under {digest}", (digest,))
    content = unpacked(found)
    if content is None or sha256(content).hexdigest() != digest:
        raise StoreError("damaged", f"what is stored under {digest} is something else")
    return content


def unpacked(stored: bytes) -> bytes | None:
    """Unpack bytes as they are stored; None: they are damaged."""
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None


def of_kind(view: View, kind: str) -> str:
    """Find the digest of the bytes stored last under a kind.

    Raises
    ------
    NotFound
        `unknown-digest`.
    """
    found = view.of(BLOB, BLOB.c.digest).where(BLOB.c.kind == kind).order_by(BLOB.c.created_at.desc()).limit(1)
    digest = view.connection.execute(found).scalar()
    if digest is None:
        raise NotFound("unknown-digest", f"nothing is stored as {kind}", (kind,))
    return str(digest)
