"""GraphQL in a world that changes: agreements end, statements take too long, clients and databases go away."""

import asyncio
import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, make_url, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from auth.authority import Authority
from domain.agreement import AgreementStatus, Client, DataSharingAgreement
from domain.catalogue import Bundle
from domain.grant import today
from server.answering import Answering
from server.errors import ErrorPage
from server.graphql import GraphQLEndpoint
from server.settings import sqlalchemy_url
from tests.registry import small_registry
from tests.service import BASE_URL, Service, listening, service_on

PERSONS = "{ persons(first: 1) { totalCount } }"
NUMBER = "90000-7777777-1"


@pytest.fixture(scope="module")
def url(new_database: Callable[[], str]) -> str:
    """A database of this module."""
    return new_database()


@pytest.fixture(scope="module")
def service(url: str) -> Iterator[Service]:
    """The application over a small registry, whose statements may run for 0.4 seconds."""
    with service_on(url, small_registry(households=10), statement_timeout_ms=400, pool_size=2) as service:
        yield service


def _change(service: Service, client: str, **values: Any) -> None:
    """Change the agreement of a client, and its revision with it."""
    table = DataSharingAgreement
    changed = update(table).where(table.reference == f"DSA-{client}")
    service.execute(changed.values(revision=table.revision + 1, **values))


ANYTHING = (PERSONS, "{ viewer { client } }", "{ __typename }", "{ __schema { queryType { name } } }")
REFUSED = (
    "{ nothing }",
    "{",
    "{ persons(first: 0) { totalCount } }",
    "{ scorecards { code } " * 99,
    "{ households { totalCount } }",
)
"""Operations that no grant, or no grant of this module, is answered: no statement runs for them."""


@pytest.mark.parametrize(
    "ending",
    [
        {"status": AgreementStatus.SUSPENDED},
        {"status": AgreementStatus.ENDED},
        {"valid_until": today() - timedelta(days=1)},
        {"valid_from": today() + timedelta(days=1)},
    ],
)
def test_an_agreement_that_no_longer_stands_stops_answering_at_once(service: Service, ending: dict[str, Any]) -> None:
    """With the same token the next request is refused, also one that asks for nothing of the registry or is wrong."""
    client = f"ending-{next(iter(ending.values()))}"
    service.admit(client, [Bundle.PERSON_READ])
    for query in ANYTHING:
        assert service.ask(client, query).status_code == 200
    assert [service.ask(client, query).status_code for query in REFUSED] == [400, 400, 400, 400, 403]
    _change(service, client, **ending)
    for query in (*REFUSED, *ANYTHING):
        answer = service.ask(client, query)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    _change(service, client, status="ACTIVE", valid_from=today(), valid_until=today())
    assert service.ask(client, PERSONS).status_code == 200


def test_a_changed_agreement_widens_and_narrows_at_once(service: Service) -> None:
    """Rows and bundles of the next answer are those of the agreement as it stands, never more than the token says."""
    service.admit("changing", [Bundle.PERSON_READ, Bundle.PERSON_BIRTH])
    birth = "{ persons(first: 1) { totalCount edges { node { birthDate } } } }"
    everybody = service.data("changing", birth)["persons"]["totalCount"]
    _change(service, "changing", territory_kind="PROVINCES", territory=["P0"])
    assert 0 < service.data("changing", birth)["persons"]["totalCount"] < everybody
    _change(service, "changing", bundles=["person:read"])
    assert service.refused("changing", birth) == (403, ["INSUFFICIENT_SCOPE"])
    assert service.ask("changing", PERSONS).status_code == 200
    wide = ["person:read", "person:birth", "person:identity"]
    _change(service, "changing", bundles=wide, territory_kind="NATIONAL", territory=[])
    assert service.data("changing", birth)["persons"]["totalCount"] == everybody
    assert service.ask("changing", birth.replace("birthDate", "name")).status_code == 403


def test_a_disabled_client_is_refused_at_once(service: Service) -> None:
    """Its colleague under another agreement goes on."""
    service.admit("disabled", [Bundle.PERSON_READ])
    assert service.ask("disabled", PERSONS).status_code == 200
    service.execute(update(Client).where(Client.id == "disabled").values(disabled_at=text("now()")))
    assert [service.ask("disabled", query).status_code for query in ANYTHING] == [401] * 4
    assert service.ask("desk", PERSONS).status_code == 200


def test_an_expired_token_is_refused(service: Service, url: str) -> None:
    """A token of 290 seconds is good, one of 301 is not."""

    async def token(age: int) -> str:
        engine = create_async_engine(sqlalchemy_url(url, "asyncpg"))
        found = await Authority(engine, BASE_URL, lambda: time.time() - age).token_for("desk")
        await engine.dispose()
        return found

    for age, status in ((290, 200), (301, 401)):
        bearer = {"authorization": f"Bearer {asyncio.run(token(age))}"}
        assert service.http.post("/graphql", json={"query": PERSONS}, headers=bearer).status_code == status


@contextlib.contextmanager
def _locked(service: Service) -> Iterator[Connection]:
    """Hold a lock on the table of persons, so that statements about them wait."""
    with service.engine.begin() as connection:
        connection.execute(text("lock table person in access exclusive mode"))
        yield connection
        connection.rollback()


def test_a_statement_that_takes_too_long_is_cancelled(service: Service) -> None:
    """503 with a sentence; the same question is answered once the registry is free again."""
    with _locked(service):
        assert service.refused("desk", PERSONS) == (503, ["TIMEOUT"])
    assert service.ask("desk", PERSONS).status_code == 200


def _waiting(connection: Connection) -> list[int]:
    """Return the processes of the database that wait for a lock, seen from the connection that holds it."""
    waiting = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    return list(connection.scalars(text(waiting)))


