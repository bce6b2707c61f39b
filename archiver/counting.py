"""Numbers in the sentences that commands print."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`; `many` is the plural of a word that takes more than an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
