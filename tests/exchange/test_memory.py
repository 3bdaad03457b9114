"""A million cargo items fit into 1.5 GB, from CSV and from Excel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WORK = """
import re, resource, sys
from dataclasses import replace
from pathlib import Path
from landport import exchange
from landport.exchange.example import example
from landport.model.bookings import CargoItem
from landport.reference import load

path, n, most_mb, what = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
world = load.world()
if what == "write":
    one = example(world)
    items = tuple(
        CargoItem(item_id=f"I{i}", booking_id="B0002", goods_id="washing_machines", length_mm=300 + i % 997,
                  width_mm=200 + i % 809, height_mm=100 + i % 701, mass_g=5000 + i, weighed_g=None, count=1 + i % 90,
                  vertical="h", max_layers=1 + i % 9, max_on_top_g=i)
        for i in range(n)
    )
    exchange.write_scenario(replace(one, items=items), path, world)
else:
    assert len(exchange.read_scenario(path, world)[0].items) == n
# not ru_maxrss: after a fork that one starts at the peak of the process which runs the tests
peak_mb = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
assert peak_mb < most_mb, f"{what} {path.name}: {peak_mb} MB"
"""


def measure(path: Path, n: int, most_mb: int) -> None:
    for what in ("write", "read"):
        command = [sys.executable, "-c", WORK, str(path), str(n), str(most_mb), what]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
def test_20000_items_take_little(tmp_path: Path, name: str) -> None:
    """20,000 rows are written and read in 200 MB."""
    measure(tmp_path / name, 20_000, 200)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["week", "week.xlsx"])
def test_1000000_items_fit(tmp_path: Path, name: str) -> None:
    """1,000,000 rows are written and read in less than 1.5 GB."""
    measure(tmp_path / name, 1_000_000, 1500)
