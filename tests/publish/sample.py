"""A made archive of a fictional deputy's site, large enough to look at: articles, questions with
and without answers, edits, a rename, disappearances, comment counts that grow, and hostile rows.

Everything follows from a seed, so that two builds are equal; "today" in it is 15 March 2024.
"""

import json
import random
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from archiver.instants import format_instant
from archiver.store.summaries import summarise

SITE = "claire-vasseur.example"
HOME = f"https://{SITE}/"
TODAY = date(2024, 3, 15)
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'

MINISTERS = (
    "M. le ministre de l’économie, des finances et de la relance",
    "Mme la ministre de la transition écologique",
    "M. le ministre des solidarités et de la santé",
    "M. le ministre de l’éducation nationale, de la jeunesse et des sports",
    "M. le ministre de l’Europe et des affaires étrangères",
    "Mme la ministre de la transformation et de la fonction publiques",
    "M. le secrétaire d’État chargé de la transition numérique",
    "M. le ministre de l’intérieur",
)


@dataclass(frozen=True, slots=True)
class Theme:
    name: str
    category: str
    minister: int
    subject: str
    facts: tuple[str, ...]
    demand: str
    answers: tuple[str, ...]


THEMES = (
    Theme(
        "La fiscalité des petites retraites",
        "Économie",
        0,
        "l’imposition des petites retraites perçues par les anciens artisans",
        (
            "De nombreux retraités voient leur impôt augmenter alors que leur pension stagne.",
            "Les barèmes actuels pénalisent les couples dont un seul conjoint a cotisé.",
            "Les artisans rencontrés en circonscription signalent des rappels d’impôts tardifs.",
        ),
        "Elle souhaite connaître les mesures envisagées pour alléger l’imposition de ces foyers.",
        (
            "Le Gouvernement est attentif à la situation des retraités modestes.",
            "Le barème de l’impôt a été revalorisé afin de tenir compte de l’inflation.",
            "Un abattement spécifique s’applique aux foyers dont le revenu est inférieur au seuil.",
        ),
    ),
    Theme(
        "L’accès aux soins en zone rurale",
        "Santé",
        2,
        "l’accès aux soins dans les territoires ruraux",
        (
            "Plusieurs cantons n’ont plus de médecin généraliste depuis le début de l’année.",
            "Les délais pour consulter un spécialiste dépassent six mois.",
            "Les maires financent eux-mêmes des maisons de santé sans garantie de recrutement.",
        ),
        "Elle lui demande de préciser le calendrier d’installation des nouveaux médecins.",
        (
            "La lutte contre les déserts médicaux constitue une priorité.",
            "Les maisons de santé pluriprofessionnelles bénéficient d’un accompagnement renforcé.",
            "Le nombre d’étudiants admis en deuxième année a progressé de manière sensible.",
        ),
    ),
    Theme(
        "Le recrutement des professeurs remplaçants",
        "Éducation",
        3,
        "le remplacement des professeurs absents dans les collèges",
        (
            "Des classes entières ont perdu plusieurs semaines d’enseignement.",
            "Les parents d’élèves demandent une information transparente sur les absences.",
            "Les rectorats peinent à recruter des contractuels en mathématiques.",
        ),
        "Elle souhaite savoir comment le ministère entend garantir la continuité des cours.",
        (
            "La continuité pédagogique est une obligation du service public.",
            "Un vivier de remplaçants a été constitué dans chaque académie.",
            "Les indemnités de remplacement ont été revalorisées.",
        ),
    ),
    Theme(
        "Les délais de délivrance des passeports",
        "Vie quotidienne",
        7,
        "les délais de délivrance des passeports et des cartes d’identité",
        (
            "Il faut parfois plus de cent jours pour obtenir un rendez-vous en mairie.",
            "Des familles ont dû renoncer à un voyage déjà payé.",
            "Les plateformes privées de réservation profitent de la pénurie de créneaux.",
        ),
        "Elle lui demande quels moyens seront donnés aux mairies pour réduire ces délais.",
        (
            "Le délai moyen a été ramené sous le seuil de trente jours.",
            "Des dispositifs de recueil supplémentaires ont été déployés dans les mairies.",
        ),
    ),
    Theme(
        "La protection des réfugiées mineures",
        "International",
        4,
        "la protection des réfugiées mineures accueillies dans les postes consulaires",
        (
            "Les associations alertent sur le sort des jeunes filles isolées.",
            "Les personnes réfugiées attendent leur visa dans des conditions précaires.",
            "Les consulats manquent d’agents formés à l’accueil des victimes.",
        ),
        "Elle souhaite connaître les engagements pris envers les organisations partenaires.",
        (
            "La France maintient son engagement en faveur de l’asile.",
            "Les réfugiés les plus vulnérables font l’objet d’un examen prioritaire.",
            "Un fonds dédié permet de financer l’hébergement d’urgence.",
        ),
    ),
    Theme(
        "La rénovation énergétique des logements",
        "Environnement",
        1,
        "les aides à la rénovation énergétique des logements anciens",
        (
            "Les ménages modestes renoncent aux travaux faute d’avance de trésorerie.",
            "Des entreprises peu scrupuleuses démarchent les propriétaires âgés.",
            "Le guichet unique ne répond pas toujours aux dossiers complexes.",
        ),
        "Elle lui demande d’indiquer si le versement d’acomptes sera généralisé.",
        (
            "La rénovation des logements est au cœur de la stratégie nationale.",
            "Un acompte peut être versé avant le début des travaux.",
            "Les contrôles sur les chantiers ont été multipliés par deux.",
        ),
    ),
    Theme(
        "L’accueil numérique dans les services publics",
        "Numérique",
        6,
        "l’accompagnement des personnes éloignées du numérique",
        (
            "Un usager sur cinq ne parvient pas à terminer seul ses démarches en ligne.",
            "Les maisons France services ne couvrent pas encore tout le territoire.",
        ),
        "Elle souhaite connaître le bilan du déploiement des conseillers numériques.",
        (
            "Le réseau France services compte désormais une structure à moins de trente minutes.",
            "Quatre mille conseillers numériques ont été recrutés et formés.",
        ),
    ),
    Theme(
        "Le télétravail des agents publics",
        "Fonction publique",
        5,
        "le télétravail des agents de la fonction publique",
        (
            "Les accords signés diffèrent fortement d’une administration à l’autre.",
            "Les encadrants demandent des règles claires et stables.",
        ),
        "Elle lui demande un état des lieux chiffré des accords conclus.",
        (
            "L’accord-cadre fixe le socle des garanties applicables aux trois versants.",
            "Une enquête auprès des employeurs publics sera publiée au printemps.",
        ),
    ),
)

