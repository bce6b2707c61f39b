"""The signature of the deputy who publishes an answer, below it: a name, an office, or both."""

import re

from archiver.extract.blocks import Block

_CALLED = r"[A-ZÀ-Þ][\w'’.-]+(?:[ \u00a0][A-ZÀ-Þ][\w'’.-]+){1,3}"
_NAME = re.compile(rf"{_CALLED} ?,?")
_SIGNATURE = re.compile(
    rf"(?P<name>{_CALLED}, ?)?(?:[Vv]otre )?(?:[Dd]éputée?|[Ss]énat(?:eur|rice)) "
    r"(?:de |du |des |d['’])[^.:;!?]{2,80}"
)


def parted_from_signature(lines: list[Block]) -> tuple[list[Block], list[Block]]:
    """An answer without the signature that ends it, and that signature."""
    if len(lines) < 2 or not (found := _SIGNATURE.fullmatch(lines[-1].text)):
        return lines, []
    named = found["name"] is None and len(lines) > 2 and _NAME.fullmatch(lines[-2].text)
    end = len(lines) - (2 if named else 1)
    return lines[:end], lines[end:]
