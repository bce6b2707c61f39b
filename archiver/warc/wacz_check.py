"""Strict checks of a WACZ: what the specification asks for, every digest, and the index against the
records, both ways.

Source: WACZ 1.1.1 and its draft 1.2.0, CDXJ 0.1.0, WACZ-auth 0.1.0. The reference validator passes
a WACZ without pages, with deflated WARCs, with an unsorted index and with offsets that lead
nowhere; this one does not.
"""

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from archiver.errors import BadInput
from archiver.warc.cdxj import disagreement, is_replayable, parse_line
from archiver.warc.check import Checked, check_records
from archiver.warc.model import Damage, StoredExchange
from archiver.warc.reader import read_captures_of
from archiver.warc.signature import fingerprint, is_signed
from archiver.warc.wacz import DATAPACKAGE, DATAPACKAGE_DIGEST, PAGES
from archiver.warc.wacz_reader import Wacz, open_zip, unsafe_entries

_VERSIONS = {"1.0.0", "1.1.0", "1.1.1"}
_REPACK = "ask who packed the WACZ for another copy, or import its WARC files and export anew"
_UNTRUSTED = "do not open it with other tools; ask who packed the WACZ for another copy"
_BLOCK = 2**20
_MAX_LINE = 2**20
_MAX_JSON = 2**26
_MAX_NAME = 253  # of a domain
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


def check_wacz(path: Path, seen: Callable[[Checked], None] = lambda _: None) -> Iterator[Damage]:
    """Every fault of a WACZ; `Damage.file` is `<wacz>/<entry>` and the offset is within that entry.

    `seen` is called with each WARC record. Raises BadInput when the file cannot be opened as a ZIP.
    """
    with open_zip(path) as archive:
        unsafe = list(unsafe_entries(archive))
        for name, what in unsafe:
            yield Damage(f"{path.name}/{name}", 0, None, f"the entry {what}", _UNTRUSTED)
        if not unsafe:
            yield from _Checker(Wacz(path, archive), seen).run()


def signed_by(path: Path) -> str | None:
    """Who signed a WACZ, as far as the file says: the SHA-256 of a public key, or the name of a
    domain, whose certificate is not checked here; None for one without a signature.

    Raises BadInput when the file cannot be opened as a ZIP.
    """
    with open_zip(path) as archive:
        signed = _Checker(Wacz(path, archive)).signed_data()
    if not isinstance(signed, dict):
        return None
    if "publicKey" in signed:
        return f"the key {fingerprint(str(signed['publicKey']))}"
    return f"the domain {str(signed.get('domain'))[:_MAX_NAME]}, which was not checked"


