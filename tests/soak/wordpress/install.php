<?php
// Installs WordPress as the five-minute installation does, in French, then sets what a site's
// owner would set by hand: time zone, permalinks, authors. argv[1] is the document root.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Claire Vasseur', 'claire', 'claire@example.org', true, '', wp_generate_password(24), 'fr_FR');
update_option('blogdescription', 'Députée de la 12e circonscription');
wp_delete_post(1, true);   // the post that WordPress starts with
update_option('timezone_string', 'Europe/Paris');
update_option('permalink_structure', '/%postname%/');
wp_update_user(['ID' => 1, 'display_name' => 'Claire Vasseur']);
wp_insert_user([
    'user_login' => 'equipe', 'user_pass' => wp_generate_password(24), 'role' => 'author',
    'user_email' => 'equipe@example.org', 'display_name' => 'Équipe parlementaire',
]);
