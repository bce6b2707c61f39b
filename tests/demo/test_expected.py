"""The expected facts and the content they are derived from."""

from collections import Counter

import pytest

from archiver.demo import ExpectedArticle, expected


def by_id(state: int) -> dict[int, ExpectedArticle]:
    return {article.post_id: article for article in expected(state)}


@pytest.mark.parametrize("state", [1, 2])
def test_identities_addresses_and_texts_are_unique_and_newest_come_first(state: int) -> None:
    articles = expected(state)
    for values in (
        [article.post_id for article in articles],
        [article.path for article in articles],
        [article.body_text for article in articles if not article.protected],
    ):
        assert len(set(values)) == len(values)
    moments = [article.published_at for article in articles]
    assert moments == sorted(moments, reverse=True)


def test_the_site_is_large_and_varied_enough() -> None:
    articles = expected(1)
    assert len(articles) >= 60
    assert {article.published_on[:4] for article in articles} == {str(2017 + n) for n in range(8)}
    statuses = Counter(question.status for article in articles for question in article.questions)
    assert set(statuses) == {"answered", "pending", "withdrawn", "lapsed", "unknown"}
    assert {q.type for article in articles for q in article.questions} == {"QE", "QG", "QOSD", None}
    assert Counter(article.kind for article in articles)["news"] >= 15
    assert sum(article.protected for article in articles) == 2
    assert {len(article.questions) for article in articles} == {0, 1, 3, 4}


@pytest.mark.parametrize("state", [1, 2])
def test_every_fact_of_a_question_is_printed(state: int) -> None:
    for article in expected(state):
        for question in article.questions:
            for fact in (
                *(question.addressee, question.demand, question.author, question.number),
                *(question.question, question.answer),
            ):
                assert fact is None or fact in (article.body_text or ""), article.slug


def test_an_answer_is_there_exactly_when_the_question_is_answered() -> None:
    for article in expected(1) + expected(2):
        for question in article.questions:
            assert (question.answer is not None) == (question.status == "answered"), article.slug


def test_drafts_private_and_future_posts_are_not_expected() -> None:
    slugs = {article.slug for state in (1, 2) for article in expected(state)}
    hidden = {"brouillon-agenda-de-printemps", "brouillon-voeux-2018", "compte-rendu-interne"}
    assert not slugs & (hidden | {"annonce-programmee"})


def test_the_second_state_differs_as_its_file_says() -> None:
    first, second = by_id(1), by_id(2)
    assert second.keys() - first.keys() == {2690}
    assert first.keys() - second.keys() == {2044}
    changed = {number for number in first.keys() & second.keys() if first[number] != second[number]}
    assert changed == {1187, 1131, 2614, 2672, 1893, 2655, 2641, 2601}
    assert second[1187].comment_count == first[1187].comment_count + 2
    assert second[1187].modified_at == first[1187].modified_at
    assert (second[1187].vote_count, second[1187].rating) == (3, 4.3)
    for number in (1893, 2672):
        assert (first[number].questions[0].status, first[number].questions[0].answer) == (
            "pending",
            None,
        )
        assert second[number].questions[0].status == "answered"
    before, after = first[2655].questions[0], second[2655].questions[0]
    assert before.question == after.question
    assert before.answer != after.answer
    assert (first[2641].path, second[2641].path) == (
        "/la-question-du-train-du-dimanche-soir/",
        "/le-train-du-dimanche-soir-circule-de-nouveau/",
    )
    assert first[2601].title != second[2601].title
