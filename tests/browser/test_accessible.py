"""What axe-core finds on the pages of proof and replay: nothing."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Served, Watched, serve
from tests.publish import held
from tests.publish.held import ARTICLE, THIRD, HeldArchive

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> HeldArchive:
    return held.hold(tmp_path_factory.mktemp("held") / "data")


@pytest.fixture(scope="module")
def served(archive: HeldArchive) -> Iterator[Served]:
    yield from serve(archive.folder.root)


@pytest.mark.parametrize("width", [360, 1400])
def test_proof_and_replay(
    watched: Watched, served: Served, archive: HeldArchive, width: int
) -> None:
    proof = f"{served.reading}/preuve/{archive.records[(ARTICLE, THIRD)]}"
    addresses = (
        proof,
        f"{proof}/verifier",
        f"{served.replay}/",
        f"{served.replay}/?{urlencode({'url': 'https://ailleurs.example/'})}",
        f"{served.replay}/?{urlencode({'url': ARTICLE})}",
    )
    watched.page.set_viewport_size({"width": width, "height": 900})
    for address in addresses:
        watched.page.goto(address)
        found = Axe().run(watched.page, options={"iframes": False}).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, address
    assert watched.outside == []
