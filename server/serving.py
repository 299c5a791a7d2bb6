"""Serving: the listening socket, the processes, their orderly end. For `nser serve` and `nser demo`."""

import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from uvicorn.supervisors import Multiprocess

from server.application import build
from server.failure import CannotStart
from server.logs import logging_configuration
from server.settings import Settings

_GRACE_SECONDS = 10
"""How long answers that are under way may take once the server has been asked to stop."""

_BACKLOG = 2048


@contextlib.contextmanager
def reserved_port(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket bound to the address, so that a long preparation does not end in "port taken".

    Raises `CannotStart` when the address is not to be had. It listens only once a server runs on it.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as failure:
            raise CannotStart(
                f"Port {port} of {host} cannot be used: {getattr(failure, 'strerror', None) or failure}. "
                "Stop what uses it, or choose another with --port."
            ) from failure
        listener.set_inheritable(True)
        yield listener


def serve(settings: Settings, listener: socket.socket, *, workers: int = 1) -> None:
    """Answer on `listener` until SIGINT or SIGTERM, then finish the answers under way and return.

    More than one worker are processes of their own, which read their settings from the environment. Raises
    `CannotStart` when the port was taken meanwhile or the application did not start.
    """
    try:
        listener.listen(_BACKLOG)
    except OSError as failure:
        raise CannotStart(f"The port was taken meanwhile: {failure.strerror}. Choose another with --port.") from failure
    if workers == 1:
        _serve_here(uvicorn.Server(_configuration(build(settings))), listener)
        return
    os.environ.update(environment_of(settings))
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        Multiprocess(_configuration("server.application:from_environment", workers), sockets=[listener]).run()


def _serve_here(server: uvicorn.Server, listener: socket.socket) -> None:
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(sockets=[listener])
    if not server.started:
        raise CannotStart("The server did not start; the log above says why.")


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment variables from which another process reads the same settings."""
    shown = settings.model_dump(mode="json", exclude={"secret_key"})
    shown["secret_key"] = settings.secret_key.get_secret_value()
    return {f"NSER_{name.upper()}": str(value) for name, value in shown.items()}


def _configuration(app: object, workers: int | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        factory=workers is not None,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=logging_configuration(),
        server_header=False,
        # Every address is built from NSER_BASE_URL, so nothing that a proxy claims is needed.
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
