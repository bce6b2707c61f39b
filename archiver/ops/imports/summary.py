"""What an import did, as a person reads it."""

from rich.console import Console

from archiver.counting import counted
from archiver.ops.imports.run import Imported
from archiver.ops.verify_model import Finding, printable

SHOWN = 20


def print_imported(result: Imported) -> None:
    """Print a line for each file, then damage, then what the archive has gained."""
    console = Console(highlight=False)

    def say(text: str) -> None:
        console.print(printable(text), markup=False, soft_wrap=True)

    for source, name in result.held:
        say(f"{source}: here already, as {name}; skipped.")
    for file in result.files:
        whose = "made by this program" if file.own else "made by another program"
        captures = counted(file.examined.captures, "capture")
        say(f"{file.source}: {captures}, {whose}, kept as {file.warc_file}.")
        if file.examined.doubles:
            say(
                f"  {counted(len(file.examined.doubles), 'capture')} with the WARC-Record-ID of "
                "another one: kept, and called by the place in the file."
            )
        for what, count in file.examined.oddities.items():
            say(f"  {counted(count, 'record')} to note: {what}.")
    for damage in result.damages[:SHOWN]:
        say(f"Damage, skipped: {Finding.of(damage).line()}")
    if len(result.damages) > SHOWN:
        say(f"and {counted(len(result.damages) - SHOWN, 'more damaged record')}, skipped.")
    if result.files:
        say(
            f"{counted(result.captures, 'new capture')}; {counted(result.articles, 'article')}, "
            f"{result.articles - result.articles_before} more than before."
        )
