"""Twenty random searches: page, tables, JSON and feed say the same, in the same order."""

import random
from urllib.parse import urlencode, urlsplit

import pytest
from datasette.app import Datasette

from archiver.publish.site.out import views
from archiver.publish.site.pages import comments
from archiver.publish.site.queries import searching
from tests.publish import sample
from tests.publish.browsing import look, numbers
from tests.publish.taken import Rows, as_json, as_rows, entries, got

SEED = 20240315
WORDS = (
    "retraites",
    "réfugiée",
    "passeport OU visa",
    "l'impôt",
    '"petites retraites"',
    "-abattement",
    "médecin*",
    "titre:numérique",
    "réponse:acompte",
    "question:mairie",
    "hostilité",
    "statut:sans-réponse",
    "année:2021",
    "zzzz",
)
FILTERS = {
    "statut": ("repondue", "sans-reponse", "en-retard", "retiree"),
    "annee": ("2018", "2020", "2022", "2024"),
    "mois": ("2021-03",),
    "ministre": sample.MINISTERS,
    "categorie": ("Santé", "Économie", "International"),
    "genre": ("question", "actualite"),
    "type": ("QE", "QG"),
    "etat": ("modifie", "disparu", "commente"),
    "du": ("2019", "2020-05", "2021-02-14"),
    "au": ("2022", "2023-11"),
    "attente": ("0-61", "61-"),
    "elargir": ("1",),
    "tri": ("recent", "ancien", "commentaires"),
}


def searches(seed: int, most: int) -> list[str]:
    """The query strings of a seed, always the same; the first asks for everything."""
    picks = random.Random(seed)
    made = [""]
    while len(made) < most:
        typed = picks.sample(WORDS, picks.choice((0, 1, 1, 2)))
        names = picks.sample(sorted(FILTERS), picks.choice((0, 1, 1, 2)))
        pairs = [("q", " ".join(typed)), *((name, picks.choice(FILTERS[name])) for name in names)]
        query = urlencode([pair for pair in pairs if pair[1]])
        if query not in made:
            made.append(query)
    return made


async def on_the_page(site: Datasette, query: str) -> tuple[int, int, list[str]]:
    """Articles and questions that the search page counts, and the paths it lists on its pages."""
    soup = await look(site, f"/recherche?{query}")
    total = soup.select_one(".total")
    assert total is not None
    articles, *rest = numbers(total.get_text())
    paths = [str(link["href"]) for link in soup.select(".hit-title a")]
    while (following := soup.select_one("a[rel=next]")) is not None:
        soup = await look(site, str(following["href"]))
        paths += [str(link["href"]) for link in soup.select(".hit-title a")]
    return articles, rest[0] if rest else 0, [urlsplit(path).path for path in paths]


def paths_of(rows: Rows) -> list[str]:
    return [urlsplit(row["page"]).path for row in rows]


async def agreed(site: Datasette, query: str) -> int:
    """How many articles a search finds, by the page, the tables, the JSON and the feed alike."""
    articles, questions, paths = await on_the_page(site, query)
    assert len(paths) == articles, query
    document = await as_json(site, f"/recherche.json?{query}")
    assert (document["articles"], document["questions"]) == (articles, questions), query
    assert document["total"] == document["rendues"] == articles
    assert document["suite"] is None
    by_kind = await as_rows(site, "/recherche", query)
    for kind, rows in by_kind.items():
        assert paths_of(rows) == paths, f"{query}: {kind}"
        assert sum(int(row["questions"]) for row in rows) == questions, f"{query}: {kind}"
    assert by_kind["csv"] == by_kind["json"] == by_kind["ndjson"]
    seen = await entries(site, f"/recherche.atom?{query}")
    assert {entry.path for entry in seen} == set(paths), query
    first_seen = [entry.path for entry in seen if entry.category == "nouveau"]
    assert sorted(first_seen) == sorted(paths), query
    return articles


@pytest.mark.asyncio
async def test_page_tables_json_and_feed_of_random_searches_agree(site: Datasette) -> None:
    sizes = [await agreed(site, query) for query in searches(SEED, 20)]
    assert len(sizes) == 20
    assert sum(size > 0 for size in sizes) >= 10
    assert 0 in sizes
    assert max(sizes) == 161


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query", ["", "tri=ancien", "tri=commentaires", "genre=question&q=gouvernement&tri=recent"]
)
async def test_a_list_too_long_to_sort_comes_in_the_same_order(
    site: Datasette, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    sorted_rows = await as_json(site, f"/recherche.json?{query}")
    assert sorted_rows["total"] > 10
    monkeypatch.setattr(searching, "MOST_SORTED", 5)
    assert await as_json(site, f"/recherche.json?{query}") == sorted_rows
    monkeypatch.setattr(views, "MOST_ARTICLES", 10)
    parts = await as_json(site, f"/recherche.json?{query}")
    found = parts["lignes"]
    while parts["suite"]:
        parts = (await got(site, parts["suite"])).json()
        found += parts["lignes"]
    assert found == sorted_rows["lignes"]


@pytest.mark.soak
@pytest.mark.asyncio
async def test_hundreds_of_other_searches_agree_too(site: Datasette) -> None:
    seed = random.randrange(2**32)
    for query in searches(seed, 300):
        await agreed(site, query)


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["", "statut=sans-reponse&tri=ancien", "q=retraites&type=QE"])
async def test_questions_are_those_that_the_page_counts(site: Datasette, query: str) -> None:
    _, questions, paths = await on_the_page(site, query)
    document = await as_json(site, f"/questions.json?{query}")
    assert document["total"] == document["questions"] == questions > 0
    by_kind = await as_rows(site, "/questions", query)
    assert by_kind["csv"] == by_kind["json"] == by_kind["ndjson"]
    assert len(by_kind["excel.csv"]) == questions
    order = [path for path in paths if path in set(paths_of(by_kind["csv"]))]
    assert paths_of(by_kind["csv"]) == order


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["", "changement=tous", "changement=reponse", "q=passeport"])
async def test_changes_of_page_tables_and_feed_agree(site: Datasette, query: str) -> None:
    soup = await look(site, f"/changements?{query}")
    lead = soup.select_one(".lead")
    assert lead is not None
    total = numbers(lead.get_text())[0]
    shown = soup.select(".line-title")
    while (following := soup.select_one("a[rel=next]")) is not None:
        soup = await look(site, str(following["href"]))
        shown += soup.select(".line-title")
    assert len(shown) == total > 0
    by_kind = await as_rows(site, "/changements", query)
    assert by_kind["csv"] == by_kind["json"] == by_kind["ndjson"]
    assert len(by_kind["csv"]) == len(by_kind["excel.csv"]) == total
    seen = await entries(site, f"/changements.atom?{query}")
    assert [entry.path for entry in seen] == paths_of(by_kind["csv"])
    assert [entry.category for entry in seen] == [row["changement"] for row in by_kind["csv"]]
    titles = [link["href"] for line in shown if (link := line.select_one("a")) is not None]
    assert titles == [entry.path for entry in seen]


