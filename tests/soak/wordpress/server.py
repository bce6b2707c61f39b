"""MariaDB, PHP-FPM and nginx as child processes over one folder: own data, own sockets.

Only nginx listens on TCP, on 127.0.0.1 and a port the system chose; the database and PHP are
reached by sockets in the folder. Nothing runs as a service and nothing outlives `Server.stop`.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.wordpress.packages import CODE, Tools

PHP_INI = {
    "display_errors": "stderr",
    "error_reporting": "0",
    "memory_limit": "256M",
    "sendmail_path": "/bin/true",
    "date.timezone": "UTC",
    "opcache.enable": "1",
}

NGINX = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{
  include /etc/nginx/mime.types;
  access_log {folder}/access.log combined;
  client_body_temp_path {folder}/tmp/body;
  proxy_temp_path {folder}/tmp/proxy;
  fastcgi_temp_path {folder}/tmp/fastcgi;
  uwsgi_temp_path {folder}/tmp/uwsgi;
  scgi_temp_path {folder}/tmp/scgi;
  gzip on;
  gzip_proxied any;
  gzip_types text/css application/json application/xml application/rss+xml text/xml text/plain;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/site;
    index index.php;
    location / {{ try_files $uri $uri/ /index.php?$args; }}
    location ~ \\.php$ {{
      try_files $uri =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_param HTTP_HOST 127.0.0.1:{port};
      fastcgi_buffers 16 64k;
      fastcgi_buffer_size 64k;
      fastcgi_pass unix:{folder}/php.sock;
    }}
  }}
}}
"""

FPM = """
[global]
daemonize = no
error_log = {folder}/php-fpm.log
[www]
{user}
listen = {folder}/php.sock
pm = static
pm.max_children = 2
catch_workers_output = yes
"""

CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{folder}/db.sock');
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WPLANG', 'fr_FR');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {{
    define($name . '_KEY', 'loopback only');
    define($name . '_SALT', 'loopback only');
}}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', '{folder}/site/');
require_once ABSPATH . 'wp-settings.php';
"""


class NotStarted(Exception):
    """A program of the WordPress under test did not come up; the message ends with its log."""


@dataclass(slots=True)
class Server:
    """WordPress's three programs over `folder`; `url` is without a final slash."""

    folder: Path
    tools: Tools
    port: int = 0
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def site(self) -> Path:
        """The document root."""
        return self.folder / "site"

    def start(self) -> None:
        """Create the folder's contents and start all three; `NotStarted` if one does not answer."""
        (self.folder / "tmp").mkdir(parents=True)
        self.port = free_port()
        self._database()
        self._code()
        self._web()

    def stop(self) -> None:
        """Ask each program to end, last started first, and wait until it has."""
        for child in reversed(self.children):
            child.terminate()
            try:
                child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children.clear()

    def php(self, script: Path, text: str = "") -> str:
        """Run one of our scripts inside WordPress, `text` on its standard input."""
        command = [self.tools.php]
        for key, value in PHP_INI.items():
            command += ["-d", f"{key}={value}"]
        done = subprocess.run(
            [*command, str(script), str(self.site)],
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise NotStarted(f"{script.name} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _database(self) -> None:
        data = self.folder / "db"
        root = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(
            [
                self.tools.mariadb_install_db,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *root,
            ],
            check=True,
            capture_output=True,
        )
        self._run(
            "mariadbd",
            [
                self.tools.mariadbd,
                "--no-defaults",
                f"--datadir={data}",
                f"--socket={self.folder}/db.sock",
                f"--pid-file={self.folder}/db.pid",
                "--skip-networking",
                "--innodb-buffer-pool-size=32M",
                "--innodb-flush-log-at-trx-commit=0",
                "--character-set-server=utf8mb4",
                *root,
            ],
        )
        create = [
            self.tools.mariadb,
            "--no-defaults",
            f"--socket={self.folder}/db.sock",
            "--user=root",
            "--execute=CREATE DATABASE wordpress CHARACTER SET utf8mb4",
        ]

        def created() -> bool:
            return subprocess.run(create, check=False, capture_output=True).returncode == 0

        self._until("mariadbd", created)

    def _code(self) -> None:
        """The entry scripts are copied, because PHP finds its folder by a script's real path;
        the library, the themes and the French texts are Debian's own, linked."""
        self.site.mkdir()
        for script in CODE.glob("*.php"):
            if script.name != "wp-config.php":
                shutil.copy(script, self.site)
        for library in ("wp-includes", "wp-admin"):
            (self.site / library).symlink_to(CODE / library)
        content = self.site / "wp-content"
        for room in ("themes", "languages", "plugins", "mu-plugins", "uploads"):
            (content / room).mkdir(parents=True)
        for room, pattern in (("themes", "twenty*"), ("languages", "*fr_FR.mo")):
            for path in (CODE / "wp-content" / room).glob(pattern):
                (content / room / path.name).symlink_to(path)
        (self.site / "wp-config.php").write_text(CONFIG.format(folder=self.folder, url=self.url))

    def _web(self) -> None:
        root = os.getuid() == 0
        fpm = self.folder / "php-fpm.conf"
        user = "user = root\ngroup = root" if root else ""
        fpm.write_text(FPM.format(folder=self.folder, user=user))
        options = [part for key, value in PHP_INI.items() for part in ("-d", f"{key}={value}")]
        command = [self.tools.php_fpm, "--fpm-config", str(fpm), *options]
        self._run("php-fpm", [*command, "--allow-to-run-as-root"] if root else command)
        nginx = self.folder / "nginx.conf"
        user = "user root;" if root else ""
        nginx.write_text(NGINX.format(folder=self.folder, port=self.port, user=user))
        self._run("nginx", [self.tools.nginx, "-c", str(nginx), "-e", f"{self.folder}/nginx.log"])
        self._until("php-fpm", (self.folder / "php.sock").exists)
        self._until("nginx", self._answers)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _run(self, name: str, command: list[str]) -> None:
        """Start a child in its own session, so that Ctrl-C reaches us first and we end it."""
        with (self.folder / f"{name}.out").open("wb") as log:
            self.children.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _until(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if ready():
                return
            if any(child.poll() is not None for child in self.children):
                break
            time.sleep(0.1)
        raise NotStarted(
            f"{name} did not start: {(self.folder / f'{name}.out').read_text()[-2000:]}"
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
