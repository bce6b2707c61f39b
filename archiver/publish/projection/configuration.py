"""The files by which Datasette is configured, and those that a host needs, written into a
publication.

The first are of one version and change with it; the second lie beside the versions.
"""

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from datasette.inspect import inspect_hash

from archiver.publish.engine import (
    DATABASE_FILE,
    INSPECTED,
    METADATA,
    PUBLIC_SETTINGS,
    PUBLISHED_SETTINGS,
    metadata_of,
)
from archiver.publish.opening import DATABASE_NAME, inspect
from archiver.publish.projection.options import Options
from archiver.publish.projection.program import requirements
from archiver.publish.site.removals import REMOVED
from archiver.publish.site.replaying import ADDRESS, PLUGIN

GATE = "datasette-auth-passwords"
HASH_VARIABLE = "ARCHIVE_PASSWORD_HASH"
ACCOUNT = "lecture"
PINNED_GATE = (
    f"{GATE}==1.1.1 \\\n"
    "    --hash=sha256:95a933214fbd8ad1218d11bc37a17e074c66141e593ce202cf0f45cd3562c734\n"
)
_EXAMPLES = ("https://archive.example.org", "https://replay.archive.example.org")
_HOST_FILES = ("README.md", "nginx.conf", "Containerfile", "archive.service", "run.py")


def configure(
    version: Path, options: Options, counts: Mapping[str, int], removed: Iterable[str]
) -> None:
    """Write Datasette's own configuration of a version; `counts` are the rows of its tables,
    `removed` the names (`archiver.publish.site.removals`) of articles that were taken out."""
    database = version / DATABASE_FILE
    plugins: dict[str, Any] = {PLUGIN: {REMOVED: sorted(removed)}}
    if options.replay_address:
        plugins[PLUGIN][ADDRESS] = options.replay_address
    if options.private:
        plugins[GATE] = {
            "http_basic_auth": True,
            f"{ACCOUNT}_password_hash": {"$env": HASH_VARIABLE},
        }
    settings = {
        **PUBLIC_SETTINGS,
        "default_allow_sql": options.sql,
        "force_https_urls": options.secure,
    }
    inspected = {
        DATABASE_NAME: {
            "hash": inspect_hash(database),
            "size": database.stat().st_size,
            "file": database.name,
            "tables": {name: {"count": count} for name, count in counts.items()},
        }
    }
    for name, content in (
        (METADATA, metadata_of(inspect(database), plugins)),
        (PUBLISHED_SETTINGS, settings),
        (INSPECTED, inspected),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (version / name).write_text(f"{text}\n", encoding="utf-8")


def write_host_files(out: Path, options: Options) -> None:
    """Write what a host needs beside the versions: how to run it, packages, container, proxy."""
    address, replay = options.address or _EXAMPLES[0], options.replay_address or _EXAMPLES[1]
    names = {
        "address": address,
        "replay_address": replay,
        "host": urlsplit(address).hostname or "",
        "replay_host": urlsplit(replay).hostname or "",
        "password": (
            f"It is private: set `{HASH_VARIABLE}` to a hash made with\n"
            "`datasette hash-password`; the account is called "
            f"`{ACCOUNT}`.\n"
            if options.private
            else "It is public. Published with `--private`, it asks for a password.\n"
        ),
    }
    for name in _HOST_FILES:
        text = files("archiver.publish.projection").joinpath("host", name).read_text("utf-8")
        _write(out / name, text if name == "run.py" else Template(text).substitute(names))
    packages = requirements() + (PINNED_GATE if options.private else "")
    _write(out / "requirements.txt", packages)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a server may be starting."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
