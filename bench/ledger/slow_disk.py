"""A disk slower than this one: a shim, loaded before libc, in which fsync and fdatasync wait before they answer.

What a commit costs decides what sharing commits is worth. Machines lent out by the hour often have disks that answer in
microseconds because nothing is made durable there, or in milliseconds because much else is; so both are measured.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
#include <time.h>
static void wait_a_while(void) { struct timespec t = {0, DELAY_US * 1000L}; nanosleep(&t, 0); }
int fdatasync(int file) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  wait_a_while(); return real(file);
}
int fsync(int file) {
  static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync");
  wait_a_while(); return real(file);
}
"""


def build(folder: Path, delay_us: int) -> Path | None:
    """Compile the shim; None: this machine has no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    source, shim = folder / "slow_disk.c", folder / "slow_disk.so"
    source.write_text(SOURCE)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", f"-DDELAY_US={delay_us}", source, "-o", shim, "-ldl"], check=True
    )
    return shim
