"""Every command is documented, has help, and does what the documents show."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archiver.cli import cli
from archiver.demo.server import DemoSite
from tests.cli import archiver
from tests.crawl.small import shrink
from tests.docs.blocks import FILES, ROOT, Block, blocks

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in FILES}
EVERYTHING = "\n".join(TEXTS.values())


def substituted(command: str, site: str, folder: Path) -> list[str]:
    """A shown command with the sample site in place of a real one, at full speed, kept short."""
    for shown, used in (
        ("https://www.annegenetet.fr/", site),
        ("annegenetet.fr", site),
        ("vasseur.wacz", str(folder / "vasseur.wacz")),
        ("csv tables", f"csv {folder / 'tables'}"),
        ("publish public", f"publish {folder / 'public'}"),
        ("bag bag", f"bag {folder / 'bag'}"),
        ("./clairevasseur.toml", str(folder / "clairevasseur.toml")),
        ("captures.warc.gz", str(next((folder / "data" / "warc").glob("*.warc.gz")))),
    ):
        command = command.replace(shown, used)
    words = shlex.split(command)
    assert words.pop(0) == "archiver", f"only the project's own command is run: {command}"
    if words[0] != "crawl":
        return words
    return [*words, "--delay", "0", *(() if "--max-pages" in words else ("--max-pages", "20"))]


def every_command(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command below a group, with all of its words; groups too."""
    for name, command in group.commands.items():
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{prefix}{name} ")


COMMANDS = dict(every_command(cli))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, f"{name} says nothing of itself"
    assert f"`archiver {name.split(maxsplit=1)[0]}" in TEXTS["README.md"]
    assert f"archiver {name}" in TEXTS["archivists.md"]
    for option in command.params:
        if isinstance(option, click.Option):
            described = option.help or option.show_default
            assert described, f"{name} {option.opts[0]} says nothing of itself"


def test_no_document_names_a_command_that_does_not_exist() -> None:
    named = set(re.findall(r"(?:`|^\$? ?)archiver ([a-z]+)", EVERYTHING, re.MULTILINE))
    assert named <= set(cli.commands)


def test_no_document_names_an_option_that_does_not_exist() -> None:
    known = {name for command in COMMANDS.values() for o in command.params for name in o.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", EVERYTHING))
    assert named <= known | {"--help"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert missing == []


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        shrink(running, 20)
        yield running


@pytest.fixture(scope="module")
def crawled(site: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a whole crawl in it, for the commands that need one."""
    data = tmp_path_factory.mktemp("docs")
    done = archiver("crawl", site.url, "--delay", "0", "--no-assets", "--json", data=data)
    assert done.returncode == 0, done.stderr
    return data


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_what_a_document_shows_runs(
    block: Block, site: DemoSite, crawled: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(crawled, tmp_path / "data")
    shown = [text for text in map(profile_of, blocks("toml")) if text]
    for text in shown:
        local = re.sub(r'^home_url = ".*"$', f'home_url = "{site.url}"', text, flags=re.MULTILINE)
        (tmp_path / "clairevasseur.toml").write_text(local, encoding="utf-8")
    for line in block.text.splitlines():
        assert line.startswith("$ "), f"{block}: {line}"
        done = archiver(*substituted(line[2:], site.url, tmp_path), data=data)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def profile_of(block: Block) -> str | None:
    """The text of a block that is a whole profile."""
    return block.text if "home_url" in tomllib.loads(block.text) else None


def test_the_readme_shows_the_two_commands_and_a_picture() -> None:
    readme = TEXTS["README.md"]
    makefile = (ROOT / "Makefile").read_text()
    for target in ("demo", "test"):
        assert f"make {target} " in readme
        assert f"\n{target}:" in makefile
    assert re.search(r"!\[[^\]]+\]\(docs/images/\w+\.png\)", readme)
