"""Runs the `archiver` command as a user would: another process, its own folder."""

import os
import subprocess
import sys
from pathlib import Path

MODULE = [sys.executable, "-m", "archiver"]


def archiver(
    *words: str | Path, data: Path, module: list[str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command on the data folder and return when it has ended, with its output."""
    return subprocess.run(
        [*(module or MODULE), *map(str, words), "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        check=False,
    )


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
