"""The one real article at hand, read exactly; it lies beside the repository, never in it."""

from pathlib import Path

import pytest

from archiver.extract.blocks import Block
from archiver.extract.questions import split

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "article.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the article is not beside this repository")
def test_the_article_is_split_exactly() -> None:
    text = SEED.read_text("utf-8")
    title, question, answer = "22 novembre, 2019", "Question:", "Réponse:"
    body = text[text.index(title) + len(title) : text.index("0 0 votes")]
    asked = body[body.index(question) + len(question) : body.index(answer)].strip()
    answered = body[body.index(answer) + len(answer) :].strip()

    for part in (body, text):  # the page's chrome around the article changes nothing
        blocks = tuple(Block(line.strip()) for line in part.splitlines() if line.strip())
        result = split(blocks, title="Plan triennal")
        assert result.kind == "question"
        assert result.problems == ()
        (found,) = result.questions
        assert found.question == asked
        assert found.answer == answered
        assert found.status == "answered"
        assert found.demand == asked[asked.index("Elle souhaite connaître") :]
        assert found.addressee == asked[asked.index("Mme la secr") : asked.index(", sur la mise")]
        assert found.author == asked[: asked.index(" appelle")]
        assert (found.type, found.number, found.asked_on, found.answered_on) == (None,) * 4
