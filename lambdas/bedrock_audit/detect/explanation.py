"""Says in sentences why a clause holds: which rule, which named signals, where; never what was written."""

from __future__ import annotations

from collections.abc import Iterator

from bedrock_audit.detect.reading import PartRead, Used
from bedrock_audit.policy.clause import Place
from bedrock_audit.policy.compiled import Clause, CompiledRule

_PLACES: tuple[tuple[Place, str], ...] = (
    (Place.IMAGE_PROMPT, "the prompt for an image or video"),
    (Place.SYSTEM, "the system prompt"),
    (Place.TOOL, "a tool's result"),
    (Place.DOCUMENT, "a document"),
    (Place.PREFILL, "the beginning of an answer that the caller wrote for the model"),
    (Place.ANSWER, "the model's answer"),
    (Place.TOOL_DEFINITION, "a tool's definition"),
    (Place.USER, "what the user wrote"),
)
_HIDDEN = {
    "percent": "percent or character escapes",
    "hex": "hexadecimal",
    "rot13": "ROT13",
    "spaced": "spaced-out letters",
    "invisible": "invisible characters",
    "look-alikes": "look-alike letters",
}


def explanation(clause: Clause, rule: CompiledRule, used: tuple[Used, ...]) -> Iterator[str]:
    """Sentences for people, the most telling first."""
    yield rule.says or f"Rule {rule.id} of {clause.id} holds."
    for name, place in dict.fromkeys((_name(one.key), _place(one.read)) for one in used):
        yield f"Seen in {place}: {name}."
    hidden = sorted({how for one in used for how in one.view.view.hidden})
    if hidden:
        yield f"The text was hidden: {', '.join(_HIDDEN.get(how, how) for how in hidden)}."
    if not used and rule.when is not None and rule.when.guardrail:
        yield "A guardrail intervened."


def _name(key: str) -> str:
    return key.rpartition("/")[2].replace("-", " ")


def _place(read: PartRead) -> str:
    return next((words for place, words in _PLACES if place in read.places), "the exchange")
