"""What links to the official records of questions say, and which chamber a site is of."""

import pytest

from archiver.extract.chamber import chamber_in
from archiver.extract.facts import Question
from archiver.extract.official import Record, record_at
from tests.extract_pages.golden import HOME, read

ASSEMBLEE = "https://questions.assemblee-nationale.fr"
SENAT = "https://www.senat.fr/questions/base/2019/qSEQ190811849.html"


@pytest.mark.parametrize(
    ("url", "record"),
    [
        (f"{ASSEMBLEE}/q15/15-25201QE.htm", Record("AN", "25201", "QE", 15)),
        ("http://questions.assemblee-nationale.fr/q9/9-12QG.htm", Record("AN", "12", "QG", 9)),
        (f"{ASSEMBLEE}/dyn/15/questions/QANR5L15QE25201", Record("AN", "25201", "QE", 15)),
        (
            "https://www.assemblee-nationale.fr/dyn/16/questions/QANR5L16QOSD204.pdf",
            Record("AN", "204", "QOSD", 16),
        ),
        (SENAT, Record("Sénat", "11849", "QE")),
        ("http://senat.fr/questions/base/2019/qSEQ19080849G.html", Record("Sénat", "0849", "QG")),
        (f"{ASSEMBLEE}/q15/16-25201QE.htm", None),
        (f"{ASSEMBLEE}/dyn/15/questions/QANR5L16QE25201", None),
        (f"{ASSEMBLEE}/", None),
        ("https://assemblee-nationale.fr.example/q15/15-25201QE.htm", None),
        ("https://faux-senat.fr/questions/base/2019/qSEQ190811849.html", None),
    ],
)
def test_the_record_at_an_address(url: str, record: Record | None) -> None:
    assert record_at(url) == record


def questions_with(end: str, number: str = "") -> tuple[Question, ...]:
    page = f"""<body class="single-post postid-7"><article class="post"><h1 class="entry-title"
        >Le lac</h1><time class="entry-date" datetime="2019-08-01">1 août 2019</time><div
        class="entry-content"><p><strong>Question{number} :</strong></p><p>Mme Claire Vasseur attire
        l’attention de Mme la ministre de la mer sur le lac. Elle lui demande ce qu’elle fera.</p>
        <p><strong>Réponse :</strong></p><p>Le lac sera mesuré. Il est entendu que ses rives le
        seront aussi.</p>{end}</div></article></body>"""
    article = read(page.encode(), f"{HOME}lac/").article
    assert article is not None
    return article.questions


def link(path: str, words: str = "La question sur le site de l’Assemblée") -> str:
    return f'<a href="{ASSEMBLEE}/{path}">{words}</a>'


def identity(question: Question) -> tuple[str | None, str | None, int | None]:
    return question.type, question.number, question.legislature


def test_a_line_that_leads_to_the_record_names_the_only_question() -> None:
    (question,) = questions_with(f"<p><em>{link('q15/15-25201QE.htm')}</em></p>")
    assert identity(question) == ("QE", "25201", 15)


@pytest.mark.parametrize(
    "end",
    [
        f"<p>{link('q15/15-25201QE.htm')}</p><p>{link('q15/15-25202QE.htm')}</p>",
        f"<p>{link('q15/15-9QE.htm', 'Celle-ci')} tarde{', comme tant d’autres' * 12}.</p>",
        f"<p>Lire aussi : {link('q15/15-9QE.htm', 'ma question sur les ports')}</p>",
        f"<p>Elle l’avait interrogée {link('q15/15-9QE.htm', 'en 2018')}.</p>",
    ],
)
def test_what_may_be_another_questions_record_says_nothing(end: str) -> None:
    (question,) = questions_with(end)
    assert identity(question) == (None, None, None)


def test_the_record_with_the_questions_number_says_the_rest() -> None:
    links = f"<p>{link('q15/15-25202QE.htm')}</p><p>{link('q15/15-25201QE.htm')}</p>"
    (question,) = questions_with(links, " n° 25 201")
    assert question.number is not None
    assert identity(question) == ("QE", question.number, 15)


def test_a_type_that_the_page_states_otherwise_is_left() -> None:
    (question,) = questions_with(f"<p>{link('q15/15-25201QG.htm')}</p>", " écrite n° 25201")
    assert identity(question) == ("QE", "25201", None)


@pytest.mark.parametrize(
    ("texts", "chamber"),
    [
        (("Claire Vasseur, députée du Val",), "AN"),
        (("Claire Vasseur", "Sénatrice du Val-Fictif"), "Sénat"),
        (("Claire VASSEUR - DÉPUTÉE", None), "AN"),
        (("Claire Vasseur", "Ancienne sénatrice, députée du Val"), None),
        (("Claire Vasseur, députée européenne",), None),
        (("Claire Vasseur", None), None),
    ],
)
def test_the_chamber_a_site_names(texts: tuple[str | None, ...], chamber: str | None) -> None:
    assert chamber_in(*texts) == chamber


@pytest.mark.parametrize(("path", "chamber"), [("", "AN"), ("lac/", None)])
def test_the_home_page_speaks_for_the_site(path: str, chamber: str | None) -> None:
    page = b"<title>Claire Vasseur</title><meta name=description content='Deputee du Val'><p>Lac."
    assert read(page, f"{HOME}{path}").chamber == chamber
