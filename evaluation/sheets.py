"""Reads the labelled corpus into rows, and rows into exchanges; it knows nothing of how they are judged."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from bedrock_audit.detect.cases import exchanges_of
from bedrock_audit.exchanges import Exchange
from bedrock_audit.policy.clause_file import Case
from bedrock_audit.record import InvocationRecord, Value

FOLDER = Path(__file__).parent / "corpus"
FRESH = Path(__file__).parent / "fresh"
BENIGN = "benign"
EVERYDAY = ("background", "casework", "lookalikes")
"""Sheets about no clause: what people ask all day, work on cases without deciding them, harmless uses of dire words."""
_HELD_OUT = ".heldout.jsonl"
_CASE_FIELDS = ("text", "ask", "answer", "system", "tool", "document", "role", "direction", "kind")


class Fold(StrEnum):
    """The OPEN fold is for those who write clauses; nobody looks at the HELD_OUT one, it only measures."""

    OPEN = "open"
    HELD_OUT = "held-out"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, or an exchange in pieces, and what is in it.

    `labels` are clause ids, `consequential:<domain>`, or only `benign`. `may` are labels that count neither way: a
    judge could hold them or not. `group` is a slug of what makes the row hard.
    """

    id: str
    lang: str
    labels: tuple[str, ...]
    group: str
    may: tuple[str, ...] = ()
    text: str | None = None
    ask: str | None = None
    answer: str | None = None
    system: str | None = None
    tool: str | None = None
    document: str | None = None
    role: str = "user"
    direction: str = "input"
    kind: str = "text"

    @property
    def is_benign(self) -> bool:
        """Whether nothing in it is the matter of any clause."""
        return self.labels == (BENIGN,)

    def exchanges(self) -> tuple[tuple[Exchange, ...], InvocationRecord]:
        """The smallest invocation in which the row's texts come as the row says, and its exchanges."""
        told = {name: getattr(self, name) for name in _CASE_FIELDS}
        return exchanges_of(msgspec.convert({name: value for name, value in told.items() if value is not None}, Case))


class Sheet(Value, frozen=True):
    """One file of the corpus: `about` is the label that its violating rows carry, or one of EVERYDAY."""

    about: str
    fold: Fold
    path: Path
    rows: tuple[Row, ...]


def sheets(folder: Path = FOLDER) -> Iterator[Sheet]:
    """Every file of the corpus, in the order of their names. Raises msgspec.ValidationError for a malformed row."""
    for path in sorted(folder.glob("*.jsonl")):
        fold = Fold.HELD_OUT if path.name.endswith(_HELD_OUT) else Fold.OPEN
        stem = path.name.removesuffix(_HELD_OUT).removesuffix(".jsonl")
        rows = tuple(msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines())
        yield Sheet(about=stem.replace("consequential.", "consequential:"), fold=fold, path=path, rows=rows)
