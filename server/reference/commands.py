"""The page of commands, from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import typer.main

from server.cli import app
from server.commands.output import REFUSED, SOME_SET_ASIDE
from server.reference.markdown import code, document, section, table, words

_INTRODUCTION = """\
`nser` is installed into `.venv/bin` by `make demo` and `make test`. Every command works on the database that
`NSER_DATABASE_URL` names, or else on the embedded one under the data folder, which it starts when needed and stops
when nobody uses it any more. Stdout carries the answer of a command and nothing else; with `--json` that is one
JSON object. Progress and errors go to stderr. An error is one sentence that says what to do."""

_STATUSES = (
    (0, "Done."),
    (REFUSED, "Refused or failed; the sentence on stderr says why and what to do."),
    (2, "Used wrongly: an unknown command, option or argument."),
    (SOME_SET_ASIDE, "`nser load` only: loaded, but rows were set aside; the rest has gone in."),
    (130, "Interrupted with Ctrl-C."),
)


def page() -> str:
    """Return the page of commands."""
    statuses = table(("status", "means"), ((code(number), meaning) for number, meaning in _STATUSES))
    root = typer.main.get_command(app)
    listed = (_command(name, command) for name, command in command_names(root))
    return document("Commands", _INTRODUCTION, section("Exit status", statuses), *listed)


def command_names(group: Any, prefix: str = "nser") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, in the order in which `nser --help` lists them."""
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from command_names(command, full)
        else:
            yield full, command


def _command(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    paragraphs = [words(paragraph) for paragraph in (command.help or "").split("\n\n")]
    usage = " ".join([name, *(p.metavar or p.name.upper() for p in arguments), *(["[OPTIONS]"] if options else [])])
    told = table(
        ("argument or option", "meaning", "default"),
        ((_name(parameter), parameter.help or "", _default(parameter)) for parameter in [*arguments, *options]),
    )
    return section(code(name), *paragraphs, f"```text\n{usage}\n```", told)


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return code(parameter.metavar or parameter.name.upper())
    return " / ".join(map(code, [*parameter.opts, *parameter.secondary_opts]))


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default is None or parameter.default is False:
        return ""
    if parameter.default is True:
        return code(parameter.opts[0])
    return code(getattr(parameter.default, "value", parameter.default))
