"""A part of a number as JSON over HTTP: beside a bare route on the same server, and with 1,000 beside 100,000.

At least half as many requests a second as the bare route, and the slowest of twenty at most 1.3 times as slow when
there is a hundred times as much. Run by `make bench`, or alone: `python -m bench.numbers --sizes 1000 20000`.
"""

import argparse
from collections.abc import Sequence
from random import Random
from statistics import fmean

from bench.both import Measured, both
from bench.catalogue import fill
from bench.serving import bare, p95, register, seconds_each

SHARE, BUDGET, TRIES = 0.5, 1.3, 3
PORT = 18_471
LENGTHS = (4, 5, 6, 8)  # of the parts; the shortest finds a handful


def main() -> None:
    """Print the two figures per database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--each", type=int, default=1_500)
    asked = parser.parse_args()
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for size in asked.sizes:
        for measured in both():
            with measured.app.app_context():
                numbers = fill(measured.app, size)
            found.setdefault(measured.name, {})[size] = _measure(measured, numbers, asked.each)
    for name, by_size in found.items():
        (share, _), (_, small), (_, large) = by_size[asked.sizes[1]], by_size[asked.sizes[0]], by_size[asked.sizes[1]]
        print(f"{name}: {share:.2f} of a bare route (at least {SHARE}); p95 {large / small:.2f} x (at most {BUDGET})")


def _measure(measured: Measured, numbers: Sequence[str], each: int) -> tuple[float, float]:
    """Requests a second as a share of those of the bare route, and the slow ones as a multiple of its usual one."""
    random = Random(3)
    paths = [f"/api/v1/activiteiten?nummer={_part(random.choice(numbers), random)}" for _ in range(each)]
    shares, slow = [], []
    with register(PORT, database_url=measured.url, instance=str(measured.folder)), bare(PORT + 1):
        for port in (PORT, PORT + 1):
            seconds_each(port, paths[:50] if port == PORT else ["/"] * 50)
        for _ in range(TRIES):
            plain, ours = seconds_each(PORT + 1, ["/"] * each), seconds_each(PORT, paths)
            shares.append(fmean(plain) / fmean(ours))
            slow.append(p95(ours) / fmean(plain))
            print(
                f"  {measured.name} {len(numbers)}: {_ms(fmean(plain))} bare, {_ms(fmean(ours))}, p95 {_ms(p95(ours))}"
            )
    return max(shares), min(slow)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _part(number: str, random: Random) -> str:
    length = random.choice(LENGTHS)
    start = random.randint(0, len(number) - length)
    return number[start : start + length]


if __name__ == "__main__":
    main()
