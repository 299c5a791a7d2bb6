"""Tutorials that run: reads their blocks, runs them against a served demonstration, and compares what comes back.

`sh` blocks are run in one shell session. `graphql` blocks are sent with the token in its variable TOKEN, together with
the `json variables` block that follows; another such block asks the same question again. A `json answer` block (with
the status where it is not 200) shows what comes back, an `http` block headers of it. Errors are compared word for word,
answers by their shape. A value that a block copies from an earlier answer, such as a CNIC or a cursor, is copied from
this run's answer.

`python -m tests.tutorial FOLDER` writes the answers of a demonstration that is being served from FOLDER into the pages.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs" / "tutorials").glob("*.md")))
SHOWN_URL = "http://127.0.0.1:8000"
WIDTH = 118
EXACT = re.compile(r"\$\.(errors|error|error_description)\b.*|\$\.data\.crossCheck\[\]\.status")
"""Places whose values do not depend on the people in the registry."""

_BLOCK = re.compile(r"^```(\w+)(?: (\w+))?(?: (\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COPIED = re.compile(r"(?=.*\d).{6,}")
"""What may be copied from an answer: numbers, codes, ids and cursors."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and role, the status that is shown, its text, and where it stands."""

    kind: str
    status: int
    text: str
    span: tuple[int, int]


@dataclass(slots=True)
class Step:
    """One command or question with what follows it."""

    asked: Block
    variables: Block | None = None
    answer: Block | None = None
    headers: Block | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def steps_of(page: str) -> list[Step]:
    """Return the commands and questions of a page, in order; a block that nothing runs or shows is an error."""
    steps: list[Step] = []
    for block in _blocks(page):
        match block.kind:
            case "sh" | "graphql":
                steps.append(Step(block))
            case "json variables" if steps[-1].answer:
                steps.append(Step(steps[-1].asked, variables=block))
            case "json variables":
                steps[-1].variables = block
            case "json answer":
                steps[-1].answer = block
            case "http":
                steps[-1].headers = block
            case "text" | "mermaid":
                pass
            case other:
                raise AssertionError(f"a block of the kind {other!r} is neither run nor compared")
    return steps


def _blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(page):
        language, role, status, text = found.groups()
        kind = f"{language} {role}" if role else language
        yield Block(kind, int(status or 200), text, found.span(4))


