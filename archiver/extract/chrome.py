"""What stands around and inside an article without being part of it, by the names that WordPress,
its usual themes and plug-ins give: other posts, comments, share buttons, ratings, forms, menus.

`is_foreign` tells regions whose titles, days and links belong to other posts or to readers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from archiver.extract.guards import MOST_DEPTH


@dataclass(frozen=True, slots=True)
class Names:
    """Elements by tag, id, class or ARIA role."""

    tags: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def include(self, node: LexborNode) -> bool:
        """Whether an element bears one of the names."""
        return self.name(node.tag or "", node.attributes)

    def name(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Whether one of the names is that of an element with this tag and these attributes."""
        if tag in self.tags:
            return True
        if not attributes:
            return False
        classes = attributes.get("class")
        if classes and not self.classes.isdisjoint(classes.split()):
            return True
        return attributes.get("id") in self.ids or attributes.get("role") in self.roles


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


FOREIGN = Names(
    tags=words("aside nav"),
    ids=words("comments wpdcom respond secondary sidebar colophon masthead main-header footer"),
    classes=words(
        """wp-block-query wp-block-post-template wp-block-latest-posts wp-block-comments
        wp-block-latest-comments elementor-widget-posts elementor-widget-loop-grid
        elementor-widget-loop-carousel elementor-widget-archive-posts elementor-posts-container
        elementor-post elementor-loop-container elementor-widget-post-comments
        elementor-widget-post-navigation elementor-location-header elementor-location-footer
        related-posts relatedposts related_posts related-post jp-relatedposts yarpp yarpp-related
        crp_related rp4wp-related-posts et_pb_blog_grid et_pb_posts td_block_related_posts
        ast-single-related-posts-container comments-area comment-list comments widget widget-area
        sidebar post-navigation posts-navigation nav-links nav-single site-header site-footer
        widget_recent_entries recent-posts wp-block-template-part-footer"""
    ),
)

CHROME = Names(
    tags=words("nav"),
    ids=words(
        """wpd-post-rating wpdcom comments respond ez-toc-container toc_container
        trp-floater-ls jp-relatedposts"""
    ),
    classes=words(
        """comments-area wpd-rating wp-block-comments wp-block-latest-comments
        sharedaddy addtoany_share_save_container a2a_kit addthis_toolbox
        addthis_inline_share_toolbox heateor_sss_sharing_container ssba ssba-wrap essb_links
        simplesocialbuttons swp_social_panel mashsb-container social-share share-buttons
        post-share entry-share social-sharing sfsi_responsive_icons sfsiaftrpstwpr
        elementor-widget-share-buttons elementor-share-buttons et_social_inline fb-like
        fb_iframe_widget twitter-share-button linkedin-share sticky-share printfriendly print-link
        jp-relatedposts yarpp yarpp-related related-posts relatedposts crp_related
        rp4wp-related-posts wp-block-query wp-block-latest-posts elementor-widget-posts
        elementor-widget-loop-grid elementor-posts-container elementor-widget-archive-posts
        newsletter mc4wp-form tnp tnp-subscription wpcf7 mailpoet_form elementor-widget-form
        wp-block-jetpack-subscriptions wp-block-search search-form
        author-box saboxplugin-wrap abh_box m-a-box author-bio about-author wp-block-post-author
        wp-block-post-author-biography elementor-widget-author-box
        navigation post-navigation page-links page-link post-nav-links
        elementor-widget-post-navigation
        wp-block-post-navigation-link breadcrumb breadcrumbs yoast-breadcrumbs
        rank-math-breadcrumb elementor-widget-breadcrumbs lwptoc toc_container ez-toc-container
        wp-block-table-of-contents rank-math-toc-block wp-block-yoast-seo-table-of-contents
        elementor-widget-table-of-contents
        entry-footer entry-meta post-meta post_info postmetadata fusion-meta-info
        post-tags cat-links tags-links wp-block-post-terms wp-block-post-date
        elementor-widget-post-info elementor-widget-theme-post-title
        elementor-widget-post-comments elementor-widget-theme-post-featured-image
        kk-star-ratings rmp-widgets-container yasr-auto-insert-visitor post-ratings
        gdrts-rating-block post-views pvc_stats tptn_counter epvc-post-count wpp-views wpulike
        screen-reader-text skip-link
        trp-language-switcher"""
    ),
)
"""Left out of every article's text."""

LOOSE_CHROME = Names(
    tags=CHROME.tags | words("header footer aside form h1"),
    ids=CHROME.ids
    | words("cookie-notice cmplz-cookiebanner-container footer header menu sidebar secondary"),
    classes=CHROME.classes
    | words(
        """sidebar widget widget-area entry-header post-header site-header site-footer menu
        menu-container cookie-notice share social socials pagination comments comment-respond
        entry-title post-title"""
    ),
    roles=words("navigation banner contentinfo complementary search"),
)
"""Left out when the content is a region of the page and not the theme's own box."""


def is_foreign(node: LexborNode, regions: dict[int, bool]) -> bool:
    """Whether a node stands in a region that belongs to other posts or to readers. `regions` says
    it of the elements it is known of, at least of the one where other regions end; what is learnt
    is added."""
    if FOREIGN.include(node):
        return True
    passed = []
    foreign = False
    for at in lineage(node.parent):
        known = regions.get(at.mem_id)
        if known is None:
            passed.append(at.mem_id)
            known = at.tag == "article" or FOREIGN.include(at) or None
        if known is not None:
            foreign = known
            break
    regions.update(dict.fromkeys(passed, foreign))
    return foreign


def lineage(node: LexborNode | None) -> Iterator[LexborNode]:
    """A node and what it stands in, from the inside out, as far as pages of sane depth go."""
    at = node
    for _ in range(MOST_DEPTH):
        if at is None:
            return
        yield at
        at = at.parent
