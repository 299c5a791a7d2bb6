"""`nser demo` and `nser serve`: the program answering."""

from typing import Annotated

import typer

from server.commands.output import AsJson, DataDir, answer, note, settings_for
from server.database import bare_engine, bring_up_to_date, database_of
from server.embedded import embedded_database
from server.failure import CannotStart
from server.settings import require_secret_key

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]


def serve_command(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes.")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Answer partners until Ctrl-C or SIGTERM. Needs NSER_SECRET_KEY, and NSER_BASE_URL unless partners are here."""
    from server.serving import reserved_port, serve

    settings, folder = settings_for(data_dir)
    require_secret_key(settings)
    with reserved_port(host, port) as listener, database_of(settings, folder) as url:
        with bare_engine(url) as engine:
            bring_up_to_date(engine, embedded=not settings.database_url)
        note(f"Serving {settings.base_url}/graphql on {host}:{port}. Ctrl-C stops.")
        serve(settings.model_copy(update={"database_url": url}), listener, workers=workers)


def demo_command(
    households: Annotated[int, typer.Option(min=100, help="How many synthetic households.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same registry.")] = 1,
    port: Port = 8000,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Whether to serve once all is there.")] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a registry of synthetic households under --data-dir, with a client for each partner, and serve it.

    What is there already is kept. Ctrl-C stops everything that was started.
    """
    from server.demo import Demo, prepare, three_commands
    from server.serving import reserved_port, serve

    settings, folder = settings_for(data_dir)
    if settings.database_url:
        raise CannotStart("The demo runs on a database of its own. Unset NSER_DATABASE_URL, or use `nser serve`.")
    demo = Demo(folder, households, seed, port)
    with reserved_port("127.0.0.1", port) as listener, embedded_database(folder) as url:
        prepared = prepare(demo, url)
        answer(as_json, prepared.to_json(), three_commands(demo, prepared.sandbox))
        if serving:
            note(f"Serving {demo.base_url}/graphql, with GraphiQL for a browser. Ctrl-C stops everything.")
            serve(demo.settings(settings, url), listener)
