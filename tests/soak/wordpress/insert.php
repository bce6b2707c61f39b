<?php
// Puts our posts and comments in through WordPress's own functions. The JSON on standard input is
// posts.yaml; the answer is {key: post ID}. argv[1] is the document root.
namespace Soak;

$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

kses_remove_filters();

function fail(string $what): never {
    fwrite(STDERR, $what);
    exit(1);
}

function checked($result) {
    if (is_wp_error($result)) fail($result->get_error_message());
    if (!$result) fail('WordPress refused the post or comment');
    return $result;
}

function fields(array $post): array {
    $names = ['title', 'content', 'date', 'status', 'password', 'excerpt', 'type', 'name'];
    $fields = [];
    foreach ($names as $name) if (isset($post[$name])) $fields["post_$name"] = $post[$name];
    foreach (['comment_status', 'ping_status'] as $name) if (isset($post[$name])) $fields[$name] = $post[$name];
    if (isset($post['author'])) $fields['post_author'] = get_user_by('login', $post['author'])->ID;
    if (isset($post['tags'])) $fields['tags_input'] = $post['tags'];
    if (isset($post['categories'])) {
        $fields['post_category'] = array_map('wp_create_category', $post['categories']);
    }
    return $fields;
}

function comment(int $post, array $comment, int $parent = 0): void {
    $date = $comment['date'] ?? '2020-11-17 13:52:00';
    $id = checked(wp_insert_comment([
        'comment_post_ID' => $post,
        'comment_parent' => $parent,
        'comment_author' => $comment['author'] ?? 'Un lecteur',
        'comment_author_email' => 'lecteur@example.org',
        'comment_author_url' => $comment['url'] ?? '',
        'comment_content' => $comment['text'],
        'comment_type' => $comment['type'] ?? 'comment',
        'comment_approved' => $comment['approved'] ?? '1',
        'comment_date' => $date,
        'comment_date_gmt' => get_gmt_from_date($date),
    ]));
    foreach ($comment['replies'] ?? [] as $reply) comment($post, $reply, $id);
}

function picture(int $parent, array $picture): void {
    $file = wp_upload_bits($picture['file'], null, base64_decode($picture['base64']));
    if ($file['error']) fail($file['error']);
    checked(wp_insert_attachment([
        'post_title' => $picture['title'], 'post_mime_type' => 'image/png', 'post_date' => $picture['date'],
    ], $file['file'], $parent));
}

$given = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$ids = get_option('soak_ids', []);
foreach ($given as $post) {
    $key = $post['key'];
    if (isset($ids[$key])) {
        if (!empty($post['trash'])) checked(wp_trash_post($ids[$key]));
        elseif (!empty($post['delete'])) checked(wp_delete_post($ids[$key], true));
        elseif (fields($post)) checked(wp_update_post(wp_slash(['ID' => $ids[$key]] + fields($post)), true));
    } else {
        $ids[$key] = checked(wp_insert_post(wp_slash(fields($post) + ['post_status' => 'publish']), true));
        if (!empty($post['trash'])) checked(wp_trash_post($ids[$key]));
        if (isset($post['renamed'])) {
            checked(wp_update_post(['ID' => $ids[$key], 'post_name' => $post['renamed']], true));
        }
        if (!empty($post['sticky'])) stick_post($ids[$key]);
        if (isset($post['picture'])) picture($ids[$key], $post['picture']);
    }
    foreach ($post['comments'] ?? [] as $comment) {
        foreach (range(1, $comment['times'] ?? 1) as $n) comment($ids[$key], $comment);
    }
}
update_option('soak_ids', $ids);
echo json_encode($ids, JSON_THROW_ON_ERROR);