class Reader:
    """Somebody who works through one page against the demonstration in a folder."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._state = scratch / "shell"
        self._state.write_text("")
        self.url = json.loads((folder / "sandbox.json").read_text())["base_url"]
        self.copied: dict[str, str] = {}

    def follow(self, step: Step) -> Reply:
        """Do what a step says; values that it copies are those of this run."""
        if step.asked.kind == "sh":
            return self._shell(self.here(step.asked.text))
        return self._ask(step.asked.text, self.variables(step))

    def variables(self, step: Step) -> Any:
        """Return the variables of a question with this run's values."""
        return self._with_copies(json.loads(step.variables.text)) if step.variables else {}

    def learn(self, shown: Any, came: Any) -> None:
        """Remember what stands in this run's answer where the page shows another value."""
        if isinstance(shown, dict) and isinstance(came, dict):
            for key in shown.keys() & came.keys():
                self.learn(shown[key], came[key])
        elif isinstance(shown, list) and isinstance(came, list):
            for one, other in zip(shown, came, strict=False):
                self.learn(one, other)
        elif isinstance(shown, str) and isinstance(came, str) and _COPIED.fullmatch(shown):
            self.copied.setdefault(shown, came)

    def here(self, text: str) -> str:
        """Return a shell block for this checkout and this demonstration."""
        python = shlex.quote(sys.executable)
        places = {
            SHOWN_URL: self.url,
            ".venv/bin/nser": f"{python} -m server.cli",
            ".venv/bin/python": python,
            ".data": str(self._folder),
        }
        real = {**places, **self.copied}
        return re.sub("|".join(map(re.escape, real)), lambda found: real[found[0]], text)

    def _with_copies(self, value: Any) -> Any:
        match value:
            case dict():
                return {key: self._with_copies(inner) for key, inner in value.items()}
            case list():
                return [self._with_copies(inner) for inner in value]
            case str():
                return self.copied.get(value, value)
        return value

    def _shell(self, command: str) -> Reply:
        """Run a command in the session: what earlier commands set is set, and what this one sets stays."""
        script = f"set -a; . '{self._state}'; {command}\nexport -p > '{self._state}'"
        own = {name: value for name, value in os.environ.items() if not name.startswith("NSER_")}
        ended = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=ROOT,
            env=own | {"NSER_DATA_DIR": str(self._folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{command}\n{ended.stderr}"
        return Reply(200, json.loads(ended.stdout) if ended.stdout.startswith("{") else ended.stdout)

    def _ask(self, query: str, variables: Any) -> Reply:
        token = self._shell('printf %s "$TOKEN"').body
        request = urllib.request.Request(
            f"{self.url}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return Reply(answer.status, json.load(answer), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            return Reply(refused.code, json.load(refused), dict(refused.headers))


def mismatch(shown: Any, came: Any, path: str = "$") -> str | None:
    """Return where an answer has another shape than the page shows, or another value in an `EXACT` place; else none."""
    if EXACT.fullmatch(path):
        return None if shown == came else f"{path}: {came!r} is not {shown!r}"
    match shown, came:
        case dict(), dict():
            if list(shown) != list(came):
                return f"{path}: the keys {list(came)} are not {list(shown)}"
            return next(filter(None, (mismatch(shown[key], came[key], f"{path}.{key}") for key in shown)), None)
        case list(), list():
            return _mismatch_of_lists(shown, came, path)
        case (dict() | list(), _) | (_, dict() | list()):
            return f"{path}: {came!r} has not the shape of {shown!r}"
    alike = shown is None or came is None or type(shown) is type(came)
    return None if alike else f"{path}: {came!r} is not of the type of {shown!r}"


def _mismatch_of_lists(shown: list[Any], came: list[Any], path: str) -> str | None:
    """Each row that came is like one that is shown; a page that is shown with rows has some."""
    if EXACT.fullmatch(f"{path}[].status"):
        pairs = zip(shown, came, strict=True)
        return next(filter(None, (mismatch(one, other, f"{path}[]") for one, other in pairs)), None)
    if shown and not came and path.endswith(".edges"):
        return f"{path}: there are no rows"
    for row in came if shown else []:
        found = [mismatch(one, row, f"{path}[]") for one in shown]
        if all(found):
            return found[0]
    return None


def formatted(value: Any, indent: int = 0) -> str:
    """Return JSON as the pages show it: what fits stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(flat) + indent <= WIDTH - 2:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        members = [f"{inner}{json.dumps(key)}: {formatted(each, indent + 2)}" for key, each in value.items()]
        return "{\n" + ",\n".join(members) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + formatted(each, indent + 2) for each in value) + "\n" + " " * indent + "]"


def headers_as_shown(block: str, reply: Reply, url: str) -> str:
    """Return the headers of a reply that a block shows, at the address that pages show."""
    names = [line.split(":")[0] for line in block.splitlines()]
    told = {name.lower(): value for name, value in reply.headers.items()}
    return "".join(f"{name}: {told[name.lower()].replace(url, SHOWN_URL)}\n" for name in names)


def rewrite(page: Path, folder: Path, scratch: Path) -> None:
    """Write the answers of a served demonstration into a page."""
    reader, text = Reader(folder, scratch), page.read_text(encoding="utf-8")
    changes: list[tuple[tuple[int, int], str]] = []
    for step in steps_of(text):
        reply = reader.follow(step)
        if step.variables:
            changes.append((step.variables.span, formatted(reader.variables(step)) + "\n"))
        if step.answer:
            assert reply.status == step.answer.status, f"{page.name}: {reply.status} {reply.body}"
            if step.answer.text.strip():
                reader.learn(json.loads(step.answer.text), reply.body)
            changes.append((step.answer.span, formatted(reply.body) + "\n"))
        if step.headers:
            changes.append((step.headers.span, headers_as_shown(step.headers.text, reply, reader.url)))
    for (begin, end), content in reversed(changes):
        text = text[:begin] + content + text[end:]
    page.write_text(text, encoding="utf-8")


def main() -> None:
    """Rewrite every page from the demonstration in the folder that is named."""
    with tempfile.TemporaryDirectory() as scratch:
        for page in PAGES:
            rewrite(page, Path(sys.argv[1]).absolute(), Path(scratch))


if __name__ == "__main__":
    main()
