"""Other people's programs, each in a virtual environment of its own that the test throws away."""

import subprocess
import sys
from pathlib import Path


def install(folder: Path, *packages: str) -> Path:
    """Make an environment with these packages; the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", *packages], check=True)
    return folder / "bin"


def run(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of its programs."""
    command = [str(program), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
