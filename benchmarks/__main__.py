"""`python -m benchmarks [NAME...]` measures all or what is named; 1 when a target is missed."""

import sys

from benchmarks import costs, crawling, extraction, readers, reading, rebuild, robots, startup
from benchmarks.search import quality

MEASUREMENTS = {
    "extraction": extraction.measure,
    "crawling": crawling.measure,
    "startup": startup.measure,
    "robots": robots.measure,
    "rebuild": rebuild.measure,
    "search": quality.measure,
    "reading": reading.measure,
    "readers": readers.measure,
    "costs": costs.measure,
}


def main(names: list[str]) -> int:
    """Run the measurements named, or all."""
    unknown = set(names) - MEASUREMENTS.keys()
    if unknown:
        print(f"There is no measurement {min(unknown)!r}: choose of {', '.join(MEASUREMENTS)}.")
        return 1
    lines = [line for name in names or MEASUREMENTS for line in MEASUREMENTS[name]()]
    missed = [line for line in lines if not line.met]
    print(f"{sum(line.target is not None for line in lines)} targets, {len(missed)} missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
