"""AWS on this machine: the MiniStack emulator with TLS and permissions enforced, in an environment of its own.

Nothing outside 127.0.0.1 is ever asked. What it does not enforce is listed in docs/operator-guide.md.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from tests.infra.synth import ROOT

ACCOUNT = "123456789012"
REGION = "us-east-1"
HOME = ROOT / ".venv-emulator"
BARE = ROOT / ".venv-lambda"
STARTS_WITHIN = 120.0


class Emulator(NamedTuple):
    """A running emulator: its address, the certificate to trust, and the log it writes."""

    url: str
    certificate: str
    log: Path

    def client(self, service: str, **more: Any) -> Any:
        """A client with an administrator's credentials, who no policy of the stack binds."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            verify=self.certificate,
            region_name=REGION,
            aws_access_key_id=more.pop("access_key", "test"),
            aws_secret_access_key=more.pop("secret", "test"),
            config=Config(retries={"max_attempts": 1}, read_timeout=60),
            **more,
        )

    def environment(self) -> dict[str, str]:
        """What a program needs to take the emulator for AWS."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CA_BUNDLE": self.certificate,
            "SSL_CERT_FILE": self.certificate,
            "NODE_EXTRA_CA_CERTS": self.certificate,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


@contextmanager
def running() -> Iterator[Emulator]:
    """An emulator with nothing in it, for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="emulator-"))
    port = _free_port()
    emulator = Emulator(f"https://localhost:{port}", str(folder / "ministack-tls/server.crt"), folder / "log")
    with emulator.log.open("wb") as log:
        process = subprocess.Popen(
            [HOME / "bin/python", Path(__file__).with_name("emulator_main.py")],
            env=_settings(emulator, folder, port),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(process, port, emulator.log)
        yield emulator
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # it may wait for its functions for ever when asked politely
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(emulator: Emulator, folder: Path, port: int) -> dict[str, str]:
    """`USE_SSL` and `AUTH` make policies count, those that deny what comes without TLS among them."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "LAMBDA_PYTHON": str(BARE / "bin/python"),
        "USE_SSL": "1",
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        **{name: value for name, value in emulator.environment().items() if "KEY" not in name},
    }


def _free_port() -> int:
    with socket.socket() as sought:
        sought.bind(("127.0.0.1", 0))
        return int(sought.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(int(STARTS_WITHIN / 0.05)):
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended: {log.read_text()[-2000:]}")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the emulator did not start")