NEWS = (
    ("Retour sur ma visite de la maison de santé", "Santé"),
    ("Compte rendu de la réunion publique sur les transports", "Vie quotidienne"),
    ("Mon intervention en commission sur le budget", "Économie"),
    ("Lettre d’information de la circonscription", "Vie quotidienne"),
    ("Une question posée au Gouvernement, et ce qu’elle a changé", "Économie"),
)


def slug_of(title: str) -> str:
    plain = title.lower().translate(str.maketrans("éèêàâôîûçù’' ,", "eeeaaoiucu----"))
    return "-".join(part for part in plain.split("-") if part)


def instant_on(day: date, hour: int = 6) -> str:
    return format_instant(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


class Builder:
    """Fills an empty archive; rows are inserted as the public contract names them."""

    def __init__(self, connection: sqlite3.Connection, seed: int = 7) -> None:
        self.connection = connection
        self.random = random.Random(seed)
        self.offset = 0

    def insert(self, table: str, **row: object) -> int:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        cursor = self.connection.execute(
            f"insert into {table} ({names}) values ({marks})", tuple(row.values())
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def site(self, host: str = SITE, name: str = "Claire Vasseur") -> None:
        self.insert(
            "sites",
            id=host,
            name=name,
            home_url=f"https://{host}/",
            platform="wordpress",
            deputy="Claire Vasseur",
        )
        self.insert(
            "site_statements",
            site_id=host,
            field="chamber",
            value="AN",
            stated_at=instant_on(date(2019, 1, 1), 5),
            record_id="",
        )

    def crawl(self, day: date, **figures: int) -> int:
        return self.insert(
            "crawls",
            site_id=SITE,
            source="live",
            started_at=instant_on(day, 5),
            finished_at=instant_on(day, 7),
            outcome="finished",
            pages=figures.get("pages", 0),
            new_articles=figures.get("new", 0),
            changed_articles=figures.get("changed", 0),
            errors=figures.get("errors", 0),
            user_agent="archiver/0.1 (+https://example.org/contact)",
            version="0.1",
            options="{}",
        )

    def capture(self, crawl: int, url: str, at: str, status: int = 200) -> int:
        digest = sha256(f"{url} {at}".encode()).hexdigest()
        length = self.random.randint(8_000, 30_000)
        self.offset += length
        return self.insert(
            "captures",
            crawl_id=crawl,
            url=url,
            captured_at=at,
            status=status,
            content_type="text/html",
            payload_digest=f"sha256:{digest}",
            warc_file="claire-vasseur-0001.warc.gz",
            warc_offset=self.offset - length,
            warc_length=length,
            record_id=f"urn:uuid:{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}",
            method="wire",
        )


def question_text(theme: Theme, picks: random.Random) -> str:
    facts = picks.sample(theme.facts, k=min(len(theme.facts), 2 + picks.randrange(2)))
    return (
        f"Mme Claire Vasseur appelle l’attention de {MINISTERS[theme.minister]} sur "
        f"{theme.subject}. {' '.join(facts)}\n\n{theme.demand}"
    )


def answer_text(theme: Theme, picks: random.Random) -> str:
    return "\n\n".join(picks.sample(theme.answers, k=len(theme.answers)))


def fill(connection: sqlite3.Connection, articles: int = 160) -> None:
    """Write the whole sample into an archive that has its tables and no rows."""
    build = Builder(connection)
    picks = build.random
    build.site()
    days = [date(2024, 1, 15), date(2024, 2, 15), date(2024, 3, 14)]
    crawls = [
        build.crawl(day, pages=articles + 12, new=articles if n == 0 else 2, changed=n)
        for n, day in enumerate(days)
    ]
    for number in range(articles):
        published = date(2017, 9, 4) + timedelta(days=number * 2370 // articles)
        _article(build, picks, number, published, crawls, days)
    _hostile(build, crawls, days)
    for index in ("articles_fts", "questions_fts"):
        connection.execute(f"insert into {index} ({index}) values ('rebuild')")
    summarise(connection)
    connection.commit()


def _article(
    build: Builder,
    picks: random.Random,
    number: int,
    published: date,
    crawls: list[int],
    days: list[date],
) -> None:
    news = number % 5 == 4
    theme = THEMES[picks.randrange(len(THEMES))]
    title, category = NEWS[picks.randrange(len(NEWS))] if news else (theme.name, theme.category)
    post_id = 1200 + number * 7
    url = f"{HOME}{published:%Y/%m}/{slug_of(title)}-{number}/"
    first = 0 if number % 40 else 1
    captures = [
        build.capture(crawl, url, instant_on(day, 6))
        for crawl, day in list(zip(crawls, days, strict=True))[first:]
    ]
    gone = number in {31, 88}
    question, answer = question_text(theme, picks), answer_text(theme, picks)
    pending = not news and (number % 4 == 1 or published > date(2024, 1, 1))
    asked = published - timedelta(days=picks.randrange(3, 40))
    wait = int(picks.lognormvariate(4.4, 0.7))
    answered = asked + timedelta(days=wait)
    if news:
        body = f"{title}.\n\n" + "\n\n".join(theme.facts) + f"\n\n{theme.answers[0]}"
    else:
        body = f"Question :\n{question}\n\nRéponse :\n{'' if pending else answer}".strip()
    comments = None if number % 11 == 0 else picks.choice([0, 0, 1, 2, 3, 5, 8, 13, 40, 127])
    article = build.insert(
        "articles",
        site_id=SITE,
        url=url,
        post_id=post_id,
        lang="fr",
        title=title,
        kind="news" if news else "question",
        published_on=published.isoformat(),
        modified_at=None,
        author="Claire Vasseur",
        categories=json.dumps([category], ensure_ascii=False),
        tags=json.dumps([], ensure_ascii=False),
        body_text=body,
        comment_count=comments,
        vote_count=None if comments is None else comments // 3,
        rating=None,
        first_captured_at=instant_on(days[first]),
        last_captured_at=instant_on(days[-1]),
        gone_at=instant_on(days[-1], 7) if gone else None,
        capture_id=captures[-1],
    )
    asked_text = {} if news else {"question": question, "answer": None if pending else answer}
    if not news:
        build.insert(
            "questions",
            article_id=article,
            position=1,
            type="QE" if number % 9 else "QG",
            number=str(3000 + number * 13),
            legislature=15 if published < date(2022, 6, 19) else 16,
            author="Mme Claire Vasseur",
            addressee=MINISTERS[theme.minister],
            asked_on=asked.isoformat() if number % 5 else None,
            answered_on=None if pending or not number % 5 else answered.isoformat(),
            status="pending" if pending else "answered",
            demand=theme.demand,
            question=question,
            answer=None if pending else answer,
        )
    _history(
        build, picks, article, number, title, body, asked_text, comments, captures, days, first
    )


def _history(
    build: Builder,
    picks: random.Random,
    article: int,
    number: int,
    title: str,
    body: str,
    asked_text: dict[str, str | None],
    comments: int | None,
    captures: list[int],
    days: list[date],
    first: int,
) -> None:
    edited = number % 13 == 6 and len(captures) == 3
    versions = [(title, body)]
    if edited:
        earlier = body.replace("attentif", "très attentif").replace("six mois", "quatre mois")
        versions.insert(0, (title, earlier + "\n\nUn bilan sera publié avant la fin de l’année."))
    pairs = json.dumps([asked_text] if asked_text else [], ensure_ascii=False)
    for index, (old_title, text) in enumerate(versions):
        build.insert(
            "revisions",
            article_id=article,
            capture_id=captures[index],
            seen_at=instant_on(days[first + index]),
            last_seen_at=instant_on(days[-1] if index == len(versions) - 1 else days[first]),
            content_digest="sha256:" + sha256(f"{old_title}{text}".encode()).hexdigest(),
            title=old_title,
            body_text=text,
            questions=pairs,
        )
    build.insert(
        "events",
        article_id=article,
        at=instant_on(days[first]),
        kind="new",
        before=None,
        after=title,
        capture_id=captures[0],
    )
    if edited:
        build.insert(
            "events",
            article_id=article,
            at=instant_on(days[1]),
            kind="edited",
            before=json.dumps({"characters": len(versions[0][1])}),
            after=json.dumps({"characters": len(versions[1][1]), "parts": ["answer 1"]}),
            capture_id=captures[1],
        )
    if number % 29 == 3 and asked_text.get("answer"):
        build.insert(
            "events",
            article_id=article,
            at=instant_on(days[-1]),
            kind="answered",
            before="pending",
            after="answered",
            capture_id=captures[-1],
        )
    if number in {31, 88}:
        build.insert(
            "events",
            article_id=article,
            at=instant_on(days[-1], 7),
            kind="gone",
            before=None,
            after=None,
            capture_id=captures[-1],
        )
    if comments is None:
        return
    if comments > 5:
        build.insert(
            "events",
            article_id=article,
            at=instant_on(days[-1]),
            kind="comments",
            before=str(comments // 2),
            after=str(comments),
            capture_id=captures[-1],
        )
    counts = [*sorted(picks.randrange(comments + 1) for _ in captures[1:]), comments]
    for capture, day, count in zip(captures, days[first:], counts, strict=True):
        build.insert(
            "comment_counts",
            article_id=article,
            observed_at=instant_on(day),
            comment_count=count,
            vote_count=None,
            rating=None,
            source="page",
            capture_id=capture,
        )


def _hostile(build: Builder, crawls: list[int], days: list[date]) -> None:
    """One article whose every text is an attack on whoever shows or exports it."""
    url = f"{HOME}2023/12/hostile/"
    capture = build.capture(crawls[0], url, instant_on(days[0], 8))
    article = build.insert(
        "articles",
        site_id=SITE,
        url=url,
        post_id=666,
        lang="fr",
        title=f"=HYPERLINK(1) {HOSTILE}",
        kind="question",
        published_on="2023-12-01",
        modified_at=None,
        author=HOSTILE,
        categories=json.dumps([HOSTILE]),
        tags=json.dumps(["javascript:alert(3)"]),
        body_text=f"{HOSTILE}\n\n{{{{ 7 * 7 }}}} hostilité",
        comment_count=1,
        vote_count=None,
        rating=None,
        first_captured_at=instant_on(days[0], 8),
        last_captured_at=instant_on(days[0], 8),
        gone_at=None,
        capture_id=capture,
    )
    build.insert(
        "questions",
        article_id=article,
        position=1,
        type="QE",
        number=HOSTILE,
        legislature=16,
        author=HOSTILE,
        addressee=HOSTILE,
        asked_on="2023-11-20",
        answered_on=None,
        status="pending",
        question=f"{HOSTILE} hostilité",
        answer=None,
        demand=HOSTILE,
    )
    build.insert(
        "events",
        article_id=article,
        at=instant_on(days[0], 8),
        kind="new",
        before=None,
        after=HOSTILE,
        capture_id=capture,
    )
    build.insert(
        "problems",
        capture_id=capture,
        url="javascript:alert(4)",
        kind="unsplit",
        detail=HOSTILE,
        seen_at=instant_on(days[0], 8),
    )
