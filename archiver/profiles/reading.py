"""Plain data (from TOML or JSON) to the profile's dataclasses and back, by their type hints.

Every key is known and every value has its declared type, or a sentence says which key is wrong and
which one was perhaps meant. A new field of a dataclass needs no change here.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from archiver.errors import BadInput

Plain = dict[str, "str | int | float | bool | list[Any] | dict[str, Any]"]
_Made = TypeVar("_Made")

_CALLED: dict[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a day such as 2021-05-31",
}


def make(kind: type[_Made], data: object, where: str, prefix: str = "") -> _Made:
    """An instance of the dataclass `kind` from a mapping; `where` names the file and `prefix` the
    table in messages. BadInput on an unknown or missing key or a wrong type."""
    if not isinstance(data, Mapping):
        raise BadInput(f"{where}: {prefix.rstrip('.')} must be a table of keys and values.")
    hints = get_type_hints(kind)
    for key in data:
        if key not in hints:
            raise BadInput(f"{where}: unknown key “{prefix}{key}”{near(str(key), hints)}.")
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        name = field.name
        if name in data:
            values[name] = _value(hints[name], data[name], where, f"{prefix}{name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BadInput(f"{where}: the key “{prefix}{name}” is missing.")
    return kind(**values)


def plain(made: object) -> Plain:
    """A dataclass as data that JSON and TOML can hold; fields at None are left out."""
    return {
        field.name: _plain_value(value)
        for field in fields(made)  # type: ignore[arg-type]
        if (value := getattr(made, field.name)) is not None
    }


def near(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """“ (did you mean “x”?)” when a known word is close, else nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f" (did you mean “{close[0]}”?)" if close else ""


def _plain_value(value: object) -> Any:
    if is_dataclass(value):
        return plain(value)
    if isinstance(value, tuple):
        return [_plain_value(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _value(hint: Any, value: object, where: str, key: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(next(one for one in arguments if one is not type(None)), value, where, key)
    if origin is tuple:
        if not isinstance(value, list):
            raise BadInput(f"{where}: {key} must be a list, such as [{_sample(arguments[0])}].")
        return tuple(
            _value(arguments[0], item, where, f"{key}[{number}]")
            for number, item in enumerate(value)
        )
    if origin is Literal:
        if value not in arguments:
            choices = " or ".join(f"“{choice}”" for choice in arguments)
            raise BadInput(f"{where}: {key} must be {choices}.")
        return value
    if is_dataclass(hint) and isinstance(hint, type):
        return make(hint, value, where, f"{key}.")
    return _scalar(hint, value, where, key)


def _scalar(hint: type, value: object, where: str, key: str) -> object:
    if hint is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            value = None
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    exact = not (hint in (int, float) and isinstance(value, bool)) and not (
        hint is date and isinstance(value, datetime)
    )
    if not (isinstance(value, hint) and exact):
        raise BadInput(f"{where}: {key} must be {_CALLED[hint]}.")
    return value


def _sample(hint: Any) -> str:
    return {str: '"…"', int: "1, 2"}.get(hint, "…")
