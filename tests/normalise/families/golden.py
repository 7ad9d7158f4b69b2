"""Loads the golden bodies: what a family's requests and responses look like, in our own words, and what they say.

A case is `id`, `model`, `request`, `response` (a list is a stream), then what must be read of them, in order:
`shapes` if it is not the family's for both,
`problems` if there are any,
`parts` as [role, kind, turn, where, text, {other fields}] and `media` as [kind, type, size, where it is, location].
`in/…` and `out/…` are pointers into the request's and the response's body; the turn `frame` is NO_TURN.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bedrock_audit.normalise.dispatch import read_request, read_response
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import NO_TURN, Direction, Media, Part, PartKind, Role

BODIES = {"in": ("/input/inputBodyJson", Direction.INPUT), "out": ("/output/outputBodyJson", Direction.OUTPUT)}


def cases() -> dict[str, dict[str, Any]]:
    """Every case of every family by "family: id"; a file is named after the shape its bodies are read as."""
    files = sorted((Path(__file__).parent / "golden").glob("*.yaml"))
    return {
        f"{file.stem}: {case['id']}": {"family": file.stem, **case}
        for file in files
        for case in yaml.safe_load(file.read_text("utf-8"))
    }


def read(case: dict[str, Any]) -> tuple[Reading, Reading]:
    """The request and the response as their families read them; the case remembers by which."""
    model, request, response = case.get("model", "").lower(), case.get("request"), case.get("response")
    asked = Reading(BODIES["in"][0], Direction.INPUT, model=model)
    shapes = [read_request(request, asked)] if request is not None else []
    answered = Reading(BODIES["out"][0], Direction.OUTPUT, turn=asked.turns, model=model)
    shapes += [read_response(response, answered)] if response is not None else []
    case["read as"] = shapes
    return asked, answered


def part(expected: list[Any]) -> Part:
    role, kind, turn, where, text, *more = expected
    other = {**more[0]} if more else {}
    location, direction = _place(where)
    return Part(
        role=Role(role),
        direction=Direction(other.pop("direction", direction)),
        kind=PartKind(kind),
        text=text,
        location=location,
        turn=NO_TURN if turn == "frame" else turn,
        is_echo=other.pop("echo", False),
        **other,
    )


def media(expected: list[Any]) -> Media:
    kind, media_type, size, where, place, *more = expected
    other = {"role": "user", "turn": 0, **(more[0] if more else {})}
    location, direction = _place(place)
    return Media(
        kind=kind,
        media_type=media_type,
        size=size,
        where=where,
        role=Role(other["role"]),
        direction=direction,
        location=location,
        turn=other["turn"],
        text_was_read=other.get("read", False),
    )


def _place(where: str) -> tuple[str, Direction]:
    body, _, rest = where.partition("/")
    at, direction = BODIES[body]
    return (f"{at}/{rest}" if rest else at), direction
