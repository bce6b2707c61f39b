"""Comment counts in words, and which source of a page wins."""

import pytest

from archiver.extract.counts import count_in_words
from archiver.extract.facts import Counts
from tests.extract_pages.golden import read

LD = '<script type="application/ld+json">{"@type":"Article","headline":"T",%s}</script>'
PAGE = (
    '<body class="single-post postid-1"><h1>T</h1><div class="entry-content"><p>Texte.</p></div>%s'
)


@pytest.mark.parametrize(
    ("phrase", "count"),
    [
        ("120 Responses", 120),
        ("3 commentaires", 3),
        ("1 commentaire", 1),
        ("Pas de commentaire", 0),
        ("Aucun commentaire", 0),
        ("No Comments", 0),
        ("10 commentaires", 10),
        ("Une réponse à « 5 mesures pour 2020 »", 1),
        ("3 réflexions sur “Plan 2019”", 3),
        ("Join the Conversation: 2 Comments", 2),
        ("1 234 commentaires", 1234),
        ("1\u202f234 commentaires", 1234),
        ("1.2K Comments", None),
        ("Commentaires", None),
        ("Laisser un commentaire", None),
        ("22 novembre 2019", None),
        ("", None),
    ],
)
def test_a_count_in_words(phrase: str, count: int | None) -> None:
    assert count_in_words(phrase) == count


def wpdiscuz(info: str) -> str:
    return f'<div id="comments"><div id="wpdcom">{info}</div></div>'


@pytest.mark.parametrize(
    ("markup", "counts"),
    [
        ("", Counts()),
        (
            wpdiscuz('<p class="wpd-thread-info" data-comments-count="1234"><b class="wpdtc">1.2K'),
            Counts(1234),
        ),
        (
            wpdiscuz('<div class="wpd-thread-info"><b class="wpdtc" title="1234">1.2K'),
            Counts(1234),
        ),
        (wpdiscuz('<div class="wpd-thread-info"><b class="wpdtc">1.2K'), Counts()),
        (wpdiscuz('<div class="wpd-thread-info"><b class="wpdtc">12'), Counts(12)),
        (LD % '"commentCount":7' + wpdiscuz('<i class="wpd-thread-info" data-comments-count="8">'),
         Counts(8)),
        (LD % '"commentCount":7', Counts(7)),
        (LD % '"commentCount":"7"', Counts(7)),
        (LD % '"commentCount":true', Counts()),
        (LD % '"commentCount":-1', Counts()),
        (
            LD % '"interactionStatistic":[{"interactionType":{"@type":"LikeAction"},'
            '"userInteractionCount":9},{"interactionType":"https://schema.org/CommentAction",'
            '"userInteractionCount":4}]',
            Counts(4),
        ),
        (
            LD % '"aggregateRating":{"ratingValue":"4.5","ratingCount":2}',
            Counts(None, 2, 4.5),
        ),
        (
            '<div id="wpd-post-rating"><b class="wpdrv">4.3</b><b class="wpdrc">12</b></div>',
            Counts(None, 12, 4.3),
        ),
        ('<div id="wpd-post-rating"><b class="wpdrv">x</b><b class="wpdrc">-</b></div>', Counts()),
        ('<div id="comments"><h2 class="comments-title">Une réponse</h2></div>', Counts(1)),
    ],
)  # fmt: skip
def test_the_counts_of_a_page(markup: str, counts: Counts) -> None:
    article = read((PAGE % markup).encode()).article
    assert article is not None
    assert article.counts == counts
