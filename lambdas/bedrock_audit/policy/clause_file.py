"""The whole of a clause file: what it is about, its signals and rules, and its cases."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from bedrock_audit.finding import Disposition, Severity
from bedrock_audit.policy.clause import (
    EvidenceRule,
    Form,
    Language,
    Mappings,
    Name,
    Place,
    PolicyReference,
    Rule,
    Sentence,
    Signal,
    Stage,
    Texts,
)


class Case(Form, frozen=True):
    """A text (or an exchange in pieces) that must or must not match; `why` says what is tested.

    With `text`: `role`, `direction` and `kind` say how it comes. Else any of `system`, `document`, `tool`, `ask` and
    `answer`. `guardrail`, `media` and `model` set facts of the record. `disposition` and `rule` (one that must hold)
    are checked when given.
    """

    text: str | None = None
    role: Literal["user", "system", "assistant", "tool", "document", "tool-definition"] = "user"
    direction: Literal["input", "output"] = "input"
    kind: Literal[
        "text", "image-prompt", "video-prompt", "negative-prompt", "tool-arguments", "reasoning", "embedding-text"
    ] = "text"
    system: str | None = None
    document: str | None = None
    tool: str | None = None
    ask: str | None = None
    answer: str | None = None
    lang: Language | None = None
    why: str = ""
    guardrail: tuple[str, ...] = ()
    media: Literal["image", "audio", "video", "document"] | None = None
    model: str = ""
    disposition: Disposition | None = None
    rule: Name | None = None

    def shown(self) -> str:
        """The case on one line for people."""
        if self.text is not None:
            return self.text
        names = ("system", "document", "tool", "ask", "answer")
        pieces = {name: getattr(self, name) for name in names}
        return " | ".join(f"{name}: {text}" for name, text in pieces.items() if text is not None)


class Cases(Form, frozen=True):
    """What the clause must and must not match."""

    must_match: tuple[Case, ...] = ()
    must_not_match: tuple[Case, ...] = ()


class ClauseFile(Form, frozen=True):
    """A clause: its id is the file's name without `.yaml`. `cases` stand last in the file."""

    title: Annotated[str, msgspec.Meta(min_length=3, max_length=100)] | None = None
    sentence: Sentence | None = None
    policy: PolicyReference | None = None
    severity: Severity | None = None
    mappings: Mappings = Mappings()
    evidence: EvidenceRule = EvidenceRule()
    stage: Stage = Stage.LIVE
    enabled: bool = True
    languages: Annotated[tuple[Language, ...], msgspec.Meta(min_length=1)] = (Language.EN,)
    clause: Name | None = None
    domain: Name | None = None
    place: Annotated[tuple[Place, ...], msgspec.Meta(min_length=1)] | None = msgspec.field(name="in", default=None)
    words: dict[Name, Texts] = {}
    signals: dict[Name, Signal] = {}
    rules: dict[Name, Rule] = {}
    cases: Cases = Cases()
