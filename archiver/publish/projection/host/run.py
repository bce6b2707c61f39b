"""Serves this publication: `python run.py --help` says how.

The program is the one that made the current version; nothing here is installed on the system.
"""

import json
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

description = json.loads((HERE / "current" / "publication.json").read_text(encoding="utf-8"))
sys.path.insert(0, str(HERE / "programs" / description["program"]))
sys.argv[1:1] = [str(HERE)]
runpy.run_module("archiver.publish.hosting", run_name="__main__", alter_sys=True)
