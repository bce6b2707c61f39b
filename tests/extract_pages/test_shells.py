"""One article in four theme shapes gives the same facts, whichever theme draws it.

The real article lies beside the repository, never in it; its fictional twin always runs.
"""

from pathlib import Path

import pytest

from archiver.extract.facts import Role
from tests.extract_pages.golden import read
from tests.extract_pages.shells import LINES, SHELLS, page

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "article.txt"
TAIL = (
    "0 0 votes",
    "Évaluation de l'article",
    "Partager cette publication :",
    "Commentaire",
    "S’abonner",
    "0 Commentaires",
    "Vous avez une minute ? Aidez-moi à vous aider !",
    "Mobilisez-vous à mes côtés pour les sujets qui vous tiennent à cœur, quels qu’ils soient.",
)
TWIN = (
    "Plan départemental de réouverture des haltes ferroviaires",
    "Question:",
    (
        "Mme Claire Vasseur appelle l’attention de Mme la secrétaire d’État auprès du ministre de "
        "la transition écologique, chargée des mobilités, sur les haltes ferroviaires. Elle "
        "souhaite connaître le calendrier de ce plan."
    ),
    "Réponse:",
    (
        "Le plan a été présenté le 18\u00a0octobre 2019. Il s’articule autour de 3 axes\u00a0: "
        "voies, gares, horaires. Le Gouvernement est pleinement mobilisé."
    ),
)


def seed() -> tuple[str, ...]:
    """The real article: title, label, question, label, answer."""
    lines = [line for line in SEED.read_text("utf-8").splitlines() if line.strip()]
    asked = lines.index("Question:")
    return (lines[asked - 2], *lines[asked : asked + 4])


def real_tail() -> LINES:
    """What a reader sees after the real article."""
    lines = [line for line in SEED.read_text("utf-8").splitlines() if line.strip()]
    return tuple(lines[lines.index("Question:") + 4 :])


def check(shell: str, article: tuple[str, ...], tail: LINES) -> None:
    title, *text = article
    body = page(
        shell,
        title=title,
        category="Actualité",
        day="22 novembre, 2019",
        text=tuple(text),
        tail=tail,
    )
    facts = read(body, "https://claire-vasseur.example/plan/")
    assert facts.role is Role.ARTICLE
    assert facts.problems == ()
    assert facts.article is not None
    found = facts.article
    assert (found.title, found.kind, found.published_on) == (title, "question", "2019-11-22")
    assert found.body_text == "\n\n".join(text)
    (question,) = found.questions
    assert (question.question, question.answer) == (text[1], text[3])
    assert question.status == "answered"
    assert (found.categories, found.tags) == (("Actualité",), ())
    assert found.counts.comments == (None if shell == "blocks" else 0)
    votes = 0 if shell in ("elementor", "bare") else None
    assert found.counts.votes == votes


@pytest.mark.parametrize("shell", SHELLS)
def test_the_fictional_article(shell: str) -> None:
    check(shell, TWIN, TAIL)


@pytest.mark.skipif(not SEED.exists(), reason="the article is not beside this repository")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_real_article(shell: str) -> None:
    check(shell, seed(), real_tail())
