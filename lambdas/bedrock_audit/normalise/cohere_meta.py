"""Reads `meta`, in which Cohere's models say which version answered, what is billed and what they warn of."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import NOBODY, TEXT

META = "meta"

_VERSION = frozenset({"version"})


def read_meta(body: dict[str, Any], at: str, reading: Reading) -> None:
    """Warnings are sentences; versions are not."""
    if META in body:
        reading.say_json(body[META], f"{at}/{META}", role=NOBODY, turn=reading.turn, kind=TEXT, skip=_VERSION)
