"""HiGHS as all programs of wagons use it: one thread, silent, the same answer every time."""

from __future__ import annotations

import highspy


class Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        """Fall silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solver(seed: int = 0, **options: float | str) -> Quiet:
    """Make a solver of one thread."""
    made = Quiet()  # type: ignore[no-untyped-call]
    chosen: dict[str, float | str] = {"threads": 1, "parallel": "off", "random_seed": seed % (1 << 31), **options}
    for name, value in chosen.items():
        if made.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not take {name} = {value}")
    return made