@pytest.mark.asyncio
async def test_an_article_tells_what_the_lists_tell(site: Datasette) -> None:
    rows = (await as_json(site, "/recherche.json?etat=modifie"))["lignes"]
    assert rows
    row = rows[0]
    path = urlsplit(row["page"]).path
    whole = await as_json(site, f"{path}.json")
    assert {**whole, "questions": len(whole["questions"])} == {
        **row,
        "questions": row["questions"],
        **{name: whole[name] for name in ("texte", "versions", "changements", "releves")},
        "corrections": [],
    }
    listed = (await as_json(site, "/questions.json?etat=modifie"))["lignes"]
    assert whole["questions"] == [q for q in listed if q["article"] == row["article"]]
    feed = await entries(site, f"{path}.atom")
    assert len(feed) == len(whole["changements"]) > 1
    readings = (await as_json(site, f"{path.replace('article', 'commentaires')}.json"))["lignes"]
    assert whole["releves"] == readings


@pytest.mark.asyncio
async def test_months_are_those_of_the_home_page(site: Datasette) -> None:
    lines = (await look(site, "/")).select("section[aria-labelledby=par-mois] tbody tr")
    shown = [[numbers(cell.get_text())[0] for cell in line.select("td")] for line in lines]
    rows = (await as_rows(site, "/mois", ""))["csv"]
    assert len(rows) > 20
    given = [[int(row[name]) for name in ("repondues", "sans_reponse", "autres")] for row in rows]
    assert given == shown
    assert [row["mois"] for row in rows] == sorted(row["mois"] for row in rows)


@pytest.mark.asyncio
@pytest.mark.parametrize("days", [7, 30])
async def test_rises_are_those_of_the_comments_page(site: Datasette, days: int) -> None:
    soup = await look(site, "/commentaires")
    shown = [
        (numbers(line.select_one(".gained").get_text())[0], str(line.select_one("p a")["href"]))  # type: ignore[union-attr,index]
        for line in soup.select(f"section[aria-labelledby=hausses-{days}] li.rise")
    ]
    rows = (await as_json(site, f"/hausses.json?jours={days}"))["lignes"]
    given = [(row["gagnes"], f"{urlsplit(row['page']).path}#commentaires") for row in rows]
    assert given[: len(shown)] == shown
    assert all(row["apres"] - row["avant"] == row["gagnes"] > 0 for row in rows)
    assert bool(shown) == bool(rows)


@pytest.mark.asyncio
async def test_the_commented_come_in_parts_too(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await as_json(site, "/commentaires.json")
    table = (await look(site, "/commentaires")).select("section[aria-labelledby=plus] tbody tr")
    shown = [numbers(line.select("td")[0].get_text())[0] for line in table]
    assert [row["commentaires"] for row in whole["lignes"]][: len(shown)] == shown
    assert whole["total"] == len(whole["lignes"]) > len(shown) == 25
    monkeypatch.setattr(comments, "MOST_COMMENTED", 50)
    first = await as_json(site, "/commentaires.json")
    second = await as_json(site, first["suite"].removeprefix("http://localhost"))
    assert first["total"] == second["total"] == whole["total"]
    assert first["lignes"] + second["lignes"] == whole["lignes"][:100]


@pytest.mark.asyncio
@pytest.mark.parametrize("period", ["", "annee=2021", "du=2019-03&au=2021-05-05"])
async def test_ministers_are_those_of_their_page(site: Datasette, period: str) -> None:
    lines = (await look(site, f"/ministres?{period}")).select("table.ministers tbody tr")
    shown = [numbers(line.select("td")[0].get_text())[0] for line in lines]
    rows = (await as_json(site, f"/ministres.json?{period}"))["lignes"]
    assert [row["questions"] for row in rows] == shown
    decided = (row["repondues"] + row["sans_reponse"] for row in rows)
    for row, known in zip(rows, decided, strict=True):
        assert row["part_repondue"] == (round(row["repondues"] / known, 4) if known else None)
