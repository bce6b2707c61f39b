"""`python -m archiver.demo [PORT [ARTICLES]]` serves the sample site until it is interrupted.

For measurements, where the site must not share a process with what is measured.
"""

import sys
import threading

from archiver.demo.server import DEMO_PORT, DemoSite

port = int(sys.argv[1]) if len(sys.argv) > 1 else DEMO_PORT
articles = int(sys.argv[2]) if len(sys.argv) > 2 else None
try:
    with DemoSite(port=port, articles=articles) as site:
        sys.stdout.write(f"{site.url}\n")
        sys.stdout.flush()
        threading.Event().wait()
except KeyboardInterrupt:
    sys.exit(0)
