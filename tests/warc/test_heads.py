"""The end of a header is where the first empty line is, as a regular expression finds it."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.warc.heads import head_end

EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
pieces = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a: b", b""]), max_size=12).map(b"".join)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(pieces, st.integers(0, 4), st.integers(0, 30))
def test_the_first_empty_line_ends_the_header(data: bytes, start: int, stop: int) -> None:
    expected = EMPTY_LINE.search(data, start, stop)
    assert head_end(data, start, stop) == (expected.span() if expected else None)
    whole = EMPTY_LINE.search(data)
    assert head_end(data) == (whole.span() if whole else None)
