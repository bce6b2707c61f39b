"""The Jinja environment of the sample site and what every page of it shares.

Autoescape is on everywhere; markup made in Python comes as `Markup`. A view is one language of the
site at one address: `/en/` repeats every address of the French site.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from archiver.demo.compose import body_text, translated
from archiver.demo.content import read
from archiver.demo.model import Content, Post, Term
from archiver.demo.text import (
    MONTHS_EN,
    MONTHS_FR,
    abbreviated,
    day_in_words,
    inline,
    slug_path,
)

Lang = Literal["fr", "en"]

SIZES = (32, 96)
DISALLOWED = "/espace-equipe/"
_ELEMENTS = tuple(hashlib.sha256(str(place).encode()).hexdigest()[:7] for place in range(18))
_EXCERPT_WORDS = 24


@cache
def environment() -> Environment:
    """The one environment; templates are parsed once a process."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "inline": _inline,
        "abbreviated": abbreviated,
        "rfc822": lambda moment: format_datetime(moment.astimezone(UTC)),
        "utc": utc_offset,
        "moment": _moment,
    }
    made.globals |= {"elements": _ELEMENTS}
    return made


@pass_context
def _inline(context: Context, text: str) -> Markup:
    return inline(text, context["base"])


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    return f"{day_in_words(moment, context['lang'])} {moment:%H:%M}"


