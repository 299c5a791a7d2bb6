"""The command `nser`: every group of commands joined. The script in `pyproject.toml` calls `main`."""

import signal
import sys

import typer

from server.commands.access import clients, schema_command, token_command
from server.commands.database import (
    geography,
    load_command,
    migrate_command,
    rescore_command,
    scorecard,
)
from server.commands.output import Commands
from server.commands.running import demo_command, serve_command
from server.commands.synthesis import synthesise_command
from server.logs import configure_logging

app = typer.Typer(
    cls=Commands,
    help="The NSER registry API. "
    "Exit status: 0 done, 1 refused or failed, 2 used wrongly, 3 loaded but for rows set aside.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo_command)
app.command("serve")(serve_command)
app.command("migrate")(migrate_command)
app.command("load")(load_command)
app.add_typer(geography, name="geography")
app.command("synthesise")(synthesise_command)
app.add_typer(scorecard, name="scorecard")
app.command("rescore")(rescore_command)
app.command("token")(token_command)
app.command("schema")(schema_command)
app.add_typer(clients, name="clients")


def main() -> None:
    """Run the command that the arguments name and exit with its status.

    SIGTERM and a closed terminal end it as `sys.exit` would, so that what it started is stopped.
    """
    configure_logging()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))
    app()


if __name__ == "__main__":
    main()
