"""Profiles: what loads, what is refused and in which words, and that nothing gets less polite."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.extract.urls import host_of
from archiver.profiles import from_mapping, load, names, to_mapping
from archiver.profiles.checks import is_loopback
from archiver.profiles.model import Profile, Rules

WHOLE = """
home_url = "https://exemple.fr/"
title = "Exemple"
language = "fr-FR"
time_zone = "Indian/Reunion"
contact = "archives@exemple.fr"
delay = 2
max_pages = 100
max_depth = 3
follow_twins = true
hosts = ["blog.exemple.fr"]
asset_hosts = ["cdn.exemple.fr"]
exclude = ['^/prive/']
refresh_days = 14

[deputy]
name = "Claire Vasseur"
chamber = "AN"
official_id = "PA0"
legislatures = [15, 16]

[rules]
date = [".jour"]
question_labels = ["Ma question"]

[[eras]]
until = 2020-12-31
[eras.rules]
date = [".vieux-jour"]

[[eras]]
until = 2018-12-31
[eras.rules]
title = [".titre"]
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "exemple.fr.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def refused(site: str) -> str:
    with pytest.raises(BadInput) as caught:
        load(site)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_every_key_is_read(tmp_path: Path) -> None:
    profile = load(written(tmp_path, WHOLE))
    assert (profile.name, profile.delay, profile.time_zone) == ("exemple.fr", 2.0, "Indian/Reunion")
    assert profile.deputy is not None
    assert profile.deputy.legislatures == (15, 16)
    assert profile.exclude[-1] == "^/prive/"
    assert "^/wp-admin(/|$)" in profile.exclude
    default = Profile(name="", home_url="")
    same = {f.name for f in fields(Profile) if getattr(profile, f.name) == getattr(default, f.name)}
    assert same == set(), "a key that WHOLE does not set proves nothing"


def test_rules_are_those_of_the_earliest_era_not_ended(tmp_path: Path) -> None:
    profile = load(written(tmp_path, WHOLE))
    assert profile.rules_on(date(2018, 12, 31)).title == (".titre",)
    assert profile.rules_on(date(2019, 1, 1)).date == (".vieux-jour",)
    assert profile.rules_on(date(2021, 1, 1)).date == (".jour",)


def test_a_profile_survives_json(tmp_path: Path) -> None:
    for site in (*names(), "https://exemple.fr/", written(tmp_path, WHOLE)):
        profile = load(site)
        assert from_mapping(json.loads(json.dumps(to_mapping(profile)))) == profile


def test_a_stored_profile_may_be_quicker_than_a_file_allows() -> None:
    quick = to_mapping(load("https://exemple.fr/")) | {"delay": 0.0}
    assert from_mapping(quick).delay == 0.0


def test_a_stored_profile_is_checked() -> None:
    mapping = dict(to_mapping(load("https://exemple.fr/")))
    with pytest.raises(
        BadInput, match=r"stored profile: unknown key “delai” \(did you mean “delay”"
    ):
        from_mapping({**mapping, "delai": 1})


def test_an_address_needs_no_profile() -> None:
    profile = load("https://www.Exemple.fr/")
    assert (profile.name, profile.home_url) == ("exemple.fr", "https://www.Exemple.fr/")
    assert profile.exclude
    assert load("http://127.0.0.1:8080/").name == "127.0.0.1:8080"


def test_bundled_profiles() -> None:
    assert names() == ("annegenetet.fr", "demo")
    assert load("demo").home_url == "http://127.0.0.1:8765/"


