"""What a measurement says, how processes are timed, and the table that is printed.

Times are CPU time, user and system, so that neighbours on the machine weigh less; of several
interleaved rounds the best counts, since noise only ever adds.
"""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `figure` is compared with `target`, which it must reach, or not exceed
    where `at_most`; a line without a target only informs."""

    what: str
    measured: str
    beside: str
    figure: float
    target: float | None = None
    at_most: bool = False
    unit: str = "×"

    @property
    def met(self) -> bool:
        """Whether the target, if there is one, is met."""
        if self.target is None:
            return True
        return self.figure <= self.target if self.at_most else self.figure >= self.target


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well: what it printed, and its CPU and wall seconds."""

    output: str
    cpu: float
    wall: float


def run(command: Sequence[str | Path], folder: Path) -> Ended:
    """Run a process to its end, with its resource usage; CalledProcessError when it fails."""
    words = [str(word) for word in command]
    log = folder / "output.txt"
    began = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(errors="replace")
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, text)
    return Ended(text, usage.ru_utime + usage.ru_stime, wall)


def best_cpu(work: Callable[[], object], rounds: int) -> float:
    """The least CPU seconds that `work` took in this process."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def show(title: str, lines: Sequence[Line], notes: Sequence[str] = ()) -> None:
    """Print one table, and under it what a reader must know to judge it."""
    table = Table(title=title, title_justify="left")
    for name in ("what", "measured", "beside", "figure", "target", ""):
        table.add_column(name, justify="right" if name in ("figure", "target") else "left")
    for line in lines:
        bound = "" if line.target is None else f"{'≤' if line.at_most else '≥'} {line.target:g}"
        verdict = "" if line.target is None else "met" if line.met else "MISSED"
        figure = f"{line.figure:.3g} {line.unit}".strip()
        table.add_row(line.what, line.measured, line.beside, figure, bound, verdict)
    console = Console(width=120)
    console.print(table)
    for note in notes:
        console.print(f"  {note}", highlight=False)
    console.print()
