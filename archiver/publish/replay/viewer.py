"""The two files of the replay viewer: which ones exactly, and where they are looked for.

ReplayWeb.page is AGPL-3.0 and no part of this program: its files are fetched at set-up, unmodified,
into a folder that is never committed, and served only if they are, byte for byte, the pinned ones.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "replaywebpage"
VERSION = "2.5.3"
SOURCE = "https://github.com/webrecorder/replayweb.page"
SHA256 = {
    "ui.js": "ad95b260fa467a6c4799e669ad76ac8e7d5abefa71d1a2970ae6b63dc454a3c3",
    "sw.js": "29a833e871e2f9b7f135f5b86bba0476b69ad975c129c2473ff5055f73f5a2d0",
}
CHECKOUT = Path(__file__).parents[3] / "replay"
"""Where `make replay` puts them."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The files, by name."""

    files: dict[str, bytes]


def find_viewer(folders: Iterable[Path]) -> Viewer | None:
    """The viewer from the first folder that holds both files unchanged; None without one."""
    for folder in folders:
        files = {}
        for name, pinned in SHA256.items():
            try:
                content = (folder / name).read_bytes()
            except OSError:
                break
            if hashlib.sha256(content).hexdigest() != pinned:
                break
            files[name] = content
        else:
            return Viewer(files)
    return None
