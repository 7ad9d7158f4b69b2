"""Turns a routes file into the decision who hears of a finding, how soon, or that nobody does.

The first rule that fits decides; what no rule fits pages from medium severity on and waits for the digest below that.
Backfilled findings, clauses on trial and agreed silences never page, whatever a rule says.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any

import msgspec

from bedrock_audit.alerts.waiting import quiet
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Finding, Severity, Verdict
from bedrock_audit.located import Located, located, nearest


class Urgency(StrEnum):
    """When somebody hears of it."""

    PAGE = "page"
    DIGEST = "digest"
    NOTHING = "nothing"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A mapping in a routes file: unknown keys are refused."""


class Rule(Form, frozen=True):
    """Findings that fit everything given go `then`; `*` in a name stands for anything.

    `severity` means that one or worse. Without `channels` all are meant.
    """

    then: Urgency
    severity: Severity = Severity.INFO
    verdict: Verdict | None = None
    clause: str = "*"
    domain: str = "*"
    account: str = "*"
    principal: str = "*"
    use_case: str = "*"
    channels: tuple[str, ...] = ()

    def fits(self, finding: Finding) -> bool:
        """Whether the rule is about this finding."""
        named = (
            (finding.clause, self.clause),
            (finding.domain or "", self.domain),
            (finding.account, self.account),
            (finding.principal, self.principal),
            (finding.use_case or "", self.use_case),
        )
        return (
            finding.severity.rank >= self.severity.rank
            and self.verdict in {None, finding.verdict}
            and all(fnmatchcase(name, pattern) for name, pattern in named)
        )


class Route(msgspec.Struct, frozen=True):
    """Where one finding goes: no channels named means all there are."""

    urgency: Urgency
    channels: tuple[str, ...] = ()


class Routes(Form, frozen=True):
    """All rules; how many alerts a channel takes in an hour before it storms; how often repeats are summed up."""

    rules: tuple[Rule, ...] = ()
    cap_per_hour: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 20
    digest_hours: Annotated[int, msgspec.Meta(ge=1, le=24)] = 1

    def route(self, finding: Finding) -> Route:
        """Where this finding goes."""
        rule = next((rule for rule in self.rules if rule.fits(finding)), None)
        usual = Urgency.PAGE if finding.severity.rank >= Severity.MEDIUM.rank else Urgency.DIGEST
        urgency = rule.then if rule else usual
        if urgency is Urgency.PAGE and quiet(finding):
            urgency = Urgency.DIGEST
        return Route(urgency=urgency, channels=rule.channels if rule else ())

    def period_of(self, now: datetime) -> datetime:
        """When the digest's period began that `now` is in: a whole number of periods after midnight UTC."""
        return now.replace(hour=now.hour - now.hour % self.digest_hours, minute=0, second=0, microsecond=0)


def routes(path: Path, *, channels: Collection[str] | None = None) -> Routes:
    """The routes of a YAML file; raises ConfigurationError with file, line and key.

    With `channels`, a rule that names another one is refused: nobody would ever hear of what it lets through.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", source=str(path)) from error
    return parsed_routes(text, source=str(path), channels=channels)


def parsed_routes(text: str, *, source: str, channels: Collection[str] | None = None) -> Routes:
    """The routes in a YAML text."""
    documents = located(text, source)
    if len(documents) > 1:
        documents[1].refuse("a routes file has one document")
    if not documents or documents[0].data is None:
        return Routes()
    found = documents[0].converted(Routes)
    if channels is not None:
        _check_channels(found, documents[0], known=channels)
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a routes file, for editors."""
    (whole,), parts = msgspec.json.schema_components([Routes], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Alert routes of bedrock-audit",
        **whole,
        "$defs": {name: {**part, "description": cleandoc(part["description"])} for name, part in sorted(parts.items())},
    }


def _check_channels(found: Routes, document: Located, *, known: Collection[str]) -> None:
    for number, rule in enumerate(found.rules):
        for place, name in enumerate(rule.channels):
            if name not in known:
                there = ", ".join(sorted(known))
                message = f"there is no channel {name!r}{nearest(name, list(known))}; there are: {there}"
                document.refuse(message, "rules", number, "channels", place)
