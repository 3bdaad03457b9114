"""How a train of one lane fills and what it costs, by the formula of its Poisson freight, in plain loops."""

from __future__ import annotations

from math import exp, lgamma, log

WEEK = 10_080


def long_run(teu_milli: int, promise_minutes: int, capacity: int, least: int) -> tuple[float, float, float]:
    """Answer trains a week, missing positions of a train, and the mean wait in minutes.

    Notes
    -----
    A train has j + 1 TEU or more when j came after the first within the promise, for j below its capacity.
    """
    rate = teu_milli / 1000 / WEEK
    mean = rate * promise_minutes
    at_least = 1.0  # chance of j or more
    load = pairs = missing = 0.0
    for j in range(capacity):
        load += at_least
        pairs += j * at_least
        if j < least:
            missing += 1 - at_least
        at_least = max(0.0, at_least - exp(j * log(mean) - mean - lgamma(j + 1)))
    return teu_milli / 1000 / load, missing, pairs / load / rate
