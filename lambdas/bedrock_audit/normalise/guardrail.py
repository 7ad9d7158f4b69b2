"""Reads guardrail traces: what intervened becomes facts, the answer they hid becomes parts, matched secrets stay here.

Knows the trace of Converse and that of native bodies; their assessments come as maps, lists of maps or maps of lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.leaves import leaves
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Guardrail, PartKind, Role, Value

_SECTIONS = ("inputAssessment", "outputAssessments", "input", "outputs")
_NAMED_BY = {
    ("topicPolicy", "topics"): ("topic", "name"),
    ("contentPolicy", "filters"): ("content", "type"),
    ("wordPolicy", "customWords"): ("word", ""),
    ("wordPolicy", "managedWordLists"): ("word", "type"),
    ("sensitiveInformationPolicy", "piiEntities"): ("pii", "type"),
    ("sensitiveInformationPolicy", "regexes"): ("regex", "name"),
    ("contextualGroundingPolicy", "filters"): ("grounding", "type"),
    ("automatedReasoningPolicy", "findings"): ("reasoning", ""),
}
_INTERVENED = frozenset({"INTERVENED", "GUARDRAIL_INTERVENED", "guardrail_intervened"})
_ACTED = frozenset({"BLOCKED", "ANONYMIZED"})

# The formulas beside them (`logic`) and the rules (`identifier`) are no sentences.
_RESTATED = re.compile(r".*/automatedReasoningPolicy/.*/(?:naturalLanguage|untranslated\w+/\d+/text)").fullmatch

ReadResponse = Callable[[Any, Reading], str]


class _Hit(Value, frozen=True):
    policy: str
    acted: bool


def guardrail(reading: Reading, *, asked_ids: Sequence[str]) -> Guardrail | None:
    """What the guardrails of a call did, None if there were none; `asked_ids` are those that the request named."""
    has_facts = reading.traces or reading.guardrail_actions or asked_ids
    if not has_facts and reading.stop_reason not in _INTERVENED:
        return None
    traces = [trace.value["guardrail"] for trace in reading.traces if type(trace.value.get("guardrail")) is dict]
    actions = {*reading.guardrail_actions, reading.stop_reason}
    if not (traces or reading.guardrail_actions or asked_ids or actions & _INTERVENED):
        return None
    assessments = [one for trace in traces for one in _assessments(trace)]
    hits = [hit for one in assessments for hit in _hits(one.members)]
    return Guardrail(
        intervened=bool(actions & _INTERVENED) or any(hit.acted for hit in hits),
        ids=tuple(sorted({*asked_ids, *(one.guardrail for one in assessments)})),
        policies=tuple(sorted({hit.policy for hit in hits})),
        action_reason=next((reason for trace in traces if (reason := _text(trace.get("actionReason")))), ""),
    )


def originals(reading: Reading, read_response: ReadResponse) -> None:
    """The model's answers as they were before a guardrail masked or blocked them, as parts of their own kind."""
    for trace in reading.traces:
        guard = trace.value.get("guardrail")
        if type(guard) is dict and guard.get("modelOutput") is not None:
            outputs = guard["modelOutput"] if type(guard["modelOutput"]) is list else [guard["modelOutput"]]
            for index, output in enumerate(outputs):
                place = f"{trace.location}/guardrail/modelOutput/{index}"
                _original(output, place, reading=reading, read_response=read_response)


def restated(reading: Reading) -> None:
    """What automated reasoning understood of the conversation, in its own sentences: echoes."""
    for trace in reading.traces:
        for leaf in leaves(trace.value.get("guardrail"), f"{trace.location}/guardrail"):
            if _RESTATED(leaf.location):
                reading.say(leaf.text, leaf.location, role=Role.UNKNOWN, turn=reading.turn, is_echo=True)


def _original(output: Any, place: str, *, reading: Reading, read_response: ReadResponse) -> None:
    """One of them: a body of the model's family as JSON text; what is no JSON is the answer itself."""
    inner = Reading(place, reading.direction, turn=reading.turn, model=reading.model)
    body = _body(output)
    if type(body) is str:
        inner.say(body, place, role=Role.ASSISTANT, turn=reading.turn)
    else:
        read_response(body, inner)
    reading.unknown_strings += inner.unknown_strings
    reading.media += inner.media
    reading.parts += [msgspec.structs.replace(part, kind=PartKind.GUARDRAIL_ORIGINAL) for part in inner.parts]


def _body(output: Any) -> Any:
    try:
        return parsed(output) if type(output) is str else output
    except MalformedError:
        return output


class _Assessment(Value, frozen=True):
    guardrail: str
    members: dict[str, Any]


def _assessments(trace: dict[str, Any]) -> Iterator[_Assessment]:
    for key in _SECTIONS:
        for section in _listed(trace.get(key)):
            for name, found in section.items():
                yield from (_Assessment(name, members) for members in _listed(found))


def _hits(assessment: dict[str, Any]) -> Iterator[_Hit]:
    for (policy, entries), (kind, name) in _NAMED_BY.items():
        holder = assessment.get(policy)
        for entry in _listed(holder.get(entries)) if type(holder) is dict else ():
            acted = entry.get("action") in _ACTED
            if kind != "grounding" or acted or entry.get("detected") is True:
                named = _text(entry.get(name))
                yield _Hit(f"{kind}:{named}" if named else kind, acted)


def _listed(value: Any) -> list[dict[str, Any]]:
    """The objects in a list, or the one object that stands where a list might."""
    return [item for item in (value if type(value) is list else [value]) if type(item) is dict]


def _text(value: Any) -> str:
    return value if type(value) is str else ""
