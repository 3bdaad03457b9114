"""Run every benchmark at its usual size, or those named: python -m bench [weeks] [assembly] [loading] [files]."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("weeks", "assembly", "loading", "files")

wanted = sys.argv[1:] or NAMES
if unknown := sorted(set(wanted) - set(NAMES)):
    sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
for name in wanted:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
