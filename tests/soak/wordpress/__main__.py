"""Run the WordPress by hand: `python -m tests.soak.wordpress [VARIANT]`, Ctrl-C ends it."""

import argparse
import signal
import sys
from contextlib import suppress

from tests.soak.wordpress.packages import Missing
from tests.soak.wordpress.server import NotStarted
from tests.soak.wordpress.site import VARIANTS, running


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.wordpress", description=__doc__)
    parser.add_argument("variant", nargs="?", choices=VARIANTS, default="default")
    parser.add_argument("--later", action="store_true", help="as it is at the second crawl")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt), running() as site:
            if options.later:
                site.insert("later.yaml")
            site.apply(VARIANTS[options.variant])
            sys.stdout.write(site.url + "\n")
            sys.stdout.flush()
            signal.pause()
    except (Missing, NotStarted) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
