"""The filters that every command on findings takes, and the findings they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from typing import Any, TypeVar

import click
import msgspec

from bedrock_audit.cli.times import TIME, check_period
from bedrock_audit.finding import Finding, Severity, Status, Verdict
from bedrock_audit.ports import FindingQuery, Findings
from bedrock_audit.record import Value

Command = Callable[..., Any]
Word = TypeVar("Word", Verdict, Severity, Status)


_NAMES = ("clause", "verdict", "severity", "status", "account", "use_case", "since", "until")


class Wanted(Value, frozen=True):
    """The findings a person asks for; `who` is the end of an ARN (`role/helpdesk`), which no store can look up."""

    query: FindingQuery
    who: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no filter was given."""
        return self == Wanted(query=FindingQuery(limit=self.query.limit))

    def found(self, findings: Findings) -> Iterator[Finding]:
        """Those of the findings, latest seen first."""
        if self.who is None:
            return findings.query(self.query)
        matching = filter(self._is_by_them, findings.query(msgspec.structs.replace(self.query, limit=None)))
        return islice(matching, self.query.limit)

    def _is_by_them(self, finding: Finding) -> bool:
        name = finding.principal.split(":", 5)[-1]
        who = self.who or ""
        return name.startswith(who[:-1]) if who.endswith("*") else name == who


def finding_filters(command: Command) -> Command:
    """The filter options; the command is given what they ask for as `wanted`."""

    @wraps(command)
    def filtered(*, principal: str | None, limit: int | None = None, **values: Any) -> Any:
        given = {name: values.pop(name) for name in _NAMES}
        check_period(given["since"], given["until"])
        is_arn = principal is None or principal.startswith("arn:") or principal == "*"
        query = FindingQuery(
            clause=given["clause"],
            verdict=_chosen(Verdict, given["verdict"]),
            min_severity=_chosen(Severity, given["severity"]),
            status=_chosen(Status, given["status"]),
            principal=principal if is_arn else None,
            account=given["account"],
            use_case=given["use_case"],
            since=given["since"],
            until=given["until"],
            limit=limit,
        )
        return command(wanted=Wanted(query=query, who=None if is_arn else principal), **values)

    decorated: Command = filtered
    for option in reversed(_options()):
        decorated = option(decorated)
    return decorated


def _options() -> list[Callable[[Command], Command]]:
    return [
        click.option("--clause", help="Only this clause, for example disinformation."),
        click.option("--verdict", type=_words(Verdict), help="Only this verdict.", metavar="VERDICT"),
        click.option("--severity", type=_words(Severity), help="Only this severity and worse."),
        click.option("--status", type=_words(Status), help="Only those that stand so.", metavar="STATUS"),
        click.option("--principal", help="Only by this caller: role/NAME or a whole ARN, may end in *."),
        click.option("--account", help="Only from this AWS account."),
        click.option("--use-case", help="Only about this use case; may end in *."),
        click.option("--since", type=TIME, help="Only what was last seen from this time on."),
        click.option("--until", type=TIME, help="Only what was last seen before this time."),
    ]


def _words(words: type[Verdict | Severity | Status]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


def _chosen(words: type[Word], word: str | None) -> Word | None:
    return words(word) if word else None
