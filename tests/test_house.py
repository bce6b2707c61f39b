"""The rule of the house: a floor imports only the floors named in its row of the design."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

GROUND = {"errors", "instants", "counting", "folder", "__version__"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "instants": set(),
    "counting": set(),
    "folder": set(),
    "jobs": set(),
    "provenance": {"profiles"},
    "closing": {"profiles", "provenance", "store", "warc"},
    "profiles": set(),
    "warc": set(),
    "extract": {"profiles"},
    "store": {"extract"},
    "ingest": {"warc", "extract", "store", "profiles", "provenance", "closing"},
    "spans": {"warc", "store", "provenance", "closing", "ingest"},
    "suppression": {"warc", "store"},
    "crawl": {"warc", "ingest", "store", "profiles", "provenance", "closing"},
    "spiders": {"extract", "profiles"},
    "publish": {"store", "warc", "suppression"},
    "ops": {
        "warc",
        "ingest",
        "spans",
        "store",
        "suppression",
        "profiles",
        "provenance",
        "jobs",
        "demo",
    },
    "demo": set(),
}


def floor_of(module: str) -> str:
    """`archiver.warc.reader` lives on the floor `warc`, `spiders.news` on `spiders`."""
    first, *rest = module.split(".")
    return rest[0] if first == "archiver" and rest else first


def imported_floors(path: Path) -> set[str]:
    floors = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the floor"
            module = node.module or ""
            names = (
                [f"archiver.{alias.name}" for alias in node.names]
                if module == "archiver"
                else [module]
            )
        else:
            continue
        floors |= {
            floor_of(name) for name in names if name.split(".")[0] in {"archiver", "spiders"}
        }
    return floors


FILES = sorted(
    path
    for package in ("archiver", "spiders")
    for path in (ROOT / package).rglob("*.py")
    if path not in {ROOT / "archiver/__init__.py", ROOT / "archiver/__main__.py"}
    and ROOT / "archiver/cli" not in path.parents
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_floor_imports_only_what_its_row_allows(path: Path) -> None:
    relative = path.relative_to(ROOT).with_suffix("")
    floor = floor_of(".".join(relative.parts))
    allowed = MAY_IMPORT[floor] | GROUND | {floor}
    assert imported_floors(path) <= allowed
