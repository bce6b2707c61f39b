"""The expected facts and the content they are derived from."""

import pytest

from archiver.demo import expected


@pytest.mark.parametrize("state", [1, 2])
def test_identities_and_addresses_are_unique_and_newest_come_first(state: int) -> None:
    articles = expected(state)
    assert len({article.post_id for article in articles}) == len(articles)
    assert len({article.path for article in articles}) == len(articles)
    days = [article.published_at for article in articles]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("state", [1, 2])
def test_addressees_and_demands_are_printed_in_their_questions(state: int) -> None:
    for article in expected(state):
        for question in article.questions:
            for fact in (question.addressee, question.demand):
                assert fact is None or fact in question.question, article.slug


def test_drafts_private_and_future_posts_are_not_expected() -> None:
    slugs = {article.slug for state in (1, 2) for article in expected(state)}
    assert not slugs & {"brouillon-agenda-de-printemps", "compte-rendu-interne"}
    assert "annonce-programmee" not in slugs
