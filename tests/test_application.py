"""The application as a whole: what it answers where, with which headers, and what it refuses to start with."""

import logging
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from server.application import build
from server.failure import CannotStart
from server.headers import EVERY_ANSWER
from server.settings import Settings

KEY = "a key for tests of more than thirty-two characters"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def _settings(url: str, **changed: object) -> Settings:
    return Settings.model_validate({"database_url": url, "secret_key": KEY, **changed})


@pytest.fixture
def client(new_database: Callable[[], str]) -> Iterator[TestClient]:
    """A client of the application on an empty registry."""
    with TestClient(build(_settings(new_database())), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_it_lives_and_is_ready(client: TestClient) -> None:
    """On a migrated database with a signing key, the process lives and is ready."""
    assert client.get("/health/live").json() == {"live": True}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "migrated": True, "signing_key": True})


def test_it_is_not_ready_behind_the_programs_revision(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that another revision of the program expects is not ready: 503, and what is missing is named."""
    monkeypatch.setattr("server.health.newest_revision", lambda: "another")
    with TestClient(build(_settings(new_database()))) as client:
        ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["migrated"]) == (503, False)


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    """Whatever is asked for, found or not, the answer forbids sniffing, framing, referring and running anything."""
    for path in ("/health/live", "/oauth/jwks", "/nothing/here", "/graphql/assets/start.js"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in EVERY_ANSWER if name != "Cache-Control"} == {
            name: value for name, value in EVERY_ANSWER.items() if name != "Cache-Control"
        }
        assert "server" not in headers


def test_a_browser_gets_graphiql_and_a_client_does_not(client: TestClient) -> None:
    """GET /graphql with `Accept: text/html` is the page; with any other it is the endpoint, which wants a token."""
    page = client.get("/graphql", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "GraphiQL" in page.text
    assert client.get("/graphql", headers={"accept": "application/json"}).status_code == 401
    assert client.post("/graphql", headers=BROWSER, json={"query": "{viewer{client}}"}).status_code == 401


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    """The page names only files that this server has, runs nothing inline, and its policy forbids all else."""
    page = client.get("/graphql", headers=BROWSER)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "<style" not in page.text
    named = [part.split('"')[0] for part in page.text.split('src="')[1:] + page.text.split('href="')[1:]]
    assert len(named) == 7
    for address in named:
        assert address == "data:," or client.get(address).status_code == 200
    assert page.text.count("<script") == page.text.count("<script src=")


def test_the_oauth_server_is_mounted(client: TestClient) -> None:
    """The metadata name this server as issuer, and a token request without credentials is refused, not missed."""
    metadata = client.get("/.well-known/oauth-authorization-server").json()
    assert metadata["issuer"] == "http://127.0.0.1:8000"
    assert client.post("/oauth/token", data={"grant_type": "client_credentials"}).status_code == 401


def test_an_unexpected_error_is_masked_under_an_id(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets an id, the log the same id with kind and place; neither gets the error's text."""

    async def broken(*arguments: object) -> None:
        raise RuntimeError("35202-1234567-1")

    monkeypatch.setattr("server.health._checks", broken)
    with (
        caplog.at_level(logging.ERROR, "server.application"),
        TestClient(build(_settings(new_database())), raise_server_exceptions=False) as client,
    ):
        answer = client.get("/health/ready")
    assert answer.status_code == 500
    assert answer.json()["error_id"] in caplog.text
    assert "RuntimeError at" in caplog.text
    assert "35202" not in answer.text + "".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"secret_key": "short"}, "NSER_SECRET_KEY must be set to at least 32"),
        ({"secret_key": ""}, "NSER_SECRET_KEY must be set to at least 32"),
        ({"base_url": "http://127.0.0.1:8000/api"}, "NSER_BASE_URL cannot be used"),
        ({"database_url": "mysql://"}, "must begin with postgresql://"),
    ],
)
def test_it_refuses_to_start_with_what_it_cannot_use(
    new_database: Callable[[], str], changed: dict[str, str], sentence: str
) -> None:
    """A missing key, an address with a path or another kind of database is one sentence, before anything listens."""
    url = new_database()
    with pytest.raises(CannotStart, match=sentence):
        build(_settings(url, **changed))
    build(_settings(url))
