"""The filters that every command on findings takes, and the findings they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from bedrock_audit.cli.clause_named import check_clause
from bedrock_audit.cli.times import TIME, check_period
from bedrock_audit.finding import Finding, Severity, Status, Verdict
from bedrock_audit.ports import FindingQuery, Findings
from bedrock_audit.record import Value

Command = Callable[..., Any]
Word = TypeVar("Word", Verdict, Severity, Status)


_NAMES = ("clause", "verdict", "severity", "status", "account", "use_case", "since", "until")


class Wanted(Value, frozen=True):
    """The findings a person asks for; no store can look up `who`, the end of an ARN (`role/helpdesk`), or `domain`."""

    query: FindingQuery
    who: str | None = None
    domain: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether no filter was given."""
        return self == Wanted(query=FindingQuery(limit=self.query.limit))

    def with_one_more(self) -> Wanted:
        """The same with a limit that is higher by one, to see whether there are more."""
        limit = self.query.limit
        return self if limit is None else replace(self, query=replace(self.query, limit=limit + 1))

    def found(self, findings: Findings) -> Iterator[Finding]:
        """Those of the findings, latest seen first; raises BedrockAuditError if no clause is called so."""
        if self.query.clause is not None:
            check_clause(".".join(filter(None, (self.query.clause, self.domain))), findings=findings)
        if self.who is None and not self.domain:
            return findings.query(self.query)
        matching = filter(self._holds, findings.query(replace(self.query, limit=None)))
        return islice(matching, self.query.limit)

    def _holds(self, finding: Finding) -> bool:
        if self.domain not in ("", finding.domain):
            return False
        name = finding.principal.split(":", 5)[-1]
        who = self.who or "*"
        return name.startswith(who[:-1]) if who.endswith("*") else name == who


def finding_filters(command: Command) -> Command:
    """The filter options; the command is given what they ask for as `wanted`."""

    @wraps(command)
    def filtered(*, principal: str | None, limit: int | None = None, **values: Any) -> Any:
        given = {name: values.pop(name) for name in _NAMES}
        check_period(given["since"], given["until"])
        is_arn = principal is None or principal.startswith("arn:") or principal == "*"
        clause, _, domain = (given["clause"] or "").partition(".")
        query = FindingQuery(
            clause=clause if given["clause"] is not None else None,
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
        return command(wanted=Wanted(query=query, who=None if is_arn else principal, domain=domain), **values)

    decorated: Command = filtered
    for option in reversed(_options()):
        decorated = option(decorated)
    return decorated


def _options() -> list[Callable[[Command], Command]]:
    return [
        click.option(
            "--clause",
            help="Only this clause, such as disinformation; for uses, a domain too, as `policy list` has them.",
        ),
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
