"""No-break spaces where French has them, put into the words of our own templates as they are
compiled: before « : ; ? ! » » and after « « » and « n° ». What a template prints of the archive is
left as it is. Rules of the Imprimerie nationale."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from archiver.publish.site.formats import NO_BREAK

OURS = "site/"
_BREAKING = re.compile(r"(?<=\S) (?=[:;?!»](?!\w))|^ (?=[:;?!»](?!\w))|(?<=[«°]) ")


def bound(text: str) -> str:
    """The text with its marks bound to their words."""
    return _BREAKING.sub(NO_BREAK, text)


class FrenchSpaces(Extension):
    """Binds the marks of what stands in a template between its tags."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, its text bound if the template is ours."""
        ours = (stream.name or "").startswith(OURS)
        for token in stream:
            if ours and token.type == "data":
                yield Token(token.lineno, "data", bound(token.value))
            else:
                yield token
