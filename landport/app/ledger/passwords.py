"""Passwords and other secrets: made, hashed, compared."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from landport.errors import InputError

LEAST: Final = 12
"""Characters of a password."""

MOST: Final = 200
"""Characters of a password, so that hashing one costs little."""

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id as OWASP recommends it: 19 MiB, two passes, one lane."""

NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$QYJdxDiMBbpVeYgBCQQcTg$pLGm9shiODWr4xeEPJ4/BUTD6ZT1dI609kJ0/J8Cyi0"
"""Hash of a password that is lost: what is compared when nobody has the login, so that it takes as long."""


def token() -> str:
    """Make a secret of 256 bits that fits into a URL."""
    return secrets.token_urlsafe(32)


def private_key() -> bytes:
    """Make a private key of Ed25519: 32 bytes."""
    return secrets.token_bytes(32)


def new_id(letter: str) -> str:
    """Make an id that nobody has: a letter and 12 hex digits."""
    return letter + secrets.token_hex(6)


def token_hash(secret: str) -> str:
    """Hash a secret of 256 bits; nobody guesses it, so one quick round does."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two hashes in the same time, whatever differs."""
    return secrets.compare_digest(one.encode(), other.encode())


def hashed(password: str) -> str:
    """Hash a password; it takes some 20 ms and 19 MiB on purpose, so never in the writer's thread."""
    return HASHER.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Tell whether a password is that of a hash; with an empty hash it is not, and takes as long."""
    try:
        is_good = HASHER.verify(password_hash or NOBODY, password)
    except (VerificationError, InvalidHashError, UnicodeError):
        return False
    return is_good and bool(password_hash)


def is_dated(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return HASHER.check_needs_rehash(password_hash)


def expect_fit(password: str, login: str) -> None:
    """Refuse a password that is easily guessed or costs much.

    Raises
    ------
    InputError
        `weak-password`.
    """
    text = f"expected a password of {LEAST} to {MOST} characters"
    if not LEAST <= len(password) <= MOST or not password.isprintable():
        raise InputError("weak-password", f"{text}; a few words that nobody else would put together do well")
    if password.casefold() == login.casefold() or len(set(password)) < LEAST // 2:
        raise InputError("weak-password", f"{text} that is not the login, and with more than a few different ones")
