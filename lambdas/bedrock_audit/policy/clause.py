"""What a clause file says, as types: everything a clause can express, before it is compiled."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from bedrock_audit.finding import Disposition, Severity

POLICY_DATE = "2023-09-28"
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Sentence = Annotated[str, msgspec.Meta(min_length=3, max_length=600)]
Score = Annotated[float, msgspec.Meta(gt=0, le=1)]
Texts = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]], msgspec.Meta(min_length=1, max_length=2000)
]
Characters = Annotated[int, msgspec.Meta(ge=20, le=100_000)]
Disguise = Literal["base64", "hex", "percent", "rot13", "leetspeak", "spaced", "invisible", "look-alikes"]
_SOME = msgspec.Meta(min_length=1)


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """A mapping in a clause file: unknown keys are refused."""


class Place(StrEnum):
    """Where in an exchange a signal is looked for."""

    USER = "user"
    SYSTEM = "system"
    TOOL = "tool"
    DOCUMENT = "document"
    ASKED = "asked"
    ANSWER = "answer"
    PREFILL = "prefill"
    TOOL_DEFINITION = "tool-definition"
    IMAGE_PROMPT = "image-prompt"
    ANYWHERE = "anywhere"


class Language(StrEnum):
    """Languages that phrases are written in; `und` is any other."""

    EN = "en"
    ES = "es"
    FR = "fr"
    DE = "de"
    PT = "pt"
    ZH = "zh"
    JA = "ja"
    AR = "ar"
    UND = "und"


class Kind(StrEnum):
    """Whether the policy forbids something or asks for something."""

    PROHIBITION = "prohibition"
    REQUIREMENT = "requirement"


class PolicyReference(Form, frozen=True):
    """Which sentence of the policy the clause stands for, and of which date the policy is."""

    kind: Kind
    date: str = POLICY_DATE
    paragraph: str = ""


class Mappings(Form, frozen=True):
    """Where other frameworks speak of the same matter; empty is better than a guess.

    The places of each are in `policy/frameworks.yaml`; `other` takes any framework by its name.
    """

    eu_ai_act: tuple[str, ...] = ()
    nist_ai_rmf: tuple[str, ...] = ()
    iso_42001: tuple[str, ...] = ()
    colorado_sb_24_205: tuple[str, ...] = ()
    colorado_sb_26_189: tuple[str, ...] = ()
    nyc_ll_144: tuple[str, ...] = ()
    owasp_llm: tuple[str, ...] = ()
    other: dict[str, tuple[str, ...]] = {}


class EvidenceRule(Form, frozen=True):
    """What may be kept of the text: a redacted excerpt, or never any text."""

    text: Literal["redacted", "never"] = "redacted"


class Stage(StrEnum):
    """A shadow clause is evaluated and counted, never alerted."""

    LIVE = "live"
    SHADOW = "shadow"


class Excuse(Form, frozen=True):
    """A context that takes a hit away; `reach` says how near it must stand."""

    context: Name
    reach: str | None = None


class Signal(Form, frozen=True):
    """A named thing to see in one text: phrases (per language) and regular expressions, on folded text.

    Only in the `first` or `last` so many characters of the text, and only as `written` (the original's capitals), if
    given. `unless` names contexts (built in, shared or signals) that take away single hits. `reach` says how near this
    signal must stand to excuse another: `part`, `sentence`, `exchange`, `before N`, `within N` (words).
    """

    phrases: Texts | dict[Language, Texts] | None = None
    regex: Texts | None = None
    first: Characters | None = None
    last: Characters | None = None
    written: Literal["upper", "capitalised"] | None = None
    place: Annotated[tuple[Place, ...], msgspec.Meta(min_length=1)] | None = msgspec.field(name="in", default=None)
    unless: tuple[Name | Excuse, ...] = ()
    reach: str | None = None


class When(Form, frozen=True):
    """Facts of the exchange or its record; each one given must hold, one of its values being enough."""

    answer: Annotated[tuple[Disposition, ...], _SOME] | None = None
    media: Annotated[tuple[Literal["image", "audio", "video", "document"], ...], _SOME] | None = None
    model: Annotated[tuple[Literal["text", "image", "video", "speech", "embedding"], ...], _SOME] | None = None
    guardrail: Texts | None = None
    hidden: Annotated[tuple[Disguise, ...], _SOME] | None = None
    language: Annotated[tuple[Language, ...], _SOME] | None = None
    min_chars: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_chars: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Condition(Form, frozen=True):
    """Exactly one of: all, any, none, at-least … of, signal … times, near … words, then … words, or when."""

    all: tuple[Name | Condition, ...] | None = None
    any: tuple[Name | Condition, ...] | None = None
    none: tuple[Name | Condition, ...] | None = None
    at_least: Annotated[int, msgspec.Meta(ge=2, le=50)] | None = None
    of: tuple[Name | Condition, ...] | None = None
    signal: Name | None = None
    times: Annotated[int, msgspec.Meta(ge=2, le=50)] | None = None
    distinct: bool = False
    near: tuple[Name, ...] | None = None
    then: tuple[Name, ...] | None = None
    words: Annotated[int, msgspec.Meta(ge=1, le=200)] | None = None
    when: When | None = None


class Rule(Form, frozen=True):
    """How signals combine to a match.

    `within`: `passage` (80 words, the default), `sentence`, `part`, `exchange`, or a number of words. `place` (`in`) is
    where signals without a place of their own are looked for. `none` names signals whose presence excuses.
    """

    score: Score
    all: tuple[Name | Condition, ...] = ()
    any: tuple[Name | Condition, ...] = ()
    none: tuple[Name | Excuse, ...] = ()
    when: When | None = None
    within: Literal["passage", "sentence", "part", "exchange"] | Annotated[int, msgspec.Meta(ge=1, le=200)] = "passage"
    place: Annotated[tuple[Place, ...], msgspec.Meta(min_length=1)] | None = msgspec.field(name="in", default=None)
    severity: Severity | None = None
    says: Sentence | None = None


class Lexicon(Form, frozen=True):
    """A shared file of word lists and signals (`policy/lexicons/*.yaml`)."""

    words: dict[Name, Texts] = {}
    signals: dict[Name, Signal] = {}
