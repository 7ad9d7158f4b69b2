"""Turns the engine and its locked dependencies into the folder that every Lambda function runs; no Docker, no AWS.

The same inputs give the same bytes, so a deployment changes nothing unless the engine did.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import uv

from bedrock_audit.alerts.routing import routes as read_routes
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.known_patterns import FILE, known_patterns
from bedrock_audit.record import Value
from infra.interpreters import interpreter

LIMIT = 250 * 1024 * 1024
"""Bytes a function may have unzipped (AWS Lambda quotas)."""
MADE_HERE = ("bin", ".lock", "**/__pycache__", "*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED")
"""What an installer leaves behind that differs from machine to machine; nothing reads it in a function."""
SERVICES = (
    *("bedrock", "cloudwatch", "dynamodb", "events", "s3"),
    *("secretsmanager", "sns", "sqs", "ssm", "sts"),
)
"""The AWS services that functions ask; botocore's descriptions of all others are half of the bundle and left out."""
NOT_SHIPPED = ("__pycache__", "cli", "demo", "local", "*.md", FILE)


class Target(Value, frozen=True):
    """The interpreter that will run the bundle; the default is that of a Lambda function on arm64 (glibc 2.34)."""

    platform: str = "aarch64-manylinux_2_34"
    python: str = "3.13"


ARM64 = Target()


def of_this_machine(python: str) -> Target:
    """The target whose bundle runs here, in an interpreter of that version: for tests and measurements."""
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    return Target(platform=f"{machine}-manylinux_2_34", python=python)


def engine_bundle(
    root: Path, *, target: Target = ARM64, clauses: Path | None = None, routes: Path | None = None
) -> Path:
    """The folder to deploy, built below `root`/build unless it is there; an organisation may bring clauses and routes.

    Without a warm package cache the first build needs the package index, later ones nothing; `python -m
    infra.engine_bundle` builds what is deployed where nothing is set, and so warms the cache.
    """
    policy = load_policy(clauses)
    if routes:
        read_routes(routes)
    python = interpreter(target.python)
    inputs = [root / "lambdas", root / "requirements/lambda.lock", clauses, routes]
    facts = [target.platform, target.python, "bytecode" if python else "sources only"]
    bundle = root / "build" / f"engine-{_digest(inputs, facts)}"
    if not bundle.exists():
        bundle.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=bundle.parent) as folder:
            made = Path(folder) / "engine"
            _build(made, root=root, target=target, clauses=clauses, python=python)
            (made / "bedrock_audit/policy" / FILE).write_bytes(known_patterns(policy))
            if routes:
                shutil.copy(routes, made / "routes.yaml")
            _settle(made, bundle)
    return bundle


def _settle(made: Path, bundle: Path) -> None:
    """Put the finished folder in its place, unless another process was faster."""
    try:
        made.rename(bundle)
    except OSError:
        if not bundle.exists():
            raise


def _build(made: Path, *, root: Path, target: Target, clauses: Path | None, python: Path | None) -> None:
    _install(made, lock=root / "requirements/lambda.lock", target=target)
    described = [path for path in (made / "botocore/data").iterdir() if path.is_dir() and path.name not in SERVICES]
    for left in (*described, *(path for pattern in MADE_HERE for path in sorted(made.glob(pattern)))):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    shutil.copytree(root / "lambdas", made, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    if clauses:
        shutil.copytree(clauses, made / "clauses")
    if python:
        _compile(made, python=python)
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    if size > LIMIT:
        raise ConfigurationError(f"{size} bytes are more than a function may have", source=str(made))


def _install(made: Path, *, lock: Path, target: Target) -> None:
    """From the package cache if all is there, so that a second synthesis needs no network."""
    install = (
        *(uv.find_uv_bin(), "pip", "install", "--quiet", "--color", "never", "--target", str(made)),
        *("--python-platform", target.platform, "--python-version", target.python),
        *("--require-hashes", "--requirement", str(lock)),
        *("--only-binary", ":all:", "--no-compile-bytecode", "--link-mode", "copy"),
    )
    if subprocess.run([*install, "--offline"], capture_output=True, check=False).returncode:  # noqa: S603 - ours
        _run(*install)


def _compile(made: Path, *, python: Path) -> None:
    """Bytecode that is trusted by its hash: deployment packages lose time stamps, and /var/task cannot be written."""
    options = ["-q", "-j", "1", "-s", str(made), "-p", "/var/task", "--invalidation-mode", "unchecked-hash"]
    _run(str(python), "-I", "-m", "compileall", *options, str(made))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        raise ConfigurationError(done.stderr.strip()[-600:], source=f"engine bundle: {Path(command[0]).name}")


def _digest(places: list[Path | None], facts: list[str]) -> str:
    digest = blake2b("\n".join(facts).encode(), digest_size=8)
    for path in (path for place in places if place for path in _files(place)):
        digest.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    yield from (
        [place]
        if place.is_file()
        else (path for path in sorted(place.rglob("*")) if path.is_file() and not {"__pycache__", FILE} & {*path.parts})
    )


if __name__ == "__main__":
    engine_bundle(Path(__file__).resolve().parent.parent)
