"""Everything peculiar to one site, as data: one TOML file a site, and the `Profile` it makes."""

from archiver.profiles.loader import from_mapping, load, names, to_mapping

__all__ = ["from_mapping", "load", "names", "to_mapping"]
