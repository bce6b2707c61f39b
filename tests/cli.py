"""Runs the `archiver` command as a user would: another process, its own folder."""

import subprocess
import sys
from pathlib import Path

from tests import forks

MODULE = [sys.executable, "-m", "archiver"]


def archiver(
    *words: str | Path, data: Path, module: list[str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command on the data folder and return when it has ended, with its output."""
    _, _, name, *before = module or MODULE
    return forks.run(name, *before, *map(str, words), "--data", str(data), seconds=seconds)


def crawl(
    site: str, data: Path, *words: str, code: int = 0, module: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Crawl at full speed; the exit code must be `code`."""
    done = archiver("crawl", site, "--delay", "0", *words, data=data, module=module)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def bring_in(data: Path, *sources: Path) -> str:
    """Import files that must come in whole; what the command printed."""
    done = archiver("import", *sources, data=data)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