def utc_offset(moment: datetime) -> str:
    """An instant as Yoast prints it: `2019-11-22T09:05:00+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Card:
    """One article in a list."""

    post: Post
    url: str
    title: str
    date: str
    excerpt: str
    comments: str
    image: str


@dataclass(frozen=True, slots=True)
class View:
    """The site in one language, at `base` (scheme, host and port, no slash at the end)."""

    content: Content
    base: str
    lang: Lang

    @property
    def words(self) -> dict[str, Any]:
        """The theme's words in this language."""
        words: dict[str, Any] = read("words.yaml")[self.lang]
        return words

    @property
    def home(self) -> str:
        """The home page of this language, with its slash."""
        return f"{self.base}/en/" if self.lang == "en" else f"{self.base}/"

    def url_of(self, post: Post) -> str:
        """The permalink of a post in this language, percent-escaped."""
        return f"{self.home}{slug_path(post.slug)}/"

    def name_of(self, term: Term) -> str:
        """A term's name in this language."""
        return term.name_en if self.lang == "en" else term.name

    def spoken(self, post: Post) -> Post:
        """The post as this language prints it."""
        return translated(post) if self.lang == "en" else post

    def title_of(self, post: Post) -> str:
        """The title with WordPress's prefix when the post is protected."""
        title = self.spoken(post).title
        return f"{self.words['protected']} {title}" if post.password else title

    def excerpt_of(self, post: Post) -> str:
        """The first words of the text, as WordPress cuts them."""
        if post.password:
            return "Il n’y a pas d’extrait, car cette publication est protégée."
        words = body_text(self.spoken(post)).split()
        return " ".join(words[:_EXCERPT_WORDS]) + " […]" * (len(words) > _EXCERPT_WORDS)

    def card(self, post: Post) -> Card:
        """The post as a list shows it."""
        count = len(post.comments)
        words = self.words
        if count == 1:
            said = f"1 {words['comment']}"
        else:
            said = f"{count} {words['some_comments']}" if count else words["no_comment"]
        return Card(
            post=post,
            url=self.url_of(post),
            title=self.title_of(post),
            date=day_in_words(post.date, self.lang),
            excerpt=self.excerpt_of(post),
            comments=said,
            image=self.base + post.image if post.image else "",
        )

    def render(self, template: str, path: str, **values: Any) -> str:
        """A template with all that every page shares; `path` is the French address of the page."""
        return environment().get_template(template).render(**(self._shared(path) | values))

    def _shared(self, path: str) -> dict[str, Any]:
        twins = (self.base + path, f"{self.base}/en{path}")
        return {
            "site": self.content,
            "base": self.base,
            "host": self.base.split("//", 1)[1],
            "lang": self.lang,
            "words": self.words,
            "home": self.home,
            "twins": [
                ("fr-FR", twins[0]),
                ("en-US", twins[1]),
                ("fr", twins[0]),
                ("en", twins[1]),
            ],
            "canonical": twins[self.lang == "en"],
            "rel_previous": None,
            "rel_next": None,
            "menu": self._menu(),
            "footer_links": self._footer_links(),
            "years": self._years(),
            "months": self._months(),
            "calendar": calendar(self.home, self._newest()),
            "frontend_config": Markup(_frontend_config()),  # noqa: S704 - our own JSON
        }

    def _newest(self) -> datetime:
        listed = self.content.listed()
        return listed[0].date if listed else self.content.clock

    def _menu(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        terms = [
            (self.name_of(term), f"category/{slug}/")
            for slug, term in self.content.categories.items()
        ]
        pages: list[tuple[str, str, list[tuple[str, str]]]] = [
            (page.title, f"{slug}/", []) for slug, page in self.content.pages.items()
        ]
        years = [(str(year), f"{year}/") for year in self._years()]
        return [
            (self.words["home"], "", []),
            (self.words["news"], "actualite/", terms),
            (self.words["archives"], "", years),
            *pages,
        ]

    def _years(self) -> list[int]:
        return sorted({post.date.year for post in self.content.listed()}, reverse=True)

    def _months(self) -> list[tuple[str, str]]:
        """The months with posts, the last one first, as the archives' drop-down list has them."""
        months = {(post.date.year, post.date.month) for post in self.content.listed()}
        names = MONTHS_EN if self.lang == "en" else MONTHS_FR
        return [
            (f"{year}/{month:02}", f"{names[month - 1]} {year}")
            for year, month in sorted(months, reverse=True)
        ]

    def _footer_links(self) -> list[tuple[str, str]]:
        return [
            ("Mentions légales", "/mentions-legales/"),
            ("Espace de l’équipe", DISALLOWED),
            ("Connexion", "/wp-admin/"),
            ("Soutenir l’association", "/contact/?add-to-cart=38"),
            ("Flux RSS", "/feed/"),
        ]


def calendar(home: str, month: datetime) -> Markup:
    """A month of the diary with links to the month before and after, without end."""
    year, number = month.year, month.month
    before = f"{year - (number == 1)}-{(number - 2) % 12 + 1:02}"
    after = f"{year + (number == 12)}-{number % 12 + 1:02}"
    days = "".join(
        f'<td><a href="{home}agenda/{year}-{number:02}/?jour={day}">{day}</a></td>'
        + ("</tr><tr>" if day % 7 == 0 else "")
        for day in range(1, 29)
    )
    heads = "".join(f'<th scope="col">{letter}</th>' for letter in "LMMJVSD")
    return Markup(  # noqa: S704 - numbers and our own address only
        f'<table class="wp-calendar-table"><caption>{number:02}/{year}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody><tr>{days}"
        f'</tr></tbody></table><nav class="wp-calendar-nav"><a href="{home}agenda/{before}/" '
        f'rel="nofollow">«</a> <a href="{home}agenda/{after}/" rel="nofollow">»</a></nav>'
    )


@cache
def _frontend_config() -> str:
    import json

    points = {
        name: {"label": label, "value": value, "default_value": value, "direction": "max"}
        for name, label, value in (
            ("mobile", "Portrait mobile", 767),
            ("mobile_extra", "Mobile Paysage", 880),
            ("tablet", "Tablette en mode portrait", 1024),
            ("tablet_extra", "Tablette en mode paysage", 1200),
            ("laptop", "Portable", 1366),
            ("widescreen", "Écran large", 2400),
        )
    }
    return json.dumps(
        {
            "environmentMode": {"edit": False, "wpPreview": False, "isScriptDebug": False},
            "i18n": {
                "shareOnFacebook": "Partager sur Facebook",
                "close": "Fermer",
                "a11yCarouselNextSlideMessage": "Diapositive suivante",
            },
            "is_rtl": False,
            "responsive": {"breakpoints": points, "hasCustomBreakpoints": False},
            "version": "3.35.9",
            "experimentalFeatures": {"e_font_icon_svg": True, "container": True},
            "kit": {"active_breakpoints": ["viewport_mobile", "viewport_tablet"]},
        }
    )
