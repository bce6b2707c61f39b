"""Days in every written form, and nothing where no full day is written."""

import pytest

from archiver.extract.dates import day_in, day_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("22 novembre, 2019", "2019-11-22"),
        ("22 novembre 2019", "2019-11-22"),
        ("22\u00a0novembre\u202f2019", "2019-11-22"),
        ("1er mars 2021", "2021-03-01"),
        ("1 er mars 2021", "2021-03-01"),
        ("1ᵉʳ mars 2021", "2021-03-01"),
        ("1 juillet, 2021", "2021-07-01"),
        ("ter janvier 2020", "2020-01-01"),
        ("24/06/2019", "2019-06-24"),
        ("4/6/2019", "2019-06-04"),
        ("24.06.2019", "2019-06-24"),
        ("24-06-2019", "2019-06-24"),
        ("2019-06-24", "2019-06-24"),
        ("Fév 28 2013", "2013-02-28"),
        ("3 sept. 2020", "2020-09-03"),
        ("2 AOÛT 2019", "2019-08-02"),
        ("2 AOUT 2019", "2019-08-02"),
        ("29 fevrier 2020", "2020-02-29"),
        ("22 November, 2019", "2019-11-22"),
        ("November 22nd, 2019", "2019-11-22"),
        ("Publié le mardi 22 novembre, 2019 à 14h30", "2019-11-22"),
        ("Mis en ligne le 22/11/2019", "2019-11-22"),
        ("Vendredi 22 novembre 2019", "2019-11-22"),
        ("En ligne le 22 novembre 2019", "2019-11-22"),
        ("Publié le 22 novembre 2019 par Claire Vasseur", "2019-11-22"),
        ("22 novembre 2019 • 3 min de lecture", "2019-11-22"),
    ],
)
def test_a_day(written: str, day: str) -> None:
    assert day_of(written) == day
    assert day_in(f"Texte du {written}.") == day


@pytest.mark.parametrize(
    "written",
    [
        "mardi 3 février",
        "novembre 2019",
        "2019",
        "2019 – 2021",
        "31 février 2020",
        "29 février 2019",
        "24/06/19",
        "13/13/2020",
        "11/22/2019",
        "0 mars 2020",
        "32 mars 2020",
        "22 novembre 20191",
        "22 brumaire 2019",
        "",
    ],
)
def test_nothing_is_invented(written: str) -> None:
    assert day_of(written) is None
    assert day_in(written) is None


def test_the_first_full_day_is_taken() -> None:
    assert day_in("entre le 1er au 5 juillet 2019, puis le 6 août 2020") == "2019-07-05"
    assert day_in("le 31 juin 2019 ou le 1er juillet 2019") == "2019-07-01"


def test_a_sentence_with_a_day_is_not_a_day() -> None:
    assert day_of("La fête du 22 novembre 2019 a réuni du monde") is None
