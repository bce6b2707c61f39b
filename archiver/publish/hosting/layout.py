"""What lies where in a published folder: `archiver.publish.projection` writes it, this package
reads it."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from archiver.errors import BadInput

MARK = ".archiver-publication"
CURRENT, VERSIONS, PROGRAMS = "current", "versions", "programs"
_DESCRIPTION = "publication.json"
_LOCK = ".running"


@dataclass(frozen=True, slots=True)
class Description:
    """What a version says of itself. `program` names the folder in `programs` that serves it,
    `removed` and `withheld` are captures, `address` and `replay_address` are public addresses
    without their last slash, None where the two ports are used as they are."""

    made_at: str
    made_by: str
    program: str
    articles: int
    captures: int
    removed: int
    withheld: int
    address: str | None = None
    replay_address: str | None = None
    private: bool = False


def describe(version: Path, description: Description) -> None:
    """Write what a version says of itself."""
    text = json.dumps(asdict(description), ensure_ascii=False, indent=2)
    (version / _DESCRIPTION).write_text(f"{text}\n", encoding="utf-8")


def description_of(version: Path) -> Description:
    """What a version says of itself; BadInput when there is none that can be read."""
    try:
        return Description(**json.loads((version / _DESCRIPTION).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(
            f"{version} is no version of a publication ({error}): publish again."
        ) from error


@contextmanager
def running(program: Path) -> Iterator[None]:
    """Keep a program from being removed while it runs; the kernel lets go when it dies."""
    with (program / _LOCK).open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def in_use(program: Path) -> bool:
    """Whether a server runs this program."""
    try:
        with (program / _LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False  # it was never whole
    except BlockingIOError:
        return True
    return False


def make_lockable(program: Path) -> None:
    """Make the file by which a program is held."""
    (program / _LOCK).touch()
