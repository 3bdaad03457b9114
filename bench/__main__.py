"""Run every benchmark at its usual size, or those named: python -m bench [NAME ..].

Names: weeks, assembly, replan, lanes, wagons, loading, route, trains, ledger, files.

Options after a single name are that benchmark's: python -m bench loading --help
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import takewhile

NAMES = ("weeks", "assembly", "replan", "lanes", "wagons", "loading", "route", "trains", "ledger", "files")

wanted = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
options = sys.argv[1 + len(wanted) :]
if unknown := sorted(set(wanted) - set(NAMES)):
    sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
if options and len(wanted) != 1:
    sys.exit("options go to one benchmark: python -m bench NAME --option")
if options:  # this process becomes the benchmark, so that ending it ends the benchmark
    os.execv(sys.executable, [sys.executable, "-m", f"bench.{wanted[0]}", *options])
for name in wanted or NAMES:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
