"""Numbers in sentences."""

from archiver.counting import counted


def test_one_is_singular() -> None:
    numbers = (0, 1, 2)
    assert [counted(n, "file") for n in numbers] == ["0 files", "1 file", "2 files"]
    assert [counted(n, "address", "addresses") for n in numbers][1:] == ["1 address", "2 addresses"]
