"""The whole application over a small registry, asked over HTTP by clients of all kinds. For tests only.

The clients are those of the sandbox, on the places of `tests/registry.py`; `admit` adds others.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2
import uvicorn
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from auth.registration import register_client
from domain.agreement import TerritoryKind
from domain.catalogue import Bundle, scopes_in_order
from domain.signing import Terms, put_in_force
from server.application import build
from server.partners import PARTNERS
from server.settings import Settings, sqlalchemy_url
from tests.registry import Registry

BASE_URL = "http://127.0.0.1:8000"
SECRET = "a-secret-that-only-the-tests-know-0123456789"
KEY = "a key for tests of more than thirty-two characters"
TERRITORIES = {TerritoryKind.PROVINCES: ["P0"], TerritoryKind.DISTRICTS: ["P0D0"]}
"""The places that stand for Punjab and its fullest district."""


def settings_of(url: str, **changed: object) -> Settings:
    """Return the settings of an application on the database at `url`."""
    return Settings.model_validate({"database_url": url, "secret_key": KEY, "base_url": BASE_URL, **changed})


@dataclass
class Service:
    """The application, its database, and the clients that ask it."""

    http: httpx2.Client
    engine: Engine
    _tokens: dict[tuple[str, str | None], str] = field(default_factory=dict, repr=False)

    def admit(
        self,
        client: str,
        bundles: Iterable[Bundle],
        *,
        kind: TerritoryKind = TerritoryKind.NATIONAL,
        territory: Iterable[str] = (),
        cohort: str | None = None,
    ) -> None:
        """Register a client under an agreement of its own."""
        given = frozenset(bundles)
        terms = Terms(
            reference=f"DSA-{client}",
            title=f"Agreement of {client}",
            consumer=client,
            legal_basis="none",
            purposes=("tests",),
            bundles=given,
            territory_kind=kind,
            territory=list(territory),
            cohort=cohort,
            valid_from=date(2020, 1, 1),
            valid_until=date(2099, 12, 31),
        )
        with Session(self.engine) as session, session.begin():
            agreement = put_in_force(session, terms)
            scopes = scopes_in_order(given)
            register_client(session, client_id=client, name=client, agreement=agreement, scopes=scopes, secret=SECRET)

    def token(self, client: str, scopes: str | None = None) -> str:
        """Return a token of a client, the same one while the test runs; `scopes` narrows it."""
        if (client, scopes) not in self._tokens:
            form = {"grant_type": "client_credentials"} | ({"scope": scopes} if scopes else {})
            answer = self.http.post("/oauth/token", data=form, auth=(client, SECRET))
            self._tokens[client, scopes] = answer.json()["access_token"]
        return self._tokens[client, scopes]

    def ask(
        self, client: str, query: str, variables: Mapping[str, Any] | None = None, **headers: str
    ) -> httpx2.Response:
        """Return the answer to an operation, whatever it is."""
        sent = {"authorization": f"Bearer {self.token(client)}", "accept": "application/graphql-response+json"}
        body = {"query": query, "variables": dict(variables or {})}
        return self.http.post("/graphql", json=body, headers=sent | headers)

    def data(self, client: str, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the data of an operation that succeeds."""
        answer = self.ask(client, query, variables)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def refused(self, client: str, query: str, variables: Mapping[str, Any] | None = None) -> tuple[int, list[str]]:
        """Return status and codes of an operation that is refused."""
        answer = self.ask(client, query, variables)
        return answer.status_code, [error["extensions"]["code"] for error in answer.json()["errors"]]

    def execute(self, statement: Any) -> Any:
        """Execute a statement in the registry and commit it."""
        with self.engine.begin() as connection:
            return connection.execute(statement)


@contextlib.contextmanager
def service_on(url: str, registry: Registry | None = None, **changed: object) -> Iterator[Service]:
    """Yield the application with the clients of the sandbox on the empty, migrated database at `url`."""
    engine = create_engine(sqlalchemy_url(url, "psycopg"))
    if registry is not None:
        registry.write(engine)
    with TestClient(build(settings_of(url, **changed)), base_url=BASE_URL) as http:
        service = Service(http, engine)
        if registry is not None:
            admit_partners(service)
        yield service
    engine.dispose()


def admit_partners(service: Service) -> None:
    """Register the clients of the sandbox."""
    for partner in PARTNERS:
        service.admit(
            partner.client_id,
            partner.bundles,
            kind=partner.territory,
            territory=TERRITORIES.get(partner.territory, []),
            cohort=partner.cohort,
        )


@contextlib.contextmanager
def listening(url: str, **changed: object) -> Iterator[str]:
    """Yield the address of a server that answers from the registry at `url`, on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            build(settings_of(url, **changed)), http="httptools", loop="uvloop", ws="none", log_config=None
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
