"""What a page needs to be replayed: one address each, the largest of an image's sizes."""

from archiver.extract.requisites import css_requisites, is_attachment
from tests.extract_pages.golden import HOME, read

PAGE = b"""<html><head><link rel=stylesheet href="/a.css?ver=1">
<link rel="shortcut icon" href=/i.png>
<link rel=canonical href=/x/><style>@import "b.css"; p { background: url( '/c.png' ) }</style>
<script src=/d.js></script><script>var x = 1</script></head><body><h1>T</h1>
<img src=/e-300.jpg srcset="/e-300.jpg 300w, /e-1024.jpg 1024w, /e-768.jpg 768w">
<img src="data:image/gif;base64,xx" data-src=/f.jpg><img src=/e-300.jpg>
<div style="background-image: url(&quot;/g.png&quot;)"></div><video poster=/h.jpg></video>
<a href=/rapport.PDF?dl=1>Rapport</a>
<a href=/y/ style="background:url(/j.png)">Y</a></body></html>"""


def test_the_requisites_of_a_page() -> None:
    linked = ("a.css?ver=1", "i.png", "d.js", "e-300.jpg", "e-1024.jpg", "f.jpg", "h.jpg")
    styled = ("plan/b.css", "c.png", "g.png", "j.png")
    assert read(PAGE).requisites == tuple(HOME + name for name in (*linked, *styled))
    assert read(PAGE).links == (f"{HOME}rapport.PDF?dl=1", f"{HOME}y/")


def test_the_requisites_of_a_stylesheet() -> None:
    css = "@import url(x.css);@font-face{src:url('../f.woff2?#iefix')}p{b:url(data:image/x)}"
    facts = read(css.encode(), f"{HOME}theme/css/a.css", content_type="text/css")
    assert facts.requisites == (f"{HOME}theme/css/x.css", f"{HOME}theme/f.woff2")
    assert css_requisites("url(" * 100_000, HOME) == ()


def test_attachments() -> None:
    assert is_attachment(f"{HOME}rapport.PDF?dl=1")
    assert not is_attachment(f"{HOME}pdf/")
