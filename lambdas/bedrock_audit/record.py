"""One model invocation as the engine sees it, whatever model and log format it came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

NO_TURN = -1
FALLBACK = "unknown"
"""The shape of a body that no family knows: all of its strings are read, without knowing who says them."""


class Value(msgspec.Struct, frozen=True):
    """A frozen value: compared by content, hashable where its fields are."""


class Direction(StrEnum):
    """Which way a text travelled; the words are those of Bedrock's own `ApplyGuardrail`."""

    INPUT = "input"
    OUTPUT = "output"


class Role(StrEnum):
    """Who speaks in a part."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    DOCUMENT = "document"
    TOOL_DEFINITION = "tool-definition"
    UNKNOWN = "unknown"


class PartKind(StrEnum):
    """What a part's text is for."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_ARGUMENTS = "tool-arguments"
    IMAGE_PROMPT = "image-prompt"
    VIDEO_PROMPT = "video-prompt"
    NEGATIVE_PROMPT = "negative-prompt"
    EMBEDDING_TEXT = "embedding-text"
    GUARDRAIL_ORIGINAL = "guardrail-original"
    PARAMETER = "parameter"
    UNKNOWN = "unknown"


class Source(Value, frozen=True, gc=False):
    """Where a record was read: object is a path or `s3://` URI, line counts from 1."""

    object: str
    line: int


class Part(Value, frozen=True, gc=False):
    """One piece of text of an invocation.

    `location` is an RFC 6901 pointer into the record to the string that holds the text (for a streamed answer, to its
    first fragment; for an offloaded body, continued below `…BodyS3Path`). `offset` is where the text begins within that
    string, in characters. `turn` is the position of the message in the conversation, NO_TURN for what frames it
    (system prompts, tool definitions, parameters). `answer` tells several answers to one request apart. `is_echo` marks
    text that the model's response repeats from the request.
    """

    role: Role
    direction: Direction
    kind: PartKind
    text: str
    location: str
    offset: int = 0
    turn: int = NO_TURN
    answer: int = 0
    is_echo: bool = False


class Media(Value, frozen=True, gc=False):
    """An image, document, video or sound in an invocation, read or not.

    `media_type` is the format as logged (`png`, `application/pdf`); `size` is in bytes, None if unknown;
    `where` is `inline`, an `s3://` URI or a URL; `text_was_read` says whether its text became parts.
    """

    kind: str
    media_type: str
    size: int | None
    where: str
    role: Role
    direction: Direction
    location: str
    turn: int = NO_TURN
    text_was_read: bool = False


class BodyState(StrEnum):
    """What became of a body; only PRESENT and OFFLOADED were read, and NO_TEXT (vectors, say) held no words."""

    PRESENT = "present"
    OFFLOADED = "offloaded"
    UNRESOLVED = "unresolved"
    DELIVERY_OFF = "delivery-off"
    FAILED_CALL = "failed-call"
    TOO_LARGE = "too-large"
    ABSENT = "absent"
    NO_TEXT = "no-text"


class Body(Value, frozen=True, gc=False):
    """How one body of a record was read: `shape` names the reader, `reason` says why it was not."""

    state: BodyState
    shape: str = ""
    reason: str = ""
    unknown_strings: int = 0


class PrincipalKind(StrEnum):
    """What kind of identity made the call."""

    ROLE = "role"
    USER = "user"
    ROOT = "root"
    FEDERATED = "federated"
    SERVICE = "service"
    UNKNOWN = "unknown"


class Principal(Value, frozen=True):
    """Who called: `arn` is the role or user with the session cut off; `session` is the caller's own word."""

    arn: str
    kind: PrincipalKind = PrincipalKind.UNKNOWN
    session: str = ""


class Model(Value, frozen=True):
    """The model named: `id` as logged, `base` the foundation model if it can be told, `kind` the resource type."""

    id: str
    base: str = ""
    kind: str = "foundation-model"


class Guardrail(Value, frozen=True):
    """What a Bedrock Guardrail did: policies as `topic:NAME`, `content:TYPE`, `word`, `pii:TYPE`, `grounding`, …"""

    intervened: bool
    ids: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    action_reason: str = ""


class Tokens(Value, frozen=True, gc=False):
    """Token counts as logged; None where the record has none."""

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None


class InvocationRecord(Value, frozen=True):
    """One invocation, normalised: nothing downstream knows the vendor's field names.

    `identity` is what makes the record one record however often and by whichever channel it is delivered: request id,
    operation and time, or a hash of the raw line where there is no request id. `timestamp` is aware, in UTC; None if
    it could not be read. `end_user` is the caller's declaration. `problems` are sentences about oddities that did not
    keep the record from being read.
    """

    source: Source
    identity: str
    request_id: str
    timestamp: datetime | None
    operation: str
    account: str
    region: str
    principal: Principal
    model: Model
    input: Body
    output: Body
    parts: tuple[Part, ...]
    media: tuple[Media, ...] = ()
    inference_region: str = ""
    error_code: str = ""
    status: str = ""
    stop_reason: str = ""
    end_user: str = ""
    request_metadata: dict[str, str] = {}
    tokens: Tokens = Tokens()
    latency_ms: int | None = None
    latency_mode: str = ""
    guardrail: Guardrail | None = None
    schema_version: str = ""
    problems: tuple[str, ...] = ()


class Unreadable(Value, frozen=True):
    """A stretch of a log that could not be read: `reason` is a short slug for counting, `detail` a sentence.

    Neither ever quotes the content.
    """

    source: Source
    reason: str
    detail: str
    identity: str = ""


class Skipped(Value, frozen=True):
    """Something in a log that is not an invocation and is not meant to be one (a control message, say)."""

    source: Source
    reason: str
