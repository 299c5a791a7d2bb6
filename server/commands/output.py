"""What the commands share: their common options, their one answer on stdout, their progress on stderr, their end.

Exit status: 0 done, 1 refused or failed, 2 used wrongly, 3 done but some rows were set aside (`nser load` only).
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from domain.errors import Refusal
from server.failure import CannotStart
from server.logs import describe
from server.settings import Settings, read_settings

REFUSED, SOME_SET_ASIDE = 1, 3
"""Exit statuses beside 0, and 2 for wrong usage."""

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the embedded database (default: NSER_DATA_DIR or .data); NSER_DATABASE_URL wins over it.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout and nothing else.")]


class Tell(Protocol):
    """Told how many are done so far, and of how many when that is known."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Move the bar."""


class Commands(TyperGroup):
    """A group of commands that ends with a sentence, never a traceback, whatever goes wrong."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what a person can mend is one sentence on stderr and exit status 1."""
        try:
            return super().invoke(ctx)
        except (typer.TyperException, typer.Exit):
            raise
        except CannotStart as failure:
            _end(str(failure))
        except Refusal as refusal:
            _end(refusal.message)
        except (KeyboardInterrupt, typer.Abort):
            _end("Interrupted.", 130)
        except BrokenPipeError:
            # Whoever read our answer has gone; Python would complain once more when it closes stdout.
            sys.stderr.close()
            raise typer.Exit(REFUSED) from None
        except Exception as error:
            if _wants_traceback():
                raise
            _end(f"This should not have happened: {describe(error)}. NSER_TRACEBACK=1 shows all of it, data included.")


def answer(as_json: bool, facts: Mapping[str, Any], sentence: str) -> None:
    """Print the command's one answer: the facts as a JSON object, or the sentence for people."""
    print_line(orjson.dumps(facts).decode() if as_json else sentence)


def print_line(text: str) -> None:
    """Print on stdout, which carries answers only."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Tell a person something on stderr, which never carries an answer."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def settings_for(data_dir: Path | None) -> tuple[Settings, Path]:
    """Return the settings and the data folder that an option or else a setting names."""
    settings = read_settings()
    return settings, data_dir or settings.data_dir


@contextlib.contextmanager
def bar(words: str, total: int | None) -> Iterator[Tell]:
    """Show a progress bar on stderr while it is a terminal; yield what to tell how many are done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(words, total=total)

        def tell(done: int, total: int | None = None) -> None:
            progress.update(task, completed=done, total=total)

        yield tell


def _end(sentence: str, status: int = REFUSED) -> NoReturn:
    note(sentence)
    raise typer.Exit(status) from None


def _wants_traceback() -> bool:
    try:
        return read_settings().traceback
    except CannotStart:
        return False
