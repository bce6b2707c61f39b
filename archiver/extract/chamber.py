"""Which chamber the elected person of a site sits in, as the site calls itself."""

import re

from archiver.extract.text import skeleton
from archiver.profiles.model import Chamber

_DEPUTY = re.compile(r"\bdeputee?\b(?! europeen)")
_SENATOR = re.compile(r"\bsenat(?:eur|rice)\b")


def chamber_in(*texts: str | None) -> Chamber | None:
    """The chamber that a site's name or motto names (« Claire Vasseur, députée du Val »); None when
    it names none or both."""
    words = skeleton(" | ".join(text for text in texts if text))
    deputy, senator = _DEPUTY.search(words), _SENATOR.search(words)
    if bool(deputy) == bool(senator):
        return None
    return "AN" if deputy else "Sénat"
