"""The page on the archive's own state: whether it is complete, when it was last fed, what is
doubtful, what verifications found, what it takes of the disk. No operator's name, address or path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response

from archiver.folder import DataFolder
from archiver.instants import now, parse_instant
from archiver.publish.opening import DATABASE_NAME
from archiver.publish.site.formats import count, day, moment, number, percent, size
from archiver.publish.site.queries.state import State, state
from archiver.publish.site.reading import Chrome, page, read
from archiver.publish.site.tabular import json_response
from archiver.store.standing import MANY_ERRORS, Redesign, SiteStanding

OUTCOMES: Mapping[str | None, str] = {
    "complete": "complète",
    "budget": "arrêtée au nombre de pages demandé",
    "incomplete": "incomplète",
    "interrupted": "interrompue",
    "failed": "échouée",
    None: "en cours, ou arrêtée net",
}
SOURCES: Mapping[str, str] = {
    "live": "le site",
    "wayback": "Internet Archive",
    "import": "fichiers repris",
}
LISTS: Mapping[str, str] = {
    "feed": "Flux RSS",
    "listing": "Listes d’articles",
    "rest": "Interface REST",
    "sitemap": "Plan du site",
}
_LACKING: Mapping[str, str] = {
    "article": "un article",
    "date": "une date",
    "count": "un nombre de commentaires",
}
DOUBTS: Mapping[str, tuple[str, str]] = {
    "unlabelled_question": (
        "Fin de question introuvable",
        "Lisez la page d’origine : le texte entier est gardé, sans être découpé.",
    ),
    "unlabelled_answer": (
        "Réponse sans intertitre",
        "Vérifiez où commence la réponse avant de la citer.",
    ),
    "unconfirmed_labels": (
        "Intertitres sans question certaine",
        "La page est comptée parmi les actualités : vérifiez si elle porte une question.",
    ),
    "answer_without_question": (
        "Réponse sans question",
        "Lisez la page entière : la question n’y a pas été trouvée.",
    ),
    "unpaired_question": (
        "Plusieurs questions pour une réponse",
        "Vérifiez à laquelle la réponse répond.",
    ),
    "several_answers": ("Plusieurs réponses", "Elles se suivent : vérifiez où chacune commence."),
    "empty_question": (
        "Question vide",
        "Lisez la page d’origine : son texte est peut-être ailleurs.",
    ),
    "answer_before_question": ("Réponse avant la question", "Vérifiez la paire avant de la citer."),
    "dates_disagree": (
        "Dates contradictoires",
        "Ne citez pas ce délai : la réponse porte une date antérieure à la question.",
    ),
    "protected": (
        "Article protégé",
        "Seuls le titre et le jour sont connus : demandez-le au site.",
    ),
    "missing_leaf": (
        "Page manquante",
        "Ne dites pas qu’il n’y a pas de réponse : elle peut être sur la page manquante.",
    ),
    "joined_leaves": (
        "Article sur plusieurs pages",
        "Vérifiez sur le site où commencent la question et la réponse.",
    ),
    "no_text": ("Texte introuvable", "Ouvrez la capture : la page est gardée telle quelle."),
    "no_day": (
        "Jour introuvable",
        "L’article ne figure dans aucun mois : cherchez-le par ses mots.",
    ),
    "rule_missed": ("Règle sans effet", "Le profil du site est à revoir par qui tient l’archive."),
    "unreadable": ("Liste illisible", "Le flux ou le plan du site était mal formé : rien à faire."),
    "truncated": (
        "Réponse incomplète",
        "Une page interrompue est redemandée ; une trop grande est gardée jusqu’où elle est venue.",
    ),
    "too_large": ("Page trop volumineuse", "Ouvrez la capture : elle est gardée sans être lue."),
    "too_complex": ("Page trop complexe", "Ouvrez la capture : elle est gardée sans être lue."),
    "url_reused": ("Adresse réemployée", "Deux articles ont eu cette adresse : citez leur numéro."),
    "correction_unused": ("Correction sans objet", "L’adresse corrigée est à revoir."),
    "damaged_record": (
        "Fichier endommagé",
        "Qui tient l’archive doit reprendre ce fichier d’une copie, puis refaire la base.",
    ),
}
"""What each kind of problem is called, and what a reader can do about it."""


# Every list of every site is compared with the archive.
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at, and what can be done."""

    what: str
    advice: str


