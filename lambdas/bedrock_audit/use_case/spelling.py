"""How single texts of a use case may be written: short forms of longer ones, and what to say of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bedrock_audit.record import Value

_REVIEW = re.compile(r"required within (\d+) ?(?:h|hours?)")
_INTERVAL = re.compile(r"(\d+) ?(?:d|days?)?")


class _Form(Value, frozen=True):
    """What a text at that place in a use case must look like."""

    path: tuple[str, ...]
    pattern: re.Pattern[str]
    advice: str


_FORMS = (
    _Form(
        ("id",),
        re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"),
        "an id is small letters, digits and hyphens, as in loan-desk",
    ),
    _Form(("human_oversight", "human_review"), _REVIEW, "write it like `required within 24h`"),
    _Form(("review_interval",), _INTERVAL, "write it like `180 days`"),
)


def misspelt(data: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """What is wrong with the spelling of texts, by their path in the data of a use case."""
    written = {form: _text_at(data, form.path) for form in _FORMS}
    wrong = {form: text for form, text in written.items() if text is not None and not form.pattern.fullmatch(text)}
    return {form.path: f"{text!r} is not understood; {form.advice}" for form, text in wrong.items()}


def written_out(data: dict[str, Any]) -> dict[str, Any]:
    """The data with everything in long form that may be said shortly; see docs/use-cases.md."""
    full = dict(data)
    oversight = full.get("human_oversight")
    if isinstance(oversight, str):
        full["human_oversight"] = oversight = {"description": oversight}
    if isinstance(oversight, dict) and isinstance(oversight.get("human_review"), str):
        full["human_oversight"] = {**oversight, "human_review": _review(oversight["human_review"])}
    safeguards = full.get("safeguards")
    if isinstance(safeguards, dict) and safeguards.get("guardrail_required") in ("true", "false"):
        full["safeguards"] = {**safeguards, "guardrail_required": safeguards["guardrail_required"] == "true"}
    interval = _INTERVAL.fullmatch(str(full.get("review_interval")))
    if interval:
        full["review_interval"] = interval[1]
    if "status" not in full and ("approver" in full or "approved_at" in full):
        full["status"] = "approved"
    return full


def _review(text: str) -> dict[str, str] | str:
    given = _REVIEW.fullmatch(text)
    return {"required": "true", "within_hours": given[1]} if given else text


def _text_at(data: Any, path: Sequence[str]) -> str | None:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else None
