"""The program that serves a publication, and the packages it needs, so that the folder needs no
other source.

Only the floors that reading needs are taken: nothing that crawls, imports or writes an archive.
"""

import hashlib
import importlib.metadata
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from archiver.errors import BadInput
from archiver.publish.hosting.layout import PROGRAMS, make_lockable

PACKAGE = Path(__file__).parents[2]
LOCK = "requirements.lock"
FLOORS = ("publish", "store", "warc", "extract", "profiles")
ALONE = ("__init__.py", "errors.py", "instants.py", "folder.py")
NOT_PUBLISHED = "publish/projection"
NOT_NEEDED = frozenset({"scrapy", "trafilatura", "bagit", "fastwarc", "warcio"})
"""Direct requirements of what crawls, imports and exports, which reading does without."""


def copy_program(out: Path) -> str:
    """Put the program into `programs`, if it is not there; its name follows from its files."""
    files = sorted(_files())
    hasher = hashlib.sha256()
    for path in files:
        hasher.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    name = hasher.hexdigest()[:16]
    final = out / PROGRAMS / name
    if final.is_dir():
        return name
    draft = final.with_name(f".{name}")
    shutil.rmtree(draft, ignore_errors=True)
    for path in files:
        target = draft / "archiver" / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    make_lockable(draft)
    draft.rename(final)
    return name


def _files() -> Iterable[Path]:
    for name in ALONE:
        yield PACKAGE / name
    for floor in FLOORS:
        for path in (PACKAGE / floor).rglob("*"):
            hidden = "__pycache__" in path.parts or path.is_relative_to(PACKAGE / NOT_PUBLISHED)
            if path.is_file() and not hidden:
                yield path


def requirements() -> str:
    """The packages that serving needs, pinned and hashed as in this program's own lock file.

    Raises BadInput when the lock file is not there.
    """
    try:
        locked = (PACKAGE.parent / LOCK).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{LOCK} is missing from {PACKAGE.parent}: publish from a checkout of the program."
        ) from error
    needed = needed_packages()
    entries = re.split(r"^(?=\S)", locked, flags=re.MULTILINE)
    return "".join(entry for entry in entries if _name(entry) in needed)


def needed_packages() -> set[str]:
    """Our direct requirements but those not needed, and all that they require in turn, on any
    system."""
    found: set[str] = set()
    waiting = [name for name in map(_name, _requires("archiver")) if name not in NOT_NEEDED]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += map(_name, _requires(name))
    return found


def _requires(package: str) -> list[str]:
    try:
        listed = importlib.metadata.requires(package) or []
    except importlib.metadata.PackageNotFoundError:
        return []  # for another system than this one
    return [requirement for requirement in listed if "extra ==" not in requirement]


def _name(requirement: str) -> str:
    """The normalised name at the beginning of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
