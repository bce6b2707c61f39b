<?php
// Sets the site up one way (theme, permalinks, what it offers to machines, comment pages) and
// answers {key: {id, link, modified}} for every post of ours, as WordPress itself sees it.
$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';

$variant = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
if (!wp_get_theme($variant['theme'])->exists()) {
    fwrite(STDERR, "theme {$variant['theme']} is not installed");
    exit(1);
}
switch_theme($variant['theme']);
update_option('page_comments', $variant['page_comments'] ? 1 : 0);
update_option('comments_per_page', $variant['page_comments'] ?: 50);
update_option('default_comments_page', 'oldest');

$closed = "<?php\n";
if (!$variant['rest']) $closed .= <<<'PHP'
add_filter('rest_authentication_errors', fn ($error) => $error ?: new WP_Error(
    'rest_disabled', 'API désactivée.', ['status' => 401]));
remove_action('wp_head', 'rest_output_link_wp_head');
remove_action('template_redirect', 'rest_output_link_header', 11);

PHP;
if (!$variant['sitemap']) $closed .= "add_filter('wp_sitemaps_enabled', '__return_false');\n";
if (!$variant['feeds']) $closed .= <<<'PHP'
foreach (['do_feed', 'do_feed_rdf', 'do_feed_rss', 'do_feed_rss2', 'do_feed_atom'] as $feed) {
    add_action($feed, fn () => wp_die('Flux désactivé.', '', ['response' => 404]), 1);
}
remove_action('wp_head', 'feed_links', 2);
remove_action('wp_head', 'feed_links_extra', 3);

PHP;
file_put_contents(WPMU_PLUGIN_DIR . '/closed.php', $closed);

global $wp_rewrite;
$wp_rewrite->set_permalink_structure($variant['permalinks']);
flush_rewrite_rules();
wp_cache_flush();

$posts = [];
foreach (get_option('soak_ids', []) as $key => $id) {
    $post = $GLOBALS['post'] = get_post($id);
    if (!$post) continue;
    setup_postdata($post);   // cuts a post into its pages
    $posts[$key] = [
        'id' => $id,
        'link' => get_permalink($post),
        'modified' => $post->post_modified_gmt,
        'content' => implode("\n", array_map(
            fn ($page) => apply_filters('the_content', $page), $GLOBALS['pages'])),
    ];
}
echo json_encode($posts, JSON_THROW_ON_ERROR | JSON_FORCE_OBJECT);
