"""What the WordPress under test needs from the machine, and a clear sentence where it is missing.

Debian 12 and later; the names of packages and paths are Debian's.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

INSTALL = (
    "apt-get install --no-install-recommends nginx-light php-fpm php-cli php-mysql php-mbstring "
    "php-xml php-gd mariadb-server wordpress wordpress-l10n wordpress-theme-twentytwentyone "
    "wordpress-theme-twentytwentytwo wordpress-theme-twentytwentythree"
)
CODE = Path("/usr/share/wordpress")
SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"


class Missing(Exception):
    """A package of Debian that the WordPress under test needs is not installed."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs, as absolute paths."""

    mariadb_install_db: str
    mariadbd: str
    mariadb: str
    php: str
    php_fpm: str
    nginx: str


def find() -> Tools:
    """The installed programs; `Missing` says which are not there and how to install them."""
    names = {
        "mariadb_install_db": "mariadb-install-db",
        "mariadbd": "mariadbd",
        "mariadb": "mariadb",
        "php": "php",
        "nginx": "nginx",
    }
    found = {field: shutil.which(name, path=SBIN) for field, name in names.items()}
    fpm = sorted(Path("/usr/sbin").glob("php-fpm*"))
    found["php_fpm"] = str(fpm[-1]) if fpm else None
    missing = [names.get(field, "php-fpm") for field, path in found.items() if path is None]
    missing += [
        str(path)
        for path in (CODE / "wp-load.php", CODE / "wp-content/languages/fr_FR.mo")
        if not path.exists()
    ]
    if missing:
        raise Missing(f"{', '.join(missing)} not found; install with: {INSTALL}")
    return Tools(**{field: path for field, path in found.items() if path is not None})
