"""Turns an envelope into the invocation record; here the vendor's field names end."""

from __future__ import annotations

import xxhash

from bedrock_audit.decode import RawEntry
from bedrock_audit.normalise.bodies import Bodies
from bedrock_audit.normalise.body import read_body, read_input, read_output
from bedrock_audit.normalise.dispatch import read_request, read_response
from bedrock_audit.normalise.envelope import Envelope, Input, OddEnvelope, Output
from bedrock_audit.normalise.guardrail import guardrail
from bedrock_audit.normalise.missing import Call, missing
from bedrock_audit.normalise.model_id import model
from bedrock_audit.normalise.moment import moment
from bedrock_audit.normalise.principal import principal
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Body, Direction, InvocationRecord, Model, Tokens, Value

BATCH = "BatchInference"


class _Call(Value, frozen=True):
    """An invocation while it is being read: its two sides, and the bodies found on them."""

    envelope: Envelope
    model: Model
    asked: Reading
    answered: Reading
    input: Body | None
    output: Body | None


def invocation(envelope: Envelope, entry: RawEntry, *, position: int, bodies: Bodies) -> InvocationRecord:
    """The record; `position` tells the records of one entry apart where they have no ids of their own."""
    named = model(envelope.model_id or "")
    hint = (named.base or named.id).lower()
    asked = Reading("/input", Direction.INPUT, model=hint, bodies=bodies)
    answered = Reading("/output", Direction.OUTPUT, model=hint, bodies=bodies)
    if isinstance(envelope, OddEnvelope):
        _read_odd(envelope, asked)
    is_batch = envelope.is_batch_line
    request = _batch_input(envelope, asked) if is_batch else read_input(envelope.input, asked)
    answered.turn = asked.turns or _next_turn(asked)
    response = _batch_output(envelope, answered) if is_batch else read_output(envelope.output, answered)
    return _record(_Call(envelope, named, asked, answered, request, response), entry, position=position)


def _batch_input(envelope: Envelope, asked: Reading) -> Body | None:
    asked.at = "/modelInput"
    return read_body(envelope.model_input, read_request, asked)


def _batch_output(envelope: Envelope, answered: Reading) -> Body | None:
    answered.at = "/modelOutput"
    return read_body(envelope.model_output, read_response, answered) if envelope.model_output else None


def _read_odd(envelope: OddEnvelope, asked: Reading) -> None:
    for location, members in envelope.odd.items():
        asked.walk(members, location)
    if envelope.odd:
        asked.problem("the record has members that the log format does not name or type so")


def _next_turn(asked: Reading) -> int:
    """The answer follows the last message, be it read or (an image alone) not."""
    return max([part.turn + 1 for part in asked.parts], default=0)


def _record(call: _Call, entry: RawEntry, *, position: int) -> InvocationRecord:
    envelope, asked, answered = call.envelope, call.asked, call.answered
    operation = envelope.operation or (BATCH if envelope.is_batch_line else "")
    time = moment(envelope.timestamp)
    if time is None and envelope.timestamp:
        asked.problem("the timestamp is no time")
    tokens = _tokens(envelope, answered)
    request_id = envelope.request_id or envelope.record_id or ""
    performance = envelope.performance_config
    return InvocationRecord(
        source=entry.source,
        identity=f"{request_id}|{operation}|{_unique(envelope, entry, position=position)}",
        request_id=request_id,
        timestamp=time,
        operation=operation,
        account=envelope.account_id or "",
        region=envelope.region or "",
        principal=principal((envelope.identity and envelope.identity.arn) or ""),
        model=_routed(call.model, answered),
        input=call.input or _missing(Direction.INPUT, call, tokens=tokens),
        output=call.output or _missing(Direction.OUTPUT, call, tokens=tokens),
        parts=(*asked.parts, *answered.parts),
        media=(*asked.media, *answered.media),
        inference_region=envelope.inference_region or "",
        error_code=_error_code(envelope),
        status=envelope.status or "",
        stop_reason=answered.stop_reason,
        end_user=asked.end_user,
        request_metadata=envelope.request_metadata or {},
        tokens=tokens,
        latency_ms=answered.latency_ms,
        latency_mode=(performance and performance.latency) or "",
        guardrail=guardrail(answered, asked_ids=asked.guardrail_ids),
        schema_version=envelope.schema_version or "",
        problems=(*asked.problems, *answered.problems),
    )


def _unique(envelope: Envelope, entry: RawEntry, *, position: int) -> str:
    """What tells records apart beside the request id: their time, or their bytes where ids are missing or reused."""
    if envelope.request_id:
        return envelope.timestamp or ""
    return f"{xxhash.xxh3_128_hexdigest(entry.data)}-{position}"


def _missing(direction: Direction, call: _Call, *, tokens: Tokens) -> Body:
    output = call.envelope.output
    facts = Call(
        failed=bool(_error_code(call.envelope)),
        tokens=tokens,
        other_is_missing=(call.output if direction is Direction.INPUT else call.input) is None,
        model=call.asked.model,
        made_media=output is not None and output.made_media,
    )
    return missing(direction, facts)


_NO_INPUT = Input()
_NO_OUTPUT = Output()


def _tokens(envelope: Envelope, answered: Reading) -> Tokens:
    """The record's own counts; the body's where it has none."""
    asked, told = envelope.input or _NO_INPUT, envelope.output or _NO_OUTPUT
    return Tokens(
        answered.input_tokens if asked.tokens is None else asked.tokens,
        answered.output_tokens if told.tokens is None else told.tokens,
        answered.cache_read_tokens if asked.cache_read is None else asked.cache_read,
        answered.cache_write_tokens if asked.cache_write is None else asked.cache_write,
    )


def _routed(named: Model, answered: Reading) -> Model:
    """The model as named, with the foundation model that a prompt router chose."""
    for trace in answered.traces:
        router = trace.value.get("promptRouter")
        invoked = router.get("invokedModelId") if type(router) is dict else None
        if type(invoked) is str and not named.base:
            return Model(named.id, model(invoked).base, named.kind)
    return named


def _error_code(envelope: Envelope) -> str:
    """An exception's name; batch inference wraps it with a message."""
    if envelope.error is None:
        return envelope.error_code or ""
    code = envelope.error.get("errorCode") if type(envelope.error) is dict else envelope.error
    return str(code) if type(code) in (str, int) and code else "error"
