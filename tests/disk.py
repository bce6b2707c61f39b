"""A small disk of its own, where this user may mount one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A tmpfs of that size (as mount takes it), mounted on a new folder; the test is skipped where
    that is not allowed."""
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def remount(disk: Path, options: str) -> None:
    """Change the disk: `size=4m`, `ro`, `rw`."""
    mount("-o", f"remount,{options}", str(disk))


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], capture_output=True, check=True)
