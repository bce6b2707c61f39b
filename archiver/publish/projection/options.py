"""What an operator decides of a publication: its two addresses, readers' own SQL, a password.

The two addresses are two origins: what sites sent runs on the second only.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from archiver.errors import BadInput


@dataclass(frozen=True, slots=True)
class Options:
    """`address` and `replay_address` are given both or not at all, without their last slash;
    `sql` lets readers write SQL of their own, `private` asks for a password."""

    address: str | None = None
    replay_address: str | None = None
    sql: bool = False
    private: bool = False

    @property
    def secure(self) -> bool:
        """Whether readers come by HTTPS."""
        return (self.address or "").startswith("https://")


def options_of(
    address: str | None, replay_address: str | None, *, sql: bool, private: bool
) -> Options:
    """Options as given on the command line; BadInput says what is wrong with an address."""
    if (address is None) != (replay_address is None):
        raise BadInput("Give --address and --replay-address together: they are two origins.")
    first, second = _origin(address), _origin(replay_address)
    if first is not None and first == second:
        raise BadInput(
            "The replay needs an address of its own, such as https://replay.example.org: captured "
            "pages must not run where the reading site is."
        )
    return Options(first, second, sql, private)


def _origin(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    whole = f"{parts.scheme}://{parts.netloc}" if valid else ""
    plain = valid and parts.netloc.isascii() and not set(parts.netloc) & set("@'\"\\ ;{}$")
    if not plain or parts.scheme not in {"http", "https"} or address.rstrip("/") != whole:
        raise BadInput(
            f"{address} is not the address of a site: give one such as https://archive.example.org."
        )
    return whole.lower()