@pytest.mark.parametrize("name", [*names(), "wordpress"])
def test_no_bundled_profile_is_less_polite_than_the_default(name: str) -> None:
    profile = load("https://exemple.fr/") if name == "wordpress" else load(name)
    default = Profile(name="", home_url="")
    assert profile.delay >= default.delay
    assert profile.max_pages <= default.max_pages
    assert profile.max_depth <= default.max_depth
    assert profile.refresh_days >= default.refresh_days
    assert set(load("https://exemple.fr/").exclude) <= set(profile.exclude)
    assert all(host_of(f"https://{host}/") for host in profile.hosts)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("exclued = []", "unknown key “exclued” (did you mean “exclude”?)"),
        ("[rules]\ntitel = []", "unknown key “rules.titel” (did you mean “title”?)"),
        ("[deputy]\nchamber = 'AN'", "the key “deputy.name” is missing"),
        ("[deputy]\nname='C'\nchamber = 'Senat'", "deputy.chamber must be “AN” or “Sénat”"),
        ("delay = '2'", "delay must be a number"),
        ("delay = true", "delay must be a number"),
        ("delay = nan", "delay must be between"),
        ("delay = 0.5", "delay must be at least 1 second"),
        ("max_pages = 1.5", "max_pages must be a whole number"),
        ("max_pages = 0", "max_pages must be at least 1"),
        ("hosts = 'a.fr'", "hosts must be a list"),
        ("hosts = [1]", "hosts[0] must be text in quotes"),
        ("hosts = ['https://a.fr/']", "which is not a host name"),
        ("exclude = ['(']", "which is not a regular expression"),
        ("[rules]\ndate = ['..a']", "rules.date has “..a”, which is not a CSS selector"),
        ("[rules]\ndate = [' ']", "rules.date has an empty entry"),
        ("time_zone = 'Europe/Pari'", "(did you mean “Europe/Paris”?)"),
        ("time_zone = '../etc/passwd'", "is not a known time zone"),
        ("language = 'français'", "is not a language tag"),
        ("name = 'x'", "a profile is named by its file"),
        ("eras = 3", "eras must be a list"),
        ("[[eras]]\nuntil = 2020-01-01T00:00:00\n[eras.rules]", "eras[0].until must be a day"),
        ("[[eras]]\nuntil = 'hier'\n[eras.rules]", "eras[0].until must be a day"),
        ("[[eras]]\nuntil = 2020-01-01", "the key “eras[0].rules” is missing"),
        ("rules = []", "rules must be a table"),
        ("delay = ", "not valid TOML"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(tmp_path: Path, line: str, said: str) -> None:
    site = written(tmp_path, f'home_url = "https://exemple.fr/"\n{line}\n')
    sentence = refused(site)
    assert sentence.startswith(site)
    assert said in sentence


@pytest.mark.parametrize("home", ["exemple.fr", "ftp://exemple.fr/", "https://", "https://a b.fr/"])
def test_a_home_page_is_a_web_address(tmp_path: Path, home: str) -> None:
    assert "is not an http or https address" in refused(written(tmp_path, f'home_url = "{home}"'))


def test_loopback_may_be_quick(tmp_path: Path) -> None:
    for home in ("http://127.0.0.1:8765/", "http://localhost/", "http://[::1]:80/"):
        assert load(written(tmp_path, f'home_url = "{home}"\ndelay = 0')).delay == 0
        assert is_loopback(home)
    assert not is_loopback("http://127.0.0.1.evil.org/")


def test_unknown_sites_and_unreadable_files(tmp_path: Path) -> None:
    sentence = refused("anegenetet.fr")
    assert "did you mean “annegenetet.fr”" in sentence
    assert "demo" in sentence
    assert "address" in sentence
    assert "cannot be read" in refused(str(tmp_path / "absent.toml"))
    assert "cannot be read" in refused(f"{tmp_path}/")
    assert "not a usable address" in refused("https://")
    assert "not a usable address" in refused("ftp://example")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    assert "not UTF-8" in refused(str(tmp_path / "latin.toml"))
    for odd in ("", " ", "\x00", "a/\x00.toml", "x" * 5_000):
        refused(odd)


def test_rules_add_nothing_by_default() -> None:
    assert load("https://exemple.fr/").rules == Rules()
