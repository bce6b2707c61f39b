"""How soon `archiver --help` answers, in wall time, beside the interpreter alone."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Line, run, show

ROUNDS = 10


def measure() -> list[Line]:
    """The best of interleaved rounds."""
    helped: list[float] = []
    bare: list[float] = []
    command = Path(sys.executable).with_name("archiver")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for _ in range(ROUNDS):
            helped.append(run((command, "--help"), folder).wall)
            bare.append(run((sys.executable, "-c", "pass"), folder).wall)
    seconds, floor = min(helped), min(bare)
    lines = [
        Line(
            "archiver --help",
            f"{seconds:.3f} s",
            f"python -c pass: {floor:.3f} s",
            seconds,
            0.15,
            at_most=True,
            unit="s",
        )
    ]
    show("Start-up", lines, (f"Wall time, best of {ROUNDS} interleaved rounds.",))
    return lines
