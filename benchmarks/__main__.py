"""Runs the benchmarks: `python -m benchmarks [--households N] [--seconds S] [W1 W2 …]`, or `make bench`.

One server process at a time on one core, the database and the load generator on the other, all on loopback. Two rounds
in opposite order. The figure is the share of the better bare line in requests a second; beside it stands the CPU that a
request costs the server and the database, which is the steadier measure. Exit status 1 when a share is under its floor.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import psutil

from benchmarks.registry import Measured, measured_registry
from benchmarks.workloads import ALL, Workload
from server.embedded import embedded_database

SERVER_CORE, OTHER_CORE = 0, 1
PEERS = ("ours", "bare json", "bare rows")


@dataclass(frozen=True, slots=True)
class Result:
    """What one peer did in one round of one workload."""

    rate: float
    server_ms: float
    database_ms: float


def main() -> int:
    """Build the registry, check that all answer alike, measure, print."""
    options = _options()
    folder = Path(options.data_dir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with embedded_database(folder) as url:
        postmaster = _postmaster(url)
        _pin(postmaster.pid, OTHER_CORE)
        measured = measured_registry(folder, options.households, url)
        with (
            _server("server.application:from_environment", measured.settings) as ours,
            _server("benchmarks.bare:from_environment", measured.settings) as bare,
        ):
            bench = _Bench(measured, {"ours": ours, "bare json": bare, "bare rows": bare}, postmaster, options.seconds)
            workloads = [ALL[name] for name in options.workloads or ALL]
            for workload in workloads:
                bench.check_equal(workload)
            rounds = [bench.round(workloads, PEERS), bench.round(workloads[::-1], PEERS[::-1])]
    return _report(workloads, rounds, options.households)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--households", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each peer answers in each round")
    parser.add_argument("--data-dir", default=".data/benchmark")
    parser.add_argument("workloads", nargs="*", choices=[*ALL, []])
    return parser.parse_args()


class _Bench:
    def __init__(
        self, measured: Measured, servers: dict[str, tuple[int, int]], postmaster: psutil.Process, seconds: float
    ) -> None:
        self._measured = measured
        self._servers = servers
        self._postmaster = postmaster
        self._seconds = seconds
        self._issued = ""
        self._renew = 0.0

    def check_equal(self, workload: Workload) -> None:
        """Stop unless all peers give the same answer to the same questions."""
        for variables in self._measured.variables[workload.name][:5]:
            answers = [self._answer(peer, workload, variables) for peer in PEERS]
            if not answers[0] == answers[1] == answers[2]:
                raise SystemExit(f"{workload.name}: the peers answer differently, so nothing is measured")

    def _answer(self, peer: str, workload: Workload, variables: dict[str, Any]) -> Any:
        path, headers, body = self._request(peer, workload, variables)
        port = self._servers[peer][0]
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = orjson.loads(response.read())
        return workload.nodes(answer["data"]) if peer == "ours" else answer

    def _request(self, peer: str, workload: Workload, variables: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
        headers = {"content-type": "application/json", "host": "127.0.0.1"}
        if peer == "ours":
            headers |= {"authorization": f"Bearer {self._token()}", "accept": "application/graphql-response+json"}
            return "/graphql", headers, orjson.dumps({"query": workload.query, "variables": variables})
        return f"/{peer.split()[1]}/{workload.name}", headers, orjson.dumps({"variables": variables})

    def _token(self) -> str:
        """Return an access token, as a partner would get one; fetched anew before it expires."""
        if time.monotonic() > self._renew:
            credentials = base64.b64encode(f"{self._measured.client_id}:{self._measured.secret}".encode()).decode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{self._servers['ours'][0]}/oauth/token",
                data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
                headers={"authorization": f"Basic {credentials}"},
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                self._issued = orjson.loads(response.read())["access_token"]
            self._renew = time.monotonic() + 200
        return self._issued

    def round(self, workloads: list[Workload], peers: tuple[str, ...]) -> dict[tuple[str, str], Result]:
        """Measure every workload on every peer once."""
        return {(workload.name, peer): self._measure(workload, peer) for workload in workloads for peer in peers}

    def _measure(self, workload: Workload, peer: str) -> Result:
        requests = [
            _raw(*self._request(peer, workload, variables)) for variables in self._measured.variables[workload.name]
        ]
        self._load(peer, workload, requests, 1.0)
        server = psutil.Process(self._servers[peer][1])
        before = _cpu(server), self._database_cpu()
        done = self._load(peer, workload, requests, self._seconds)
        after = _cpu(server), self._database_cpu()
        answers = done["answers"]
        return Result(
            answers / done["seconds"],
            1000 * (after[0] - before[0]) / answers,
            1000 * (after[1] - before[1]) / answers,
        )

    def _load(self, peer: str, workload: Workload, requests: list[str], seconds: float) -> dict[str, float]:
        task = {
            "port": self._servers[peer][0],
            "requests": requests,
            "connections": workload.connections,
            "seconds": seconds,
        }
        done = subprocess.run(
            ["taskset", "-c", str(OTHER_CORE), sys.executable, "-m", "benchmarks.load"],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 120,
        )
        if done.returncode:
            raise SystemExit(f"{workload.name} {peer}: {done.stderr[-2000:]}")
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def _database_cpu(self) -> float:
        return sum(_cpu(process) for process in self._postmaster.children())


def _raw(path: str, headers: dict[str, str], body: bytes) -> str:
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]) + body.decode()


def _cpu(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _postmaster(url: str) -> psutil.Process:
    async def backend() -> int:
        connection = await asyncpg.connect(url)
        try:
            parent: int = psutil.Process(await connection.fetchval("select pg_backend_pid()")).ppid()
            return parent
        finally:
            await connection.close()

    return psutil.Process(asyncio.run(backend()))


def _pin(pid: int, core: int) -> None:
    """Keep a process, and what it starts from now on, on one core."""
    os.sched_setaffinity(pid, {core % (os.cpu_count() or 1)})


@contextlib.contextmanager
def _server(factory: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Yield port and process of one uvicorn process on one core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), *command, "--loop", "uvloop", "--http", "httptools", "--no-access-log"],
        env=os.environ | environment,
    )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _report(workloads: list[Workload], rounds: list[dict[tuple[str, str], Result]], households: int) -> int:
    print(f"{households:,} households; share of the better bare line; in brackets CPU a request: server + database, ms")
    failed = []
    for workload in workloads:
        mean = {peer: _mean([each[workload.name, peer] for each in rounds]) for peer in PEERS}
        best = max(mean["bare json"].rate, mean["bare rows"].rate)
        share = mean["ours"].rate / best
        print(f"\n{workload.name}  {workload.meaning} ({workload.connections} connections)")
        for peer in PEERS:
            result = mean[peer]
            spread = [round(each[workload.name, peer].rate, 1) for each in rounds]
            print(
                f"  {peer:10} {result.rate / best:5.2f}  ({result.server_ms:.2f} + {result.database_ms:.2f})"
                f"  requests/s by round: {spread}"
            )
        if share < workload.floor:
            failed.append(f"{workload.name}: {share:.2f} is under {workload.floor}")
    print("\n" + ("\n".join(failed) if failed else "Every share is at or above its floor."))
    return 1 if failed else 0


def _mean(results: list[Result]) -> Result:
    count = len(results)
    return Result(
        sum(r.rate for r in results) / count,
        sum(r.server_ms for r in results) / count,
        sum(r.database_ms for r in results) / count,
    )


if __name__ == "__main__":
    sys.exit(main())
