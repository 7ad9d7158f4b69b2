"""The port for bodies that Bedrock put beside the log instead of into it."""

from __future__ import annotations

from typing import Protocol

from bedrock_audit.record import Value


class Unresolved(Value, frozen=True):
    """Why an offloaded body could not be had: `not-found`, `outside-allowed-places`, `too-large`, `access-denied`."""

    reason: str
    detail: str = ""


class Bodies(Protocol):
    """Where offloaded bodies are; implementations guard which places may be read and how much."""

    def fetched(self, uri: str, /) -> bytes | Unresolved:
        """The object as stored, gzipped or not, or why not. Late arrivals have been waited for."""


class NoBodies:
    """Knows no place at all: every offloaded body is unresolved."""

    def fetched(self, uri: str, /) -> bytes | Unresolved:  # noqa: ARG002
        return Unresolved(reason="outside-allowed-places", detail="no place for offloaded bodies is configured")
