"""One article's page, as Elementor's theme builder, Yoast and wpDiscuz print it together."""

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from archiver.demo.compose import body_text, leaves, pieces
from archiver.demo.model import Comment, Post
from archiver.demo.rendering import View, environment, utc_offset
from archiver.demo.text import day_in_words

RELATED = 6
ROOTS = 50


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies."""

    comment: Comment
    replies: tuple["Thread", ...]


def threads(comments: tuple[Comment, ...]) -> list[Thread]:
    """The comments as a forest, oldest thread first."""
    under: dict[int, list[Comment]] = {}
    for comment in comments:
        under.setdefault(comment.parent, []).append(comment)

    def grown(parent: int) -> tuple[Thread, ...]:
        return tuple(Thread(comment, grown(comment.id)) for comment in under.get(parent, ()))

    return list(grown(0))


def article_page(view: View, post: Post, comment_page: int = 1, leaf: int = 1) -> str:
    """The whole page of a post, in the view's language. Where its comments are parted in pages,
    `comment_page` counts them, and one that does not exist shows none; `leaf` counts the pages of
    its text."""
    spoken = view.spoken(post)
    url = view.url_of(post)
    shown = f"{view.words['protected']} {post.title}" if post.password else post.title
    image = view.base + post.image if post.image else ""
    found = threads(post.comments)
    start = (comment_page - 1) * ROOTS if post.comments_paged else 0
    pages = leaves(spoken)
    paged = f"paged-{leaf} single-paged-{leaf} " if leaf > 1 else ""
    page_of = f" - Page {leaf} sur {len(pages)}" if leaf > 1 else ""
    others = [other for other in view.content.listed() if other.id != post.id][:RELATED]
    return view.render(
        "article.html",
        f"/{post.slug}/{leaf}/" if leaf > 1 else f"/{post.slug}/",
        page_title=shown,
        seo_title=f"{shown}{page_of} - {view.content.title}",
        description=_description(view, post),
        body_class=f"wp-singular post-template-default single single-post postid-{post.id} "
        f"single-format-standard {paged}wp-theme-hello-elementor elementor-page-112",
        post=spoken,
        title=spoken.title,
        heading=view.title_of(post),
        url=url,
        image=image,
        pieces=pages[leaf - 1],
        leaf=leaf,
        leaves=len(pages),
        author=view.content.authors[post.author].name,
        published_time=utc_offset(post.date),
        modified_time=utc_offset(post.modified) if post.modified != post.date else "",
        shown_date=day_in_words(post.date, view.lang),
        day_path=f"{post.date:%Y/%m/%d}/",
        terms=[
            (view.name_of(view.content.categories[slug]), f"category/{slug}/")
            for slug in post.categories
        ],
        graph=_json(_graph(view, post, url, shown, image)),
        talk=not post.password and (post.comments_open or bool(post.comments)),
        shown_threads=found[start : start + ROOTS],
        comment_page=comment_page,
        comment_pages=-(-len(found) // ROOTS),
        related=[view.card(other) for other in others],
        discuz_config=_json(_discuz(view, post)),
    )


def body_html(view: View, post: Post) -> Markup:
    """The content box alone, as REST and the feeds give it (no rating)."""
    spoken = view.spoken(post)
    context = {"base": view.base, "lang": view.lang, "words": view.words}
    module: Any = environment().get_template("body.html").make_module(context)
    html: Markup = module.body(spoken, pieces(spoken))
    return html


def _json(value: object) -> Markup:
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - no "<" is left


def _description(view: View, post: Post) -> str:
    if post.password:
        return view.excerpt_of(post)
    words = view.words
    voted = words["vote"] if post.votes == 1 else words["votes"]
    rating = f"{post.rating:g} {post.votes} {voted} {words['rating']}"
    text = " ".join(body_text(post).split())
    return text[:150] if len(text) > 150 else f"{text} {rating}"


def _graph(view: View, post: Post, url: str, title: str, image: str) -> dict[str, object]:
    base, content = view.base, view.content
    author = content.authors[post.author].name
    article: dict[str, object] = {
        "@type": "Article",
        "@id": f"{url}#article",
        "isPartOf": {"@id": url},
        "author": {"name": author, "@id": f"{base}/#/schema/person/{post.author}"},
        "headline": title,
        "datePublished": utc_offset(post.date),
        "mainEntityOfPage": {"@id": url},
        "wordCount": len(body_text(post).split()),
        "commentCount": len(post.comments),
        "keywords": [content.tags[slug].name for slug in post.tags],
        "articleSection": [content.categories[slug].name for slug in post.categories],
        "inLanguage": view.words["locale"],
    }
    page: dict[str, object] = {
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": f"{title} - {content.title}",
        "isPartOf": {"@id": f"{base}/#website"},
        "datePublished": utc_offset(post.date),
        "breadcrumb": {"@id": f"{url}#breadcrumb"},
        "inLanguage": view.words["locale"],
    }
    if post.modified != post.date:
        article["dateModified"] = page["dateModified"] = utc_offset(post.modified)
    crumbs = [("Accueil", f"{base}/"), ("Actualité", f"{base}/actualite/"), (title, None)]
    graph: list[dict[str, object]] = [
        article,
        page,
        {
            "@type": "BreadcrumbList",
            "@id": f"{url}#breadcrumb",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name}
                | ({"item": item} if item else {})
                for place, (name, item) in enumerate(crumbs, 1)
            ],
        },
        {
            "@type": "WebSite",
            "@id": f"{base}/#website",
            "url": f"{base}/",
            "name": content.title,
            "description": content.tagline,
            "inLanguage": view.words["locale"],
        },
        {"@type": "Person", "@id": f"{base}/#/schema/person/{post.author}", "name": author},
    ]
    if image:
        graph.append({"@type": "ImageObject", "@id": f"{url}#primaryimage", "url": image})
    return {"@context": "https://schema.org", "@graph": graph}


def _discuz(view: View, post: Post) -> dict[str, object]:
    """The variables wpDiscuz prints for its script; the words are those of its French file."""
    return {
        "wc_hide_replies_text": "Masquer les réponses",
        "wc_show_replies_text": "Voir les réponses",
        "wc_msg_required_fields": "Veuillez remplir les champs obligatoires",
        "wc_invalid_field": "Certaines valeurs sont invalides",
        "wc_error_empty_text": "veuillez remplir ce champ pour commenter",
        "wc_error_email_text": "l’adresse e-mail est invalide",
        "wc_vote_only_one_time": "Vous avez déjà voté pour ce commentaire",
        "wc_held_for_moderate": "Les commentaires sont en attente de modération",
        "wc_confirm_comment_delete": "Voulez-vous vraiment supprimer ce commentaire ?",
        "wc_new_comment_button_text": "Nouveau commentaire",
        "wc_new_comments_button_text": "Nouveaux commentaires",
        "wpdiscuz_options": {},
        "wc_post_id": post.id,
        "isCookiesEnabled": "1",
        "loadLastCommentId": max((comment.id for comment in post.comments), default=0),
        "dataFilterCallbacks": [],
        "phraseFilters": [],
        "scrollSize": "32",
        "url": f"{view.base}/wp-admin/admin-ajax.php",
        "customAjaxUrl": f"{view.base}/wp-content/plugins/wpdiscuz/utils/ajax/wpdiscuz-ajax.php",
        "wordpressIsPaginate": "1" if post.comments_paged else "",
        "wordpressThreadCommentsDepth": "5",
        "version": "7.6.24",
        "wc_post_permalink": view.url_of(post),
        "cookieHideBubbleHint": "wpdiscuz_hide_bubble_hint",
    }
