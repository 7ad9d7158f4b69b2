"""Turns a routes file into the decision who hears of a finding, how soon, or that nobody does.

The first rule that fits decides; what no rule fits pages from medium severity on and waits for the digest below that.
Backfilled, shadow and suppressed findings never page, whatever a rule says.
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

import msgspec

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Finding, Origin, Severity, Verdict
from bedrock_audit.located import located

Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Urgency(StrEnum):
    """When somebody hears of it."""

    PAGE = "page"
    DIGEST = "digest"
    NOTHING = "nothing"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A mapping in a routes file: unknown keys are refused."""


class Rule(Form, frozen=True):
    """Findings that fit everything given go `then`; names may end in `*`; `severity` means that one or worse."""

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
    """All rules, and how much is too much: pages beyond `cap-per-hour` become one storm alert."""

    rules: tuple[Rule, ...] = ()
    cap_per_hour: Count = 20
    digest_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 60

    def route(self, finding: Finding) -> Route:
        """Where this finding goes."""
        rule = next((rule for rule in self.rules if rule.fits(finding)), None)
        usual = Urgency.PAGE if finding.severity.rank >= Severity.MEDIUM.rank else Urgency.DIGEST
        urgency = rule.then if rule else usual
        if urgency is Urgency.PAGE and is_quiet(finding):
            urgency = Urgency.DIGEST
        return Route(urgency=urgency, channels=rule.channels if rule else ())


def is_quiet(finding: Finding) -> bool:
    """Whether a finding may never page: history being read again, a clause on trial, an agreed silence."""
    return finding.origin is Origin.BACKFILL or finding.shadow or finding.suppressed_by is not None


def routes(path: Path) -> Routes:
    """The routes of a YAML file; raises ConfigurationError with file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", source=str(path)) from error
    return parsed_routes(text, source=str(path))


def parsed_routes(text: str, *, source: str) -> Routes:
    """The routes in a YAML text."""
    documents = located(text, source)
    if len(documents) > 1:
        documents[1].refuse("a routes file has one document")
    return documents[0].converted(Routes) if documents and documents[0].data is not None else Routes()
