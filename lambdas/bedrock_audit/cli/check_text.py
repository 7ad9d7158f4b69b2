"""`bedrock-audit check-text`: judges texts by themselves, one line of JSON for each line of JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from bedrock_audit.cli import EXIT_INCOMPLETE
from bedrock_audit.cli.output import echo_json
from bedrock_audit.detect import Detector
from bedrock_audit.detect.single_text import SingleText, judged
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy import load_policy


@click.command(
    epilog="""\b
Each line in: {"id": "1", "text": "…", "role": "user", "direction": "input"}, role and direction optional.
Each line out: {"id": "1", "matches": [{"clause", "domain", "score", "tier", "spans"}], "scores": {clause: 0 to 1}}
\b
Examples:
  echo '{"id": "1", "text": "How do I bake bread?"}' | bedrock-audit check-text -
  bedrock-audit check-text texts.jsonl | jq -r 'select(.matches != []) | .id'"""
)
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--clauses", type=click.Path(path_type=Path), help="A folder of your own clauses, used with ours.")
def check_text(file: str, clauses: Path | None) -> None:
    """Judge the texts of a JSON Lines file by the clauses.

    A line that cannot be judged gets an `error` instead of matches, and the exit code is 3.
    """
    detector = Detector(load_policy(clauses))
    complete = True
    for place, line in enumerate(_lines(file), start=1):
        answer = _answer(line, place, detector=detector)
        complete = complete and "error" not in answer
        echo_json(msgspec.json.encode(answer))
    if not complete:
        raise SystemExit(EXIT_INCOMPLETE)


def _answer(line: bytes, place: int, *, detector: Detector) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(line, type=SingleText)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        click.echo(f"line {place}: {error}", err=True)
        return {"id": None, "line": place, "error": str(error)}
    return {"id": given.id, **msgspec.to_builtins(judged(given, detector))}


def _lines(file: str) -> Iterator[bytes]:
    if file == "-":
        if sys.stdin is None:
            raise ConfigurationError("nothing is piped in", source="-")
        yield from _not_empty(sys.stdin.buffer)
        return
    try:
        with Path(file).open("rb") as stream:
            yield from _not_empty(stream)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", source=file) from error


def _not_empty(stream: BinaryIO) -> Iterator[bytes]:
    return (line for line in stream if line.strip())
