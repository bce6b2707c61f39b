"""Four theme shapes for one article: Elementor with wpDiscuz, blocks, classic, bare HTML."""

from html import escape

LINES = tuple[str, ...]

ELEMENTOR = """<!DOCTYPE html><html lang="fr-FR"><head><title>{title} - Site</title></head>
<body class="single single-post postid-12 elementor-default">
<header data-elementor-type="header" class="elementor-location-header">
<h2 class="elementor-cta__title">AGIR AVEC MOI !</h2><a href="/contact/">Cliquez ici</a></header>
<div data-elementor-type="single-post" class="elementor elementor-location-single post-12">
<span class="elementor-post-info__item--type-terms">
<a class="elementor-post-info__terms-list-item" href="/category/x/">{category}</a></span>
<div class="elementor-widget-theme-post-title">
<h1 class="elementor-heading-title">{title}</h1></div>
<li itemprop="datePublished"><a href="/2019/"><span class="elementor-post-info__item
elementor-post-info__item--type-date"><time>{day}</time></span></a></li>
<div class="elementor-widget elementor-widget-theme-post-content">{text}
<div id="wpd-post-rating"><div class="wpd-rating-value"><span class="wpdrv">0</span>
<span class="wpdrc">0</span> <span class="wpdrt">votes</span></div>
<div class="wpd-rating-title">Évaluation de l'article</div></div></div>
<h4 class="elementor-heading-title">Partager cette publication :</h4>
<div id="comments" class="comments-area"><div id="wpdcom"><div class="wpd-thread-info"
data-comments-count="0"><span class="wpdtc" title="0">0</span> Commentaires</div></div></div></div>
<footer data-elementor-type="footer"><h2>Vous avez une minute ?</h2></footer></body></html>"""

BLOCKS = """<!DOCTYPE html><html lang="fr-FR"><head><title>{title}</title></head>
<body class="single single-post postid-12"><div class="wp-site-blocks"><main>
<h1 class="wp-block-post-title">{title}</h1><div class="wp-block-post-date"><time
datetime="2019-11-22T10:00:00+01:00">{day}</time></div>
<div class="taxonomy-category wp-block-post-terms"><a href="/category/x/" rel="tag">{category}</a>
</div><div class="entry-content wp-block-post-content">{text}</div>
<div class="wp-block-query"><ul class="wp-block-post-template"><li class="wp-block-post">
<h3 class="wp-block-post-title"><a href="/a/">Autre</a></h3><time datetime="2024-01-01T10:00:00Z">
1 janvier 2024</time></li></ul></div></main></div></body></html>"""

CLASSIC = """<!DOCTYPE html><html lang="fr-FR"><head><title>{title}</title></head>
<body class="single single-post postid-12"><h1 class="site-title">Site</h1><div id="primary"><main>
<article id="post-12" class="post-12 type-post hentry category-x"><header class="entry-header">
<h1 class="entry-title">{title}</h1><span class="posted-on">Publié le <time class="entry-date
published" datetime="2019-11-22T10:00:00+01:00">{day}</time></span></header>
<div class="entry-content">{text}<div class="sharedaddy"><h3>Partager :</h3></div></div>
<footer class="entry-footer"><a href="/category/x/" rel="category tag">{category}</a></footer>
</article><div id="comments" class="comments-area"><h2 class="comments-title">0 commentaire</h2>
</div></main></div><aside id="secondary"><span class="post-date">1 mai 2024</span></aside>
</body></html>"""

BARE = """<html><head><title>{title}</title></head><body>
<p>AGIR AVEC MOI !</p><p>Mais comment ?</p><p>Cliquez ici</p><p>{category}</p>
<h1>{title}</h1><p>{day}</p>{text}{tail}</body></html>"""

SHELLS = {"elementor": ELEMENTOR, "blocks": BLOCKS, "classic": CLASSIC, "bare": BARE}


def page(shell: str, *, title: str, category: str, day: str, text: LINES, tail: LINES) -> bytes:
    """The article in a shell; `tail` are the lines a reader sees after it, in bare HTML only."""
    return (
        SHELLS[shell]
        .format(
            title=escape(title),
            category=escape(category),
            day=escape(day),
            text=_paragraphs(text),
            tail=_paragraphs(tail),
        )
        .encode()
    )


def _paragraphs(lines: LINES) -> str:
    return "".join(f"<p>{escape(line)}</p>\n" for line in lines)
