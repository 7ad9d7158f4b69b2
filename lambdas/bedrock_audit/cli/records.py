"""`bedrock-audit records`: what the reader makes of logs, one line of JSON a record, for debugging."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from bedrock_audit.cli import EXIT_INCOMPLETE
from bedrock_audit.cli.engine import Place, each_once, places
from bedrock_audit.cli.output import echo_json
from bedrock_audit.cli.stores import chosen_store, store_options
from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.errors import LogUnreadableError
from bedrock_audit.finding_json import iso
from bedrock_audit.intake import UNREAD
from bedrock_audit.normalise import normalise
from bedrock_audit.pipeline import Item
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Skipped, Source, Unreadable


@click.command(
    short_help="Show what the reader makes of logs, record by record.",
    epilog="""\b
Examples:
  bedrock-audit records day.json.gz | head -1 | python -m json.tool
  bedrock-audit records logs/ | jq -r 'select(.unreadable) | .unreadable.detail'""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@store_options
def records(paths: tuple[str, ...]) -> None:
    """Print every record as the engine sees it, with all texts in clear: mind where you send this."""
    choice = chosen_store()
    complete = True
    for place, log in each_once(places(paths, profile=choice.profile, region=choice.region)):
        for item in _items(log, place):
            echo_json(msgspec.json.encode(_json(item)))
            complete = complete and not isinstance(item, Unreadable)
    if not complete:
        raise SystemExit(EXIT_INCOMPLETE)


def _items(log: LogObject, place: Place) -> Iterator[Item]:
    try:
        with place.logs.opened(log.name) as stream:
            for entry in decode(stream, log.name):
                yield from normalise(entry, place.bodies) if isinstance(entry, RawEntry) else (entry,)
    except LogUnreadableError as error:
        yield Unreadable(source=Source(object=log.name, line=1), reason=UNREAD, detail=error.message)


def _json(item: Item) -> dict[str, Any]:
    if isinstance(item, Unreadable | Skipped):
        kind = "unreadable" if isinstance(item, Unreadable) else "skipped"
        return {"source": _plain(item.source), kind: {"reason": item.reason, "detail": getattr(item, "detail", "")}}
    return {
        **_plain(item),
        "timestamp": item.timestamp and iso(item.timestamp),
        "model_id": item.model.id,
        "principal": item.principal.arn,
        "session": item.principal.session,
        "unreadable": None,
    }


def _plain(value: Any) -> dict[str, Any]:
    plain = msgspec.to_builtins(value)
    assert isinstance(plain, dict)
    return plain
