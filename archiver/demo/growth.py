"""A larger sample site for measurements: more posts of the shapes that the content files have."""

from dataclasses import replace
from datetime import timedelta

from archiver.demo.model import Block, Content

FIRST_ID = 100_001


def grow(content: Content, articles: int) -> None:
    """Add posts until `articles` are listed. Each repeats one of the written posts under an ID,
    slug, title, day and closing sentence of its own; a site that has as many stays as it is."""
    written = [post for post in content.listed() if not post.password]
    for place in range(articles - len(content.listed())):
        model, number = written[place % len(written)], FIRST_ID + place
        date = model.date - timedelta(days=1 + place // len(written), minutes=place % 60)
        reference = Block("text", (f"Dossier suivi sous la référence {number}.",))
        content.put(
            replace(
                model,
                id=number,
                slug=f"{model.slug}-{number}",
                title=f"{model.title} (dossier {number})",
                date=date,
                modified=date,
                after=(*model.after, reference),
                comments=(),
            )
        )
