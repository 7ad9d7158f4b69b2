"""Runs a handler as Lambda does: AWS's own runtime client in a bare interpreter, fed by the runtime API over HTTP.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.infra.synth import ROOT

BARE = ROOT / ".venv-lambda"
LONGEST_ANSWER = 180.0


class RuntimeApi(BaseHTTPRequestHandler):
    """One event out for each `next`, and what comes of it back in."""

    protocol_version = "HTTP/1.1"
    events: queue.Queue[dict[str, Any]]
    answers: queue.Queue[tuple[str, Any]]

    def do_GET(self) -> None:
        body = json.dumps(self.events.get()).encode()
        self._send(
            200,
            body,
            {
                "Lambda-Runtime-Aws-Request-Id": "request-1",
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 60) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
                "Content-Type": "application/json",
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answers.put((self.path.rsplit("/", 1)[-1], json.loads(body or b"null")))
        self._send(202, b"", {})

    def log_message(self, *_: Any) -> None:
        pass

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Does not wait at its end for a function that waits for its next event."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """A function that is stopped resets its connection."""


class Function:
    """A running function; `invoke` gives `response` or `error` with what came of an event."""

    def __init__(self, api: type[RuntimeApi], process: subprocess.Popen[str]) -> None:
        self._api = api
        self._process = process

    def invoke(self, event: dict[str, Any]) -> tuple[str, Any]:
        """Hand over an event and wait for the answer."""
        self._api.events.put(event)
        return self._api.answers.get(timeout=LONGEST_ANSWER)

    def ended(self) -> str:
        """Stop it; what it wrote."""
        self._process.terminate()
        return self._process.communicate(timeout=10)[0]


@contextmanager
def running(bundle: Path, handler: str, *, task: Path, environment: dict[str, str]) -> Iterator[Function]:
    """The handler of a bundle unpacked to `task`, with nothing around it but what Lambda gives."""
    shutil.copytree(bundle, task)
    api = type("Api", (RuntimeApi,), {"events": queue.Queue(), "answers": queue.Queue()})
    with Server(("127.0.0.1", 0), api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        process = subprocess.Popen(
            [BARE / "bin/python", "-m", "awslambdaric", f"{handler}.handler"],
            cwd=task,
            env={**_given_by_lambda(task, server.server_port, handler), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Function(api, process)
        finally:
            process.kill()
            process.wait(10)
            server.shutdown()


def _given_by_lambda(task: Path, port: int, handler: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": f"{task}:{BARE / 'runtime'}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(task),
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": handler,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_SERVICE_NAME": handler,
        "POWERTOOLS_METRICS_NAMESPACE": "BedrockAudit",
        "_HANDLER": f"{handler}.handler",
    }