async def view(datasette: Any, request: Any) -> Response:
    """`/etat`"""
    found, names, chrome = await _gather(datasette)
    return await page(
        datasette,
        request,
        "state.html",
        chrome,
        {
            "state": found,
            "standing": found.standing,
            "notices": tuple(notices(found, names)),
            "names": names,
            "outcomes": OUTCOMES,
            "sources": SOURCES,
            "lists": LISTS,
            "doubts": DOUBTS,
            "many_errors": MANY_ERRORS,
            "asked_at": now(),
        },
    )


async def as_json(datasette: Any, request: Any) -> Response:
    """`/etat.json`: the same figures."""
    found, _, _ = await _gather(datasette)
    return json_response(asdict(found), request.path.rpartition("/")[2])


async def _gather(datasette: Any) -> tuple[State, Mapping[str, str], Chrome]:
    folder = DataFolder(Path(datasette.get_database(DATABASE_NAME).path).parent)
    instant = parse_instant(now())
    found, chrome = await read(
        datasette, lambda connection: state(connection, folder, instant), seconds=_SECONDS
    )
    return found, {site: name for site, name, _ in chrome.sites}, chrome


def notices(found: State, names: Mapping[str, str]) -> Iterator[Notice]:
    """What needs attention; a healthy archive has nothing."""
    standing = found.standing
    for site in standing.sites if standing else ():
        yield from _about(site, names.get(site.site, site.site))
    runs = standing.verifications if standing else ()
    last = next((run for run in runs if run.finished_at), None)
    if last and last.damages:
        yield Notice(
            f"La dernière vérification a trouvé {count(last.damages, 'dommage')}.",
            "Ne citez pas une capture sans l’avoir vérifiée sur sa page de preuve ; qui tient "
            "l’archive reprendra les fichiers d’une copie.",
        )
    if found.disk and found.disk.low:
        left = found.disk.days_left
        pace = f", {count(left, 'jour')} au rythme actuel" if left is not None else ""
        yield Notice(
            f"Le disque se remplit : {size(found.disk.free)} libres{pace}.",
            "Il faut faire de la place, sans quoi les collectes s’arrêteront.",
        )


def _about(site: SiteStanding, name: str) -> Iterator[Notice]:
    last = site.last_crawl
    if last and last.outcome in {"failed", "incomplete"}:
        yield Notice(
            f"{name} : la dernière collecte, du {day(last.started_at)}, est "
            f"{OUTCOMES[last.outcome]}.",
            "Un article récent peut manquer : vérifiez sur le site même.",
        )
    if site.late:
        since = f"depuis le {moment(site.last_success_at)}" if site.last_success_at else "à ce jour"
        yield Notice(
            f"{name} : aucune collecte complète {since}.",
            "Ce qui a été publié, modifié ou retiré depuis n’est pas dans l’archive.",
        )
    if site.missing:
        yield Notice(
            f"{name} : {count(site.missing, 'article annoncé', 'articles annoncés')} par le site "
            f"{'manque' if site.missing == 1 else 'manquent'} à l’archive.",
            "Leurs adresses sont plus bas : ouvrez-les sur le site.",
        )
    if site.error_rate is not None and site.error_rate > MANY_ERRORS:
        yield Notice(
            f"{name} : {percent(round(1000 * site.error_rate), 1000)} des demandes du mois n’ont "
            "pas abouti.",
            "Le site répond mal ; les chiffres récents peuvent être incomplets.",
        )
    if site.redesign:
        yield Notice(f"{name} : {_redesigned(site.redesign)}.", "Le profil du site est à revoir.")


def _redesigned(seen: Redesign) -> str:
    return (
        f"{_LACKING[seen.lacking]} n’a été trouvé que sur {number(seen.found)} des "
        f"{number(seen.pages)} dernières pages d’articles : le site a sans doute été refait"
    )
