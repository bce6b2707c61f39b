"""The columns of each list that can be taken away, with what they mean.

One declaration serves the header of the CSV, the keys of the JSON and `/openapi.json`. Names are
ASCII words of French, so that they can be typed in any tool; a value that no source states is empty
in CSV and null in JSON.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `format` is a word of JSON Schema (`date`, `date-time`, `uri`) or empty,
    `always` says that it is never empty."""

    name: str
    type: Literal["string", "integer", "number"]
    description: str
    format: str = ""
    always: bool = False


def _text(name: str, description: str, *, format: str = "", always: bool = False) -> Column:  # noqa: A002
    return Column(name, "string", description, format, always)


def _count(name: str, description: str, *, always: bool = False) -> Column:
    return Column(name, "integer", description, always=always)


_SITE = _text("site", "Site archivé : son nom de domaine.", always=True)
_ARTICLE = _text(
    "article",
    "Nom de l’article dans les adresses : son numéro WordPress, ou le chemin de sa page.",
    always=True,
)
_TITLE = _text("titre", "Titre de l’article, dans son dernier état connu.", always=True)
_PUBLISHED = _text("publie_le", "Jour de publication affiché par le site.", format="date")
_ADDRESS = _text("adresse", "Adresse de la page sur le site archivé.", format="uri", always=True)
_PAGE = _text("page", "Adresse de la page dans l’archive.", format="uri", always=True)
_PROOF = (
    _text(
        "capture_le",
        "Instant de la capture dont viennent ces valeurs, UTC.",
        format="date-time",
        always=True,
    ),
    _text("empreinte", "SHA-256 du contenu capturé, précédé de « sha256: »."),
    _ADDRESS,
    _PAGE,
    _text(
        "preuve",
        "Adresse de la preuve : fichier WARC, octets, vérification.",
        format="uri",
        always=True,
    ),
)
_STATUS = (
    "« repondue », « sans-reponse », « retiree », « caduque » ou « inconnu », d’après la page de "
    "l’élu"
)

ARTICLES = (
    _SITE,
    _ARTICLE,
    _TITLE,
    _text("genre", "« question » ou « actualite ».", always=True),
    _text("langue", "Langue du texte, selon la page."),
    _PUBLISHED,
    _text("auteur", "Auteur selon la page."),
    _text("categories", "Catégories du site, séparées par « | »."),
    _count("questions", "Nombre de questions de l’article que la recherche trouve.", always=True),
    _text("statuts", f"Statuts de ces questions, séparés par « | » : {_STATUS}."),
    _text("destinataires", "Destinataires de ces questions, tels qu’écrits, séparés par « | »."),
    _count("commentaires", "Nombre de commentaires au dernier relevé ; vide s’il n’est pas connu."),
    _count("votes", "Nombre de votes au dernier relevé ; vide s’il n’est pas connu."),
    _text("disparu_le", "Instant où la page a disparu du site, UTC.", format="date-time"),
    *_PROOF,
)

QUESTIONS = (
    _SITE,
    _ARTICLE,
    _count("position", "Rang de la question dans l’article, à partir de 1.", always=True),
    _TITLE,
    _text("type", "« QE » question écrite, « QG » au Gouvernement, « QOSD » orale sans débat."),
    _text("numero", "Numéro de la question, tel qu’écrit."),
    _count("legislature", "Numéro de la législature."),
    _text("auteur", "Qui pose la question, tel qu’écrit."),
    _text("destinataire", "À qui la question est posée, tel qu’écrit."),
    _text("posee_le", "Jour de la question, s’il est écrit.", format="date"),
    _text("repondue_le", "Jour de la réponse, s’il est écrit.", format="date"),
    _count("attente_jours", "Jours de la question à la réponse, si les deux jours sont connus."),
    _text("statut", f"{_STATUS}.", always=True),
    _text(
        "echeance",
        "Dernier jour pour répondre à une question écrite (deux mois), compté de "
        "« posee_le », à défaut de « publie_le » ; vide pour une question orale.",
        format="date",
    ),
    _text("question", "Texte entier de la question."),
    _text("reponse", "Texte entier de la réponse."),
    _text("demande", "La phrase qui dit ce qui est demandé."),
    _PUBLISHED,
    *_PROOF,
)

