"""Turns an envelope into the invocation record; here the vendor's field names end."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.bodies import Bodies
from bedrock_audit.normalise.body import INPUT, OUTPUT, read_body, read_side
from bedrock_audit.normalise.envelope import Envelope, is_batch_line
from bedrock_audit.normalise.facts import whole
from bedrock_audit.normalise.guardrail import guardrail
from bedrock_audit.normalise.missing import Call, missing
from bedrock_audit.normalise.model_id import model
from bedrock_audit.normalise.moment import moment
from bedrock_audit.normalise.oddities import read_oddities, said_metadata
from bedrock_audit.normalise.principal import principal
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Body, Direction, InvocationRecord, Model, Source, Tokens

BATCH = "BatchInference"


def invocation(envelope: Envelope, *, source: Source, digest: str, bodies: Bodies) -> InvocationRecord:
    """The record; `digest` identifies it where it has no request id, or one that other jobs use too."""
    named = model(_text(envelope.modelId))
    hint = (named.base or named.id).lower()
    asked = Reading(INPUT.at, Direction.INPUT, model=hint, bodies=bodies)
    answered = Reading(OUTPUT.at, Direction.OUTPUT, model=hint, bodies=bodies)
    read_sides = _batch_sides if is_batch_line(envelope) else _sides
    sides = read_sides(envelope, asked, answered)
    read_oddities(envelope, asked)
    return _record(envelope, source=source, digest=digest, named=named, asked=asked, answered=answered, sides=sides)


def _sides(envelope: Envelope, asked: Reading, answered: Reading) -> list[Body | None]:
    body = read_side(envelope.input, INPUT, asked)
    answered.turn = _next_turn(asked)
    return [body, read_side(envelope.output, OUTPUT, answered)]


def _batch_sides(envelope: Envelope, asked: Reading, answered: Reading) -> list[Body | None]:
    asked.at, answered.at = "/modelInput", "/modelOutput"
    body = read_body(envelope.modelInput, INPUT, asked)
    answered.turn = _next_turn(asked)
    if not envelope.modelOutput:
        return [body, None]
    return [body, read_body(envelope.modelOutput, OUTPUT, answered)]


def _next_turn(asked: Reading) -> int:
    """The answer follows the last message, be it read or (an image alone) not."""
    spoken = max([part.turn for part in asked.parts], default=-1)
    return max(asked.turns, spoken + 1)


def _record(
    envelope: Envelope,
    *,
    source: Source,
    digest: str,
    named: Model,
    asked: Reading,
    answered: Reading,
    sides: list[Body | None],
) -> InvocationRecord:
    is_batch = is_batch_line(envelope)
    request_id = _text(envelope.recordId if is_batch else envelope.requestId)
    operation = _text(envelope.operation) or (BATCH if is_batch else "")
    identity = envelope.identity.get("arn") if type(envelope.identity) is dict else envelope.identity
    error_code = _error_code(envelope)
    tokens = _tokens(envelope, answered)
    unique = digest if is_batch or not request_id else _text(envelope.timestamp)
    time = moment(envelope.timestamp)
    if time is None and envelope.timestamp is not None:
        answered.problems.append("the timestamp is no time")
    performance = envelope.performanceConfig
    return InvocationRecord(
        source=source,
        identity=f"{request_id}|{operation}|{unique}",
        request_id=request_id,
        timestamp=time,
        operation=operation,
        account=_text(envelope.accountId),
        region=_text(envelope.region),
        principal=principal(_text(identity)),
        model=_routed(named, answered),
        input=_body(sides, Direction.INPUT, envelope=envelope, tokens=tokens, model=asked.model),
        output=_body(sides, Direction.OUTPUT, envelope=envelope, tokens=tokens, model=asked.model),
        parts=(*asked.parts, *answered.parts),
        media=(*asked.media, *answered.media),
        inference_region=_text(envelope.inferenceRegion),
        error_code=error_code,
        status=_text(envelope.status),
        stop_reason=answered.stop_reason,
        end_user=asked.end_user,
        request_metadata=said_metadata(envelope.requestMetadata),
        tokens=tokens,
        latency_ms=answered.latency_ms,
        latency_mode=_text(performance.get("latency")) if type(performance) is dict else "",
        guardrail=guardrail(answered, asked_ids=asked.guardrail_ids),
        schema_version=_text(envelope.schemaVersion),
        problems=(*asked.problems, *answered.problems),
    )


def _body(sides: list[Body | None], direction: Direction, *, envelope: Envelope, tokens: Tokens, model: str) -> Body:
    mine, other = sides if direction is Direction.INPUT else reversed(sides)
    if mine is not None:
        return mine
    call = Call(
        failed=bool(_error_code(envelope)),
        tokens=tokens,
        other_is_missing=other is None,
        model=model,
        made_media=_made_media(envelope.output),
    )
    return missing(direction, call)


def _made_media(output: Any) -> bool:
    return type(output) is dict and any(name.startswith(("outputImage", "outputVideo")) for name in output)


def _tokens(envelope: Envelope, answered: Reading) -> Tokens:
    """The record's own counts; the body's where it has none."""
    asked: dict[str, Any] = envelope.input if type(envelope.input) is dict else {}
    told: dict[str, Any] = envelope.output if type(envelope.output) is dict else {}
    return Tokens(
        input=_first(asked.get("inputTokenCount"), answered.input_tokens),
        output=_first(told.get("outputTokenCount"), answered.output_tokens),
        cache_read=_first(asked.get("cacheReadInputTokenCount"), answered.cache_read_tokens),
        cache_write=_first(asked.get("cacheWriteInputTokenCount"), answered.cache_write_tokens),
    )


def _first(logged: Any, told: int | None) -> int | None:
    count = whole(logged)
    return told if count is None else count


def _routed(named: Model, answered: Reading) -> Model:
    """The model as named, with the foundation model that a prompt router chose."""
    for trace in answered.traces:
        router = trace.value.get("promptRouter")
        if type(router) is dict and not named.base:
            invoked = model(_text(router.get("invokedModelId")))
            return Model(named.id, invoked.base, named.kind)
    return named


def _error_code(envelope: Envelope) -> str:
    """An exception's name; batch inference wraps it with a message."""
    error = envelope.error
    if type(error) is dict:
        return _text(error.get("errorCode")) or "error"
    return _text(envelope.errorCode) or _text(error)


def _text(value: Any) -> str:
    """A scalar as text: accounts have been logged as numbers. Objects and lists are read elsewhere."""
    if type(value) is str:
        return value
    return str(value) if type(value) in (int, float) else ""