def _until(happened: Callable[[], bool]) -> bool:
    """Wait for something to happen, for at most five seconds."""
    deadline = time.monotonic() + 5
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()


def test_a_statement_ends_with_the_client_that_asked(service: Service, url: str) -> None:
    """A client that closes its connection takes its statement with it, while the lock it waits for is still held."""
    body = orjson.dumps({"query": PERSONS})
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.token('desk')}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with listening(url, statement_timeout_ms=60_000) as address, _locked(service) as connection:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(head.encode() + body)
            assert _until(lambda: len(_waiting(connection)) == 1)
            time.sleep(0.1)
            assert len(_waiting(connection)) == 1, "it waits as long as the client does"
        assert _until(lambda: not _waiting(connection))


def test_a_client_that_goes_away_in_the_middle_of_its_body_is_nobody(service: Service, url: str) -> None:
    """Nothing is answered, nothing is logged, and the server goes on."""
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.token('desk')}\r\n"
    with listening(url) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(head.encode() + b"Content-Type: application/json\r\nContent-Length: 999\r\n\r\n{")
        assert _until(lambda: _alive(host, int(port)))


def _alive(host: str, port: int) -> bool:
    with socket.create_connection((host, port)) as client:
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return b"200" in client.recv(100)


def test_a_statement_that_the_database_gives_up_is_503(service: Service) -> None:
    """A backend that is shut down in the middle is UNAVAILABLE, and the next request is answered by another."""
    with _locked(service) as connection, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(service.refused, "desk", PERSONS)
        assert _until(lambda: bool(_waiting(connection)))
        connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": _waiting(connection)[0]})
        assert asked.result() == (503, ["UNAVAILABLE"])
    assert service.ask("desk", PERSONS).status_code == 200


class Gate:
    """A way to the database that can be shut: a port that hands everything on to the socket of the server."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connections: list[socket.socket] = []
        self.port = 0
        self.open()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def shut(self) -> None:
        for end in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._connections.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, there = listener.accept()[0], socket.socket(socket.AF_UNIX)
                there.connect(self._path)
                self._connections += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=_pump, args=ends, daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


def test_a_database_that_is_gone_is_503_until_it_is_back(new_database: Callable[[], str]) -> None:
    """Whether the grant is known or must be read, the answer is UNAVAILABLE, and no restart is needed afterwards."""
    address = make_url(new_database())
    gate = Gate(f"{address.query['host']}/.s.PGSQL.{address.query['port']}")
    through = f"postgresql://postgres@127.0.0.1:{gate.port}/{address.database}"
    with service_on(through, small_registry(households=20)) as service:
        assert service.ask("desk", PERSONS).status_code == 200
        service.token("punjab")
        gate.shut()
        for client in ("desk", "desk", "punjab"):
            assert service.refused(client, PERSONS) == (503, ["UNAVAILABLE"])
        gate.open()
        for client in ("desk", "desk", "punjab"):
            assert service.ask(client, PERSONS).status_code == 200
        service.engine.dispose()
    gate.shut()


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_an_unexpected_failure_is_masked(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    """The caller gets an id, the log the same id with kind and place, and neither the text of the failure."""

    async def broken(*_: object) -> bytes:
        raise RuntimeError(NUMBER)

    monkeypatch.setattr(Answering, "answer", broken)
    with caplog.at_level(logging.DEBUG):
        answer = service.ask("desk", f'{{ person(cnic: "{NUMBER}") {{ id }} }}', accept=accept)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (500, "INTERNAL_ERROR")
    assert error["extensions"]["id"] in error["message"]
    (logged,) = [record.getMessage() for record in caplog.records if record.name == "server.errors"]
    assert error["extensions"]["id"] in logged
    assert "RuntimeError at" in logged
    assert NUMBER not in answer.text + caplog.text


def test_a_failure_of_what_is_executed_is_masked_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in `viewer` is ours, not a fault of the document."""

    def broken(*_: object) -> None:
        raise RuntimeError(NUMBER)

    monkeypatch.setattr("server.answering.viewer_of", broken)
    answer = service.ask("desk", "{ viewer { client } }")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (500, "INTERNAL_ERROR")
    assert NUMBER not in answer.text


# Who goes away while an answer is made


class _Slow:
    """Answers after a while, or never."""

    async def answer(self, *_: object) -> bytes:
        await asyncio.sleep(5)
        return b"{}"


class _Known:
    """Knows every token."""

    def cached(self, token: str) -> str:
        return token


async def _run(messages: list[dict[str, Any]], sent: list[Any]) -> None:
    """Run the endpoint on a request whose client sends these messages, and then is silent."""

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.sleep(60)
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    endpoint = GraphQLEndpoint(_Known(), _Slow(), ErrorPage("https://nser.example"))  # type: ignore[arg-type]
    headers = [(b"authorization", b"Bearer t"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await endpoint(scope, receive, send)


BODY = {"type": "http.request", "body": b'{"query": "{ viewer { client } }"}', "more_body": False}
GONE = {"type": "http.disconnect"}


@pytest.mark.parametrize("messages", [[GONE], [BODY | {"more_body": True}, GONE], [BODY, GONE], [BODY, BODY, GONE]])
async def test_nothing_is_sent_to_a_client_that_is_gone(messages: list[dict[str, Any]]) -> None:
    """Whether it leaves before its body is complete or while the answer is made, and whatever it sends in between."""
    sent: list[Any] = []
    await asyncio.wait_for(_run(list(messages), sent), timeout=2)
    assert sent == []


async def test_a_server_that_stops_cancels_its_answers() -> None:
    """A cancellation from outside is not taken for a client that went away."""
    sent: list[Any] = []
    running = asyncio.create_task(_run([dict(BODY)], sent))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sent == []
