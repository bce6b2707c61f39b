"""The reference parts of the documents say what the code says."""

import re
import sqlite3
import tomllib
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from archiver import errors
from archiver.cli import INTERRUPTED
from archiver.profiles import load
from archiver.profiles.model import Deputy, Era, Profile, Rules
from archiver.store.corrections import read_corrections
from archiver.store.database import Store
from archiver.store.schema import PUBLIC
from tests.docs.blocks import ROOT, Block, blocks
from tests.docs.dictionary import FILE, dictionary

ADDING = (ROOT / "docs" / "adding-a-site.md").read_text(encoding="utf-8")


def test_the_dictionary_is_current() -> None:
    renew = "run `python -m tests.docs.dictionary`"
    assert FILE.read_text(encoding="utf-8") == dictionary(), renew


@pytest.mark.parametrize("kind", [Profile, Deputy, Rules, Era])
def test_every_profile_key_is_documented(kind: type) -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", ADDING, re.MULTILINE))
    tables = {"name", "deputy", "rules", "eras"} if kind is Profile else set()
    assert {field.name for field in fields(kind)} - tables <= documented


def test_every_documented_key_exists() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", ADDING, re.MULTILINE))
    known = {field.name for kind in (Profile, Deputy, Rules, Era) for field in fields(kind)}
    assert documented <= known


def test_the_documented_defaults_are_those_of_the_profile() -> None:
    shown = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", ADDING, re.MULTILINE))
    defaults = {field.name: field.default for kind in (Profile, Deputy) for field in fields(kind)}
    assert "delay" in shown
    for key, text in shown.items():
        value = tomllib.loads(f"value = {text}")["value"]
        assert (() if value == [] else value) == defaults[key], key


def test_a_shown_profile_loads(tmp_path: Path) -> None:
    shown = [block for block in blocks("toml") if "home_url" in tomllib.loads(block.text)]
    assert shown
    for block in shown:
        path = tmp_path / "shown.toml"
        path.write_text(block.text, encoding="utf-8")
        assert load(str(path)).title


def test_a_shown_correction_is_read(tmp_path: Path) -> None:
    shown = [block for block in blocks("toml") if "correction" in tomllib.loads(block.text)]
    assert shown
    for block in shown:
        path = tmp_path / "corrections.toml"
        path.write_text(block.text, encoding="utf-8")
        assert read_corrections(path)


@pytest.mark.parametrize("block", blocks("sql"), ids=str)
def test_a_shown_query_runs(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute(block.text).description


@pytest.mark.parametrize("name", ["README.md", "docs/archivists.md"])
def test_every_exit_code_is_documented(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.ArchiverError)
    }
    assert documented == raised | {0, INTERRUPTED}


@pytest.mark.parametrize("name", ["README.md", "docs/journalistes.md"])
def test_every_table_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [table.name for table in PUBLIC if f"`{table.name}`" not in text] == []
