"""Fill the disk that a folder is on with a store's writes, make room, and go on; says what came of it. A program."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from landport.errors import StoreError
from landport.store import EVERYBODY, verify
from tests.store import load
from tests.store.counting import opened
from tests.store.test_kills import make


def main(folder: Path) -> None:
    """Write until there is no room, look, open it anew, make room, and ask for what was refused again."""
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    url = str(folder / "landport.db")
    make(url)
    store = opened(url)
    acknowledged, refused = set[int](), []
    for n in range(10_000):
        try:
            store.write("t1", "A1", load.request(n, Random(n)), key=f"K{n}").result()
            acknowledged.add(n)
        except StoreError as error:
            refused.append((n, error.code))
            if len(refused) == 3:
                break
    assert [code for _, code in refused] == ["disk-full"] * 3, refused
    assert set(load.done(store)) == acknowledged
    assert not store.read(EVERYBODY, verify.verify).n_findings
    ballast.unlink()
    for n, _ in refused:
        assert store.write("t1", "A1", load.request(n, Random(n)), key=f"K{n}").result() == "done"
    assert load.done(store) == dict.fromkeys({*acknowledged, *(n for n, _ in refused)}, 1)
    assert not store.read(EVERYBODY, verify.verify).n_findings
    store.close()
    print(f"{len(acknowledged)} before the disk was full, {len(refused)} after")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