class _Checker:
    def __init__(self, wacz: Wacz, seen: Callable[[Checked], None] = lambda _: None) -> None:
        self._wacz = wacz
        self._seen = seen
        self._others: dict[tuple[str, int], tuple[str, int]] = {}

    def run(self) -> Iterator[Damage]:
        yield from self._structure()
        yield from self._datapackage()
        yield from self._digest_file()
        captures: dict[tuple[str, int], StoredExchange] = {}
        for name in self._wacz.warc_names:
            yield from self._warc(name, captures)
        urls: set[str] = set()
        yield from self._index(captures, urls)
        yield from self._pages(urls)

    def _damage(
        self, name: str, what: str, offset: int = 0, url: str | None = None, advice: str = _REPACK
    ) -> Damage:
        return Damage(f"{self._wacz.path.name}/{name}", offset, url, what, advice)

    def _structure(self) -> Iterator[Damage]:
        entries = self._wacz.entries
        for name in (PAGES, DATAPACKAGE, DATAPACKAGE_DIGEST):
            if name not in entries:
                yield self._damage(name, "the WACZ lacks it")
        if not self._wacz.warc_names:
            yield self._damage("archive/", "the WACZ has no WARC file")
        if not self._index_names():
            yield self._damage("indexes/", "the WACZ has no index")
        for name in self._wacz.warc_names:
            if entries[name].compress_type != zipfile.ZIP_STORED:
                yield self._damage(name, "the WARC is deflated, so it cannot be read in parts")

    def _index_names(self) -> list[str]:
        endings = (".cdxj", ".cdx", ".cdx.gz", ".cdxj.gz")
        return sorted(
            name
            for name in self._wacz.entries
            if name.startswith("indexes/") and name.endswith(endings)
        )

    def _read(self, name: str) -> bytes | None:
        """A small entry, or None when it is absent or damaged, which `_resource` tells."""
        if name not in self._wacz.entries:
            return None
        try:
            with self._wacz.open(name) as file:
                return file.read(_MAX_JSON)
        except _UNREADABLE:
            return None

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads(self._read(name) or b"null")
        except (ValueError, RecursionError):
            value = None
        return value if isinstance(value, dict) else {}

    def _datapackage(self) -> Iterator[Damage]:
        if DATAPACKAGE not in self._wacz.entries:
            return
        package = self._json(DATAPACKAGE)
        version = package.get("wacz_version")
        is_draft = package.get("profile") == "wacz" and version is None
        if not is_draft and (package.get("profile") != "data-package" or version not in _VERSIONS):
            yield self._damage(DATAPACKAGE, "it does not state the profile and version of WACZ")
        resources = package.get("resources")
        listed: dict[str, dict[str, Any]] = {}
        for resource in resources if isinstance(resources, list) else []:
            if isinstance(resource, dict) and isinstance(resource.get("path"), str):
                listed[resource["path"]] = resource
        for name in sorted(set(self._wacz.entries) - {DATAPACKAGE, DATAPACKAGE_DIGEST}):
            if name not in listed:
                yield self._damage(name, "the datapackage does not list it")
        for name, resource in sorted(listed.items()):
            if name not in self._wacz.entries:
                yield self._damage(name[:200], "the datapackage lists it and it is missing")
            else:
                yield from self._resource(name, resource)

    def _resource(self, name: str, resource: dict[str, Any]) -> Iterator[Damage]:
        hasher, size = hashlib.sha256(), 0
        try:
            with self._wacz.open(name) as file:
                while part := file.read(_BLOCK):
                    hasher.update(part)
                    size += len(part)
        except _UNREADABLE:
            yield self._damage(name, "the entry cannot be read to its end")
            return
        if resource.get("bytes") != size:
            yield self._damage(name, "its size is not the one in the datapackage")
        if resource.get("hash") != f"sha256:{hasher.hexdigest()}":
            yield self._damage(name, "it is not what its digest in the datapackage says")

    def _digest_file(self) -> Iterator[Damage]:
        content = self._read(DATAPACKAGE)
        if content is None or DATAPACKAGE_DIGEST not in self._wacz.entries:
            return
        stated = self._json(DATAPACKAGE_DIGEST)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if stated.get("hash") != digest:
            yield self._damage(DATAPACKAGE, "it is not what datapackage-digest.json says")
        signed = self.signed_data()
        if signed is None:
            return
        if not isinstance(signed, dict) or signed.get("hash") != digest:
            yield self._damage(DATAPACKAGE_DIGEST, "the signature is for another datapackage")
        elif "publicKey" in signed and not is_signed(
            digest, str(signed.get("signature")), str(signed["publicKey"])
        ):
            yield self._damage(DATAPACKAGE_DIGEST, "the signature is not valid")

    def signed_data(self) -> object:
        """What the digest file says of a signature; None when it says nothing."""
        return self._json(DATAPACKAGE_DIGEST).get("signedData")

    def _warc(self, name: str, captures: dict[tuple[str, int], StoredExchange]) -> Iterator[Damage]:
        label = f"{self._wacz.path.name}/{name}"
        try:
            with self._wacz.open(name) as file, self._wacz.open(name) as again:
                for item in check_records(file, again, label):
                    if isinstance(item, Damage):
                        yield item
                    else:
                        self._seen(item)
                        if item.capture is None and item.url is not None:
                            key = (name.rpartition("/")[2], item.offset)
                            self._others[key] = (item.url, item.length)
            with self._wacz.open(name) as file:
                for capture in read_captures_of(file, name):
                    if isinstance(capture, StoredExchange):
                        key = (name.rpartition("/")[2], capture.place.warc_offset)
                        captures[key] = replace(capture, body=b"", headers={})
        except BadInput as reason:
            yield self._damage(name, str(reason))
        except _UNREADABLE:
            yield self._damage(name, "the entry cannot be read to its end")

    def _index(
        self, captures: dict[tuple[str, int], StoredExchange], urls: set[str]
    ) -> Iterator[Damage]:
        unseen = {key for key, capture in captures.items() if is_replayable(capture)}
        for name in self._index_names():
            before = b""
            for offset, line in self._lines(name):
                if line < before:
                    yield self._damage(name, "the index is not sorted by bytes", offset)
                before = line
                entry = parse_line(line)
                if entry is None:
                    yield self._damage(name, "the index line cannot be read", offset)
                    continue
                urls.add(entry.url.partition("#")[0])
                key = (entry.filename.rpartition("/")[2], entry.offset)
                unseen.discard(key)
                if self._others.get(key) == (entry.url, entry.length):
                    continue  # other programs list their logs and reports, too
                fault = disagreement(entry, captures.get(key))
                if fault:
                    yield self._damage(name, fault, offset, entry.url)
        for filename, offset in sorted(unseen):
            capture = captures[filename, offset]
            what = "the index does not list this capture"
            yield self._damage(f"archive/{filename}", what, offset, capture.url)

    def _lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """(offset, line without its end) of an index, decompressed where it is .gz."""
        offset = 0
        try:
            with self._wacz.open(name) as file:
                lines: BinaryIO | gzip.GzipFile = file
                if name.endswith(".gz"):
                    lines = gzip.GzipFile(fileobj=file)
                while line := lines.readline(_MAX_LINE):
                    text = line.rstrip(b"\r\n")
                    if text and not text.startswith(b"!meta"):
                        yield offset, text
                    offset += len(line)
        except _UNREADABLE:
            return  # told by `_resource`

    def _pages(self, urls: set[str]) -> Iterator[Damage]:
        if PAGES not in self._wacz.entries:
            return
        pages = 0
        for number, (offset, line) in enumerate(self._lines(PAGES)):
            try:
                page = json.loads(line)
            except (ValueError, RecursionError):
                page = None
            if not isinstance(page, dict):
                yield self._damage(PAGES, "the line is not JSON", offset)
            elif number == 0 and "format" in page:
                continue
            elif not isinstance(page.get("url"), str) or not isinstance(page.get("ts"), str):
                yield self._damage(PAGES, "the page has no url or no ts", offset)
            else:
                pages += 1
                if page["url"].partition("#")[0] not in urls:
                    what = "the page is not in the index, so it cannot be replayed"
                    yield self._damage(PAGES, what, offset, page["url"])
        if not pages:
            yield self._damage(PAGES, "it lists no page")
