"""`bedrock-audit suppression`: agreed silences, each with a reason, an owner and an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec

from bedrock_audit.cli.actor import acting, actor_options
from bedrock_audit.cli.clause_named import check_clause
from bedrock_audit.cli.output import Column, output_option, print_rows
from bedrock_audit.cli.stores import opened_stores, store_options
from bedrock_audit.cli.times import TIME
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Verdict, derived_id
from bedrock_audit.finding_json import iso
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.located import nearest
from bedrock_audit.ports import FindingQuery, Findings, Stores
from bedrock_audit.use_case import Domain

LONGEST = timedelta(days=366)
COLUMNS = (
    Column("id", "id", whole=True),
    Column("clause", "clause", width=22),
    Column("for", "for"),
    Column("state", "state", whole=True),
    Column("last_day", "until", whole=True),
    Column("silenced", "silenced", right=True),
    *(
        Column(name, name, detail=True)
        for name in ("owner", "reason", "created_at", "starts_at", "expires_at", "ended_at", "ended_by", "end_reason")
    ),
)


def _words(words: type[Domain | Verdict]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


@click.group(
    epilog="""\b
Examples:
  bedrock-audit suppression add --clause safety-circumvention \\
      --principal arn:aws:iam::111122223333:role/red-team --expires 2026-12-31 --reason "agreed red-team exercise"
  bedrock-audit suppression list
  bedrock-audit suppression end s-1c4f0a2b9d3e5f60718a --reason "exercise over" """
)
def suppression() -> None:
    """Agreed silences: what they match is still found, counted and listed, but alerts nobody."""


@suppression.command()
@click.option("--clause", required=True, help="The clause to silence.")
@click.option("--principal", help="For this role or user: its whole ARN.")
@click.option("--use-case", help="For this use case.")
@click.option("--domain", type=_words(Domain), metavar="DOMAIN", help="Only in this consequential domain.")
@click.option("--verdict", type=_words(Verdict), metavar="VERDICT", help="Only this kind, such as safeguard-missing.")
@click.option("--from", "starts", type=TIME, help="For calls from then on, a year back at most. [default: now]")
@click.option("--expires", type=TIME, required=True, help="Until when; a year ahead at most.")
@actor_options
@output_option
@store_options
def add(
    *,
    clause: str,
    principal: str | None,
    use_case: str | None,
    domain: str | None,
    verdict: str | None,
    starts: datetime | None,
    expires: datetime,
    actor: str | None,
    reason: str,
) -> None:
    """Agree on a silence for calls from now, or --from, on; whoever --as names owns it.

    Consequential uses have one clause: without --domain or --verdict the silence is about all of them.
    What has been found already stays as it is; `bedrock-audit findings accept` is for that.
    """
    now = datetime.now(UTC)
    _check_who(principal, use_case)
    _check_when(starts or now, expires, now=now)
    made = Suppression(
        id=derived_id("s", clause, principal or "", use_case or "", domain or "", verdict or "", now.isoformat()),
        clause=clause,
        reason=reason,
        owner=acting(actor),
        created_at=now,
        expires_at=expires,
        principal=principal,
        use_case=use_case,
        starts_at=starts,
        domain=domain,
        verdict=Verdict(verdict) if verdict else None,
    )
    with opened_stores() as stores:
        check_clause(clause, findings=stores.findings)
        _check_use_case(use_case, stores)
        stores.suppressions.save(made)
        print_rows([_row(made, now, findings=stores.findings)], columns=COLUMNS)


@suppression.command(name="list")
@click.option("--all", "with_ended", is_flag=True, help="Ended and expired ones too.")
@output_option
@store_options
def list_all(*, with_ended: bool) -> None:
    """Show the silences in force, and how many findings each of them keeps quiet."""
    now = datetime.now(UTC)
    with opened_stores(must_exist=True) as stores:
        known = [one for one in stores.suppressions.all() if with_ended or one.is_in_force(now)]
        rows = [_row(one, now, findings=stores.findings) for one in known]
    print_rows(rows, columns=COLUMNS, empty="Nothing is suppressed.")


@suppression.command()
@click.argument("suppression_id", metavar="ID")
@actor_options
@output_option
@store_options
def end(*, suppression_id: str, actor: str | None, reason: str) -> None:
    """End a silence now; what it has silenced so far stays as it is."""
    now = datetime.now(UTC)
    with opened_stores(must_exist=True) as stores:
        known = {one.id: one for one in stores.suppressions.all()}
        found = known.get(suppression_id)
        if found is None:
            raise BedrockAuditError(f"there is no suppression {suppression_id}; see `bedrock-audit suppression list`")
        if not found.is_in_force(now):
            raise BedrockAuditError(f"{suppression_id} is {_state(found, now)} already")
        ended = msgspec.structs.replace(
            found, ended_at=now, ended_by=acting(actor), end_reason=reason, version=found.version + 1
        )
        stores.suppressions.save(ended)
        print_rows([_row(ended, now, findings=stores.findings)], columns=COLUMNS)


def _check_who(principal: str | None, use_case: str | None) -> None:
    if principal is None and use_case is None:
        raise BedrockAuditError("say for whom: --principal or --use-case; a clause is never silenced for everybody")
    if principal is not None and (not principal.startswith("arn:") or "*" in principal):
        raise BedrockAuditError("--principal must be one whole ARN, as `bedrock-audit findings show` prints it")


def _check_when(starts: datetime, expires: datetime, *, now: datetime) -> None:
    if not now < expires <= now + LONGEST:
        raise BedrockAuditError("--expires must be in the future and at most a year ahead; it can be agreed anew then")
    if not now - LONGEST <= starts < expires:
        raise BedrockAuditError("--from must be before --expires and at most a year ago")


def _check_use_case(use_case: str | None, stores: Stores) -> None:
    """One that is registered, or that an audit with `--use-cases` has met."""
    known = [one.id for one in stores.use_cases.registry().use_cases]
    if use_case is None or use_case in known or any(stores.findings.query(FindingQuery(use_case=use_case, limit=1))):
        return
    raise BedrockAuditError(f"there is no use case {use_case!r}{nearest(use_case, known)}")


def _row(one: Suppression, now: datetime, *, findings: Findings) -> dict[str, Any]:
    about = FindingQuery(clause=one.clause, principal=one.principal, use_case=one.use_case, verdict=one.verdict)
    return {
        "id": one.id,
        "clause": one.clause,
        "principal": one.principal,
        "use_case": one.use_case,
        "domain": one.domain,
        "verdict": one.verdict,
        "for": ", ".join(
            part for part in ((one.principal or "").rpartition(":")[2], one.use_case, one.domain, one.verdict) if part
        ),
        "state": _state(one, now),
        "silenced": sum(finding.suppressed_by == one.id for finding in findings.query(about)),
        "owner": one.owner,
        "reason": one.reason,
        "created_at": iso(one.created_at),
        "starts_at": iso(one.starts_at or one.created_at),
        "expires_at": iso(one.expires_at),
        "last_day": iso(one.expires_at)[:10],
        "ended_at": iso(one.ended_at) if one.ended_at else None,
        "ended_by": one.ended_by,
        "end_reason": one.end_reason,
    }


def _state(one: Suppression, now: datetime) -> str:
    if one.ended_at is not None and one.ended_at <= now:
        return "ended"
    return "in force" if one.is_in_force(now) else "expired"
