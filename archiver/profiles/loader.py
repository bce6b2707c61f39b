"""A site's name, file or address to its `Profile`, laid over the generic WordPress rules.

A bundled profile and one that a user writes are the same kind of TOML file; a bare address needs
none. Whatever is wrong with a file is said in one sentence that names the file and the key.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from archiver.errors import BadInput
from archiver.profiles.checks import check, check_politeness, web_host
from archiver.profiles.model import Profile
from archiver.profiles.reading import Plain, make, near, plain

GENERIC = "wordpress"


def names() -> tuple[str, ...]:
    """The names of the bundled profiles, sorted."""
    found = (entry.name for entry in files("archiver.profiles").iterdir())
    stems = (name.removesuffix(".toml") for name in found if name.endswith(".toml"))
    return tuple(sorted(stem for stem in stems if stem != GENERIC))


def load(site: str) -> Profile:
    """The profile of a bundled name, of a TOML file, or of a site's address (generic rules).

    BadInput when there is no such site or file, or the file has a mistake.
    """
    if site in names():
        return _from_toml(_bundled(site), site, f"profile {site}")
    if web_host(site):
        host = web_host(site).lower().removeprefix("www.")
        return _over_generic({"home_url": site}, host, site)
    if "://" in site or site.startswith(("http:", "https:")):
        raise BadInput(f"“{site}” is not a usable address: write it as https://example.org/.")
    path = Path(site)
    if site.endswith(".toml") or "/" in site:
        return _from_toml(_read(path), path.stem, site)
    raise BadInput(
        f"“{site}” is not a known site{near(site, names())}: use {', '.join(names())},"
        " a TOML file or the site's address (https://…)."
    )


def to_mapping(profile: Profile) -> Plain:
    """The whole profile as data for JSON; `from_mapping` gives the equal profile back."""
    return plain(profile)


def from_mapping(mapping: Mapping[str, object]) -> Profile:
    """The profile that `to_mapping` wrote; BadInput when the data is something else."""
    profile = make(Profile, mapping, "stored profile")
    check(profile, "stored profile")
    return profile


def _bundled(name: str) -> str:
    return files("archiver.profiles").joinpath(f"{name}.toml").read_text(encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: the file is not UTF-8 text.") from None
    except ValueError:
        raise BadInput(f"{str(path)!r}: not a file name.") from None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise BadInput(f"{path}: the file cannot be read ({reason}).") from None


def _from_toml(text: str, name: str, where: str) -> Profile:
    data = _parsed(text, where)
    if "name" in data:
        raise BadInput(f"{where}: unknown key “name”: a profile is named by its file.")
    profile = _over_generic(data, name, where)
    check_politeness(profile, where)
    return profile


def _over_generic(data: dict[str, Any], name: str, where: str) -> Profile:
    generic = _parsed(_bundled(GENERIC), GENERIC)
    merged = {**generic, **data, "name": name}
    if isinstance(data.get("exclude"), list):
        merged["exclude"] = [*generic["exclude"], *data["exclude"]]
    profile = make(Profile, merged, where)
    check(profile, where)
    return profile


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where}: not valid TOML, {error}.") from None