CHANGES = (
    _text(
        "vu_le",
        "Instant de la capture qui montre le changement, UTC ; il a eu lieu avant.",
        format="date-time",
        always=True,
    ),
    _text(
        "changement",
        "« nouveau », « reponse », « texte », « titre », « adresse », « disparu », « retour », "
        "« commentaires » ou « votes ».",
        always=True,
    ),
    _text("detail", "Le changement en une phrase.", always=True),
    _text("avant", "Ce qu’il y avait avant : texte court, nombre ou JSON."),
    _text("apres", "Ce qu’il y a depuis : texte court, nombre ou JSON."),
    _SITE,
    _ARTICLE,
    _TITLE,
    _PUBLISHED,
    _ADDRESS,
    _PAGE,
    _text("preuve", "Adresse de la preuve du changement.", format="uri", always=True),
)

MINISTERS = (
    _text("destinataire", "L’office, au masculin et sans civilité ; vide s’il n’est pas précisé."),
    _count("questions", "Questions posées.", always=True),
    _count("repondues", "Questions répondues.", always=True),
    _count("sans_reponse", "Questions sans réponse.", always=True),
    _count("en_retard", "Questions sans réponse depuis plus de deux mois.", always=True),
    Column(
        "part_repondue",
        "number",
        "Part des questions répondues parmi celles répondues ou en attente, de 0 à 1.",
    ),
    _count("attente_mediane_jours", "Médiane de l’attente, là où les deux jours sont connus."),
    _count("attente_9e_decile_jours", "Attente que neuf réponses sur dix ne dépassent pas."),
    _text("premiere_publication", "Premier jour de publication.", format="date"),
    _text("derniere_publication", "Dernier jour de publication.", format="date"),
)

COMMENTED = (
    _count("commentaires", "Nombre de commentaires au dernier relevé.", always=True),
    _count("votes", "Nombre de votes au dernier relevé."),
    _PUBLISHED,
    _TITLE,
    _SITE,
    _ADDRESS,
    _PAGE,
)

RISES = (
    _count("gagnes", "Commentaires de plus entre les deux relevés.", always=True),
    _count("avant", "Commentaires au premier de ces relevés.", always=True),
    _count("apres", "Commentaires au second.", always=True),
    _text("du", "Instant du premier relevé, UTC.", format="date-time", always=True),
    _text("au", "Instant du second, UTC.", format="date-time", always=True),
    _TITLE,
    _SITE,
    _ADDRESS,
    _PAGE,
)

MONTHS = (
    _text("mois", "Mois de publication de l’article, `AAAA-MM`.", always=True),
    _count("repondues", "Questions répondues.", always=True),
    _count("sans_reponse", "Questions sans réponse.", always=True),
    _count("autres", "Questions retirées, caduques ou de statut inconnu.", always=True),
)

READINGS = (
    _text("releve_le", "Instant du relevé, UTC.", format="date-time", always=True),
    _count("commentaires", "Nombre de commentaires ; vide s’il n’est pas connu."),
    _count("votes", "Nombre de votes ; vide s’il n’est pas connu."),
    _text(
        "source",
        "« page », « feed » (flux) ou « rest » : les sources ne se comparent pas.",
        always=True,
    ),
    _text("preuve", "Adresse de la preuve du relevé.", format="uri", always=True),
)

VERSIONS = (
    _text(
        "vue_le",
        "Instant où cette version a été vue d’abord, UTC.",
        format="date-time",
        always=True,
    ),
    _text(
        "vue_jusqu_au",
        "Instant où elle a été vue en dernier, UTC.",
        format="date-time",
        always=True,
    ),
    _text("titre", "Titre de cette version.", always=True),
    _text("texte", "Texte de cette version ; vide si un mot de passe le protégeait."),
    _text("preuve", "Adresse de la preuve de cette version.", format="uri", always=True),
)

CORRECTIONS = (
    _count("position", "Rang de la question corrigée ; vide pour l’article même."),
    _text("champ", "Colonne corrigée.", always=True),
    _text("avant", "Valeur lue sur la page."),
    _text("apres", "Valeur corrigée."),
    _text("par", "Auteur de la correction.", always=True),
    _text("raison", "Raison de la correction.", always=True),
    _text("corrige_le", "Jour de la correction.", format="date", always=True),
)


def names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The names alone, as a table's header."""
    return tuple(column.name for column in columns)
