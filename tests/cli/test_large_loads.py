"""`landport load` with very little and very much cargo: it ends, and a gigabyte of memory is enough."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import resource, sys
from landport.cli import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""
HEAD = "item,length_mm,width_mm,height_mm,mass_kg,count,vertical"
CARGO = {
    "one piece": ["a,500,400,300,10,1,lwh"],
    "one type": ["a,150,120,90,0.4,50000,lwh"],
    "all different": [
        f"a{n},{200 + n % 97 * 7},{200 + n % 89 * 5},{200 + n % 83 * 4},{1 + n % 30},1,lwh" for n in range(5000)
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("containers", ["1", "auto"])
@pytest.mark.parametrize("name", CARGO)
def test_it_ends_and_a_gigabyte_is_enough(name: str, containers: str, tmp_path: Path) -> None:
    """With ten seconds to plan every piece is loaded or left, audited, and memory stays below 1 GB."""
    (tmp_path / "cargo.csv").write_text("\n".join([HEAD, *CARGO[name]]) + "\n", "utf-8")
    out = tmp_path / "plan.json"
    command = [
        "load",
        "cargo.csv",
        "--container",
        "40HC",
        "--containers",
        containers,
        "--limit",
        "10",
        "--out",
        str(out),
    ]
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *command, "-q"],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stderr.split()[-1]) < 1_000_000, "kB at most"
    document = json.loads(out.read_text("utf-8"))
    placed = sum(len(box["placements"]) for box in document["containers"])
    booked = sum(int(row.split(",")[5]) for row in CARGO[name])
    assert placed > 0
    assert placed + sum(left["count"] for left in document["left"]) == booked
