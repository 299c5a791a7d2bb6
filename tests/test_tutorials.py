"""The tutorials and the README do what they say, against a demonstration of a thousand households."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tutorial import PAGES, ROOT, Reader, Step, headers_as_shown, mismatch, steps_of

HOUSEHOLDS = 1_000


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a demonstration that is being served."""
    folder = tmp_path_factory.mktemp("demonstration")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--data-dir", folder, "--households", HOUSEHOLDS, "--seed", 1, "--port", port]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NSER_")}
    with subprocess.Popen(
        [sys.executable, "-m", "server.cli", "demo", *map(str, options)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _wait_until_served(process, port)
            yield folder
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _wait_until_served(process: subprocess.Popen[str], port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the demonstration is not served after a minute")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_the_page_shows_is_what_comes_back(page: Path, demonstration: Path, tmp_path: Path) -> None:
    """Every command and question of the page runs, and gives the status, headers, errors and shape that are shown."""
    reader = Reader(demonstration, tmp_path)
    steps = steps_of(page.read_text(encoding="utf-8"))
    assert any(step.answer for step in steps)
    for step in steps:
        _try(reader, step)


def _try(reader: Reader, step: Step) -> None:
    reply = reader.follow(step)
    if step.answer:
        shown = json.loads(step.answer.text)
        assert (reply.status, mismatch(shown, reply.body)) == (step.answer.status, None), step.asked.text
        reader.learn(shown, reply.body)
    if step.headers:
        assert headers_as_shown(step.headers.text, reply, reader.url) == step.headers.text


@pytest.mark.parametrize(
    ("shown", "came", "alike"),
    [
        ({"data": {"person": {"name": "A", "until": None}}}, {"data": {"person": {"name": "B", "until": "x"}}}, True),
        ({"data": {"person": {"name": "A"}}}, {"data": {"person": None}}, False),
        ({"data": {"person": {"name": "A"}}}, {"data": {"person": {"cnic": "A"}}}, False),
        ({"data": {"person": {"ageYears": 3}}}, {"data": {"person": {"ageYears": "3"}}}, False),
        ({"data": {"persons": {"edges": [{"cursor": "a"}]}}}, {"data": {"persons": {"edges": []}}}, False),
        ({"data": {"persons": {"edges": [{"cursor": "a"}]}}}, {"data": {"persons": {"edges": [{}]}}}, False),
        ({"errors": [{"message": "no"}]}, {"errors": [{"message": "no!"}]}, False),
        ({"data": {"crossCheck": [{"status": "VISIBLE"}]}}, {"data": {"crossCheck": [{"status": "INVALID"}]}}, False),
    ],
)
def test_a_page_that_shows_something_else_is_noticed(shown: object, came: object, alike: bool) -> None:
    """Names may differ; keys, types, emptiness of a page, errors and the status of a cross-check may not."""
    assert (mismatch(shown, came) is None) is alike
