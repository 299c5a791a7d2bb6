"""A load generator on loopback: so many connections, each sending its next request when the last is answered.

Runs in a process of its own, bounded in time. Requests are written once; an answer is read, counted and thrown away.
"""

import asyncio
import json
import sys
import time
from functools import partial
from typing import Any


class Connection(asyncio.Protocol):
    """One keep-alive connection that sends the given requests in turn."""

    def __init__(self, requests: list[bytes], offset: int, until: float, done: "asyncio.Future[int]") -> None:
        self._requests = requests
        self._at = offset
        self._until = until
        self._done = done
        self._answers = 0
        self._buffer = b""
        self._needed = 0

    def connection_made(self, transport: Any) -> None:
        """Send the first request."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count an answer once it is whole and send the next request."""
        self._buffer += data
        if not self._needed:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                self._end(RuntimeError(f"an answer that is no success: {head[:60]!r} {rest[:300]!r}"))
                return
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            self._needed = len(head) + 4 + int(length.split(b":")[1])
        if len(self._buffer) >= self._needed:
            self._buffer, self._needed = b"", 0
            self._answers += 1
            if time.perf_counter() < self._until:
                self._send()
            else:
                self._end(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Report a connection that the server closed."""
        self._end(error or RuntimeError("the server closed the connection"))

    def _send(self) -> None:
        self._transport.write(self._requests[self._at % len(self._requests)])
        self._at += 1

    def _end(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error) if error else self._done.set_result(self._answers)
        self._transport.close()


def _itself(connection: Connection) -> Connection:
    return connection


async def run(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    """Send requests for so many seconds and return how many were answered in how long."""
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    futures = []
    for at in range(connections):
        done: asyncio.Future[int] = loop.create_future()
        connection = Connection(requests, at * 7, begun + seconds, done)
        await loop.create_connection(partial(_itself, connection), "127.0.0.1", port)
        futures.append(done)
    answers = sum(await asyncio.gather(*futures))
    return {"answers": answers, "seconds": time.perf_counter() - begun}


if __name__ == "__main__":
    task = json.load(sys.stdin)
    encoded = [request.encode() for request in task["requests"]]
    json.dump(asyncio.run(run(task["port"], encoded, task["connections"], task["seconds"])), sys.stdout)
