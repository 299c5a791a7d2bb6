"""`nser token`, `schema` and `clients register`: who may ask, and what they then see."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.orm import Session

from auth.authority import Authority
from auth.registration import register_client
from domain.catalogue import Bundle
from domain.errors import BadInput
from domain.signing import agreement_of
from server.commands.output import AsJson, DataDir, answer, print_line, settings_for
from server.database import async_engine, bare_engine, bring_up_to_date, database_of, registry_engine
from server.sandbox import base_url_of
from server.settings import Settings

clients = typer.Typer(help="The systems of partners.", no_args_is_help=True)

Scopes = Annotated[
    str | None, typer.Option(help="Scopes with spaces between them; all that are given when none are named.")
]


def token_command(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client_id.")],
    scopes: Scopes = None,
    data_dir: DataDir = None,
) -> None:
    """Print an access token for a client and nothing else. It lives five minutes.

    For whoever holds the database, and so needs no proof of being the client.
    """
    settings, folder = settings_for(data_dir)
    settings = settings.model_copy(update={"base_url": base_url_of(settings, folder)})
    with database_of(settings, folder) as url:
        with bare_engine(url) as engine:
            bring_up_to_date(engine, embedded=not settings.database_url)
        print_line(asyncio.run(_token(url, settings, client, scopes.split() if scopes is not None else None)))


async def _token(url: str, settings: Settings, client: str, scopes: list[str] | None) -> str:
    engine = async_engine(url, settings)
    try:
        authority = Authority(engine, settings.base_url)
        await authority.start()
        return await authority.token_for(client, scopes)
    finally:
        await engine.dispose()


def schema_command(scopes: Scopes = None) -> None:
    """Print the schema (SDL): the whole of it, or what the named scopes show."""
    from schema import sdl

    print_line(sdl.render(_bundles(scopes)).rstrip("\n"))


def _bundles(scopes: str | None) -> frozenset[Bundle] | None:
    if scopes is None:
        return None
    try:
        return frozenset(Bundle(name) for name in scopes.split())
    except ValueError as unknown:
        raise BadInput(f"{str(unknown).split(' is not')[0]} is not a scope of this registry.") from None


@clients.command("register")
def clients_register(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client_id: letters, digits and ._~-")],
    agreement: Annotated[str, typer.Option(help="Reference of the data-sharing agreement it acts under.")],
    name: Annotated[str, typer.Option(help="Its name for people.")],
    scopes: Annotated[str, typer.Option(help="The most it may ask for, with spaces between.")],
    keys: Annotated[
        Path | None, typer.Option(help="A file with its public JWK or JWK set; without, a secret is made.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Register a client that signs with its own key, or print the secret of one that does not. It is shown once."""
    settings, folder = settings_for(data_dir)
    jwks = _read_keys(keys) if keys else None
    with registry_engine(settings, folder) as engine, Session(engine) as session, session.begin():
        made = register_client(
            session,
            client_id=client,
            name=name,
            agreement=agreement_of(session, agreement),
            scopes=scopes.split(),
            jwks=jwks,
        )
    facts = {"client_id": made.client_id, "client_secret": made.secret}
    shown = f" Its secret, shown this once: {made.secret}" if made.secret else ""
    answer(as_json, facts, f"Client {made.client_id} is registered under {agreement}.{shown}")


def _read_keys(file: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(file.read_bytes())
    except OSError as failure:
        raise BadInput(f"{file} cannot be read: {failure.strerror}.") from None
    except orjson.JSONDecodeError:
        raise BadInput(f"{file} is not JSON.") from None
    if not isinstance(document, dict):
        raise BadInput(f"{file} holds no JWK.")
    return document if "keys" in document else {"keys": [document]}
