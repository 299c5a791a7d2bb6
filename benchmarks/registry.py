"""The registry that is measured: the demonstration's, larger, with one client whose grant is limited to Punjab."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from auth.registration import register_client
from domain.agreement import AgreementStatus, Client, DataSharingAgreement, TerritoryKind
from domain.catalogue import Bundle
from domain.grant import today
from server.database import bare_engine
from server.demo import Demo, prepare

CLIENT_ID = "benchmark"
_SECRET = "benchmark-secret-that-guards-synthetic-people-only"


@dataclass(frozen=True, slots=True)
class Measured:
    """What the workloads need to know of the registry."""

    client_id: str
    secret: str
    settings: dict[str, str]
    variables: dict[str, list[dict[str, Any]]]


def measured_registry(folder: Path, households: int, url: str) -> Measured:
    """Build the registry in `folder` unless it is there, and draw the questions from it."""
    demo = Demo(folder, households, 7, 8000)
    prepare(demo, url)
    with bare_engine(url) as engine:
        _register(engine)
        return Measured(CLIENT_ID, _SECRET, _settings(demo, url), _questions(engine))


def _settings(demo: Demo, url: str) -> dict[str, str]:
    from server.serving import environment_of
    from server.settings import read_settings

    return environment_of(demo.settings(read_settings(), url))


def _register(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        if session.get(Client, CLIENT_ID) is not None:
            return
        punjab = session.scalar(text("select code from region where level = 1 and name = 'Punjab'"))
        agreement = DataSharingAgreement(
            reference="BENCHMARK",
            title="The benchmark",
            consumer="nobody",
            legal_basis="none; synthetic people",
            purposes=["measurement"],
            bundles=[bundle.value for bundle in Bundle],
            territory_kind=TerritoryKind.PROVINCES.value,
            territory=[punjab],
            status=AgreementStatus.ACTIVE,
            valid_from=today(),
            valid_until=today().replace(year=today().year + 5, day=1),
        )
        session.add(agreement)
        register_client(
            session,
            client_id=CLIENT_ID,
            name="benchmark",
            agreement=agreement,
            scopes=[bundle.value for bundle in Bundle],
            secret=_SECRET,
        )


def _questions(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Draw questions about persons in Punjab: what is measured is answers, not refusals."""
    with engine.connect() as connection:
        numbers = list(
            connection.scalars(
                text(
                    "select cnic from person where cnic is not null and province_id = "
                    "(select id from region where level = 1 and name = 'Punjab') order by id"
                )
            )
        )
        districts = list(
            connection.scalars(
                text(
                    "select r.code from person p join region r on r.id = p.district_id where p.is_pregnant "
                    "and p.province_id = (select id from region where level = 1 and name = 'Punjab') "
                    "group by r.code having count(*) >= 100 order by r.code"
                )
            )
        )
        punjab = connection.scalar(text("select code from region where level = 1 and name = 'Punjab'"))
    rng = Random(7)
    lists = [{"cnics": rng.sample(numbers, 500)} for _ in range(40)]
    return {
        "W1": [{"cnic": number} for number in rng.sample(numbers, 2000)],
        "W2": [{"region": code, "first": 100} for code in districts],
        "W3": [{"region": punjab, "first": 1000}],
        "W4": lists,
        "W6": lists,
    }
