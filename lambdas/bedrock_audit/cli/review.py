"""`bedrock-audit review`: human reviews of permitted uses, and those that are still to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from bedrock_audit.cli.actor import acting, actor_option
from bedrock_audit.cli.output import Column, output_option, print_rows
from bedrock_audit.cli.stores import opened_stores, store_options
from bedrock_audit.cli.times import TIME
from bedrock_audit.cli.use_case_named import named
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Usage
from bedrock_audit.finding_json import iso
from bedrock_audit.review import EARLIEST, Review, ReviewOutcome

LOOK_BACK = timedelta(days=90)
LOOK_AHEAD = timedelta(days=366)
REVIEWS = (
    Column("request_id", "request", detail=True),
    Column("reviewer", "reviewer", width=24),
    Column("outcome", "outcome", whole=True),
    Column("at", "when", whole=True),
    Column("note", "note"),
)
WAITING = (
    Column("request_id", "request", whole=True),
    Column("use_case", "use case", width=20),
    Column("review_due", "review due", whole=True),
    Column("state", "state", whole=True),
    *(Column(name, name, detail=True) for name in ("at", "domain", "account", "principal", "object", "line")),
)


@click.group(
    epilog="""\b
Examples:
  bedrock-audit review record --request-id 5a1f… --outcome confirmed --as dr.lee@example.com
  bedrock-audit review record --request-id 77c0… --outcome corrected --note "wrong dose"
  bedrock-audit review list --overdue
  bedrock-audit review show 5a1f…"""
)
def review() -> None:
    """Human oversight as evidence: who looked at what the model said in a permitted use."""


@review.command()
@click.option("--request-id", required=True, help="The request of the use, as its log has it.")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in ReviewOutcome]),
    required=True,
    help="What the reviewer made of the model's answer.",
)
@click.option("--at", type=TIME, help="When it was reviewed. [default: now]")
@click.option("--note", default="", help="In the reviewer's own words; it stays in the store.")
@actor_option
@output_option
@store_options
def record(*, request_id: str, outcome: str, at: datetime | None, note: str, actor: str | None) -> None:
    """Note that a person has looked at one request; whoever --as names is the reviewer.

    The request need not have been audited yet: logs come late, and the two are matched whichever comes first.
    """
    now = datetime.now(UTC)
    if not request_id.strip():
        raise BedrockAuditError("--request-id is empty")
    if at is not None and at > now:
        raise BedrockAuditError("--at lies in the future")
    if at is not None and at < EARLIEST:
        raise BedrockAuditError("--at lies before there was Bedrock")
    made = Review(
        request_id=request_id.strip(),
        reviewer=acting(actor),
        outcome=ReviewOutcome(outcome),
        at=at or now.replace(microsecond=0),
        note=note,
    )
    with opened_stores() as stores:
        is_new = stores.reviews.record(made)
    print_rows([_row(made)], columns=REVIEWS, title=f"Review of {made.request_id}")
    if not is_new:
        click.echo("this review was recorded before", err=True)


@review.command(name="list")
@click.option("--use-case", help="Only of this use case.")
@click.option("--overdue", is_flag=True, help="Only those whose time is over.")
@click.option("--since", type=TIME, help="Only those due from this time on. [default: the last 90 days]")
@output_option
@store_options
def list_waiting(*, use_case: str | None, overdue: bool, since: datetime | None) -> None:
    """Show uses that a person must review and nobody has, longest overdue first."""
    now = datetime.now(UTC)
    until = now if overdue else now + LOOK_AHEAD
    with opened_stores(must_exist=True) as stores:
        waiting = stores.reviews.overdue(now=until, since=since or now - LOOK_BACK, use_case=use_case)
        rows = [_waiting_row(usage, now) for usage in waiting]
        if use_case and not rows:
            named(stores.use_cases.registry(), use_case)
    print_rows(rows, columns=WAITING, empty="No review is overdue." if overdue else "No review is waited for.")


@review.command()
@click.argument("request_id", metavar="REQUEST_ID")
@output_option
@store_options
def show(*, request_id: str) -> None:
    """Show the reviews of one request."""
    with opened_stores(must_exist=True) as stores:
        rows = [_row(one) for one in stores.reviews.of(request_id)]
    print_rows(rows, columns=REVIEWS, title=f"Reviews of {request_id}", empty="Nobody has reviewed this request.")


def _row(one: Review) -> dict[str, Any]:
    return {
        "request_id": one.request_id,
        "reviewer": one.reviewer,
        "outcome": one.outcome,
        "at": iso(one.at),
        "note": one.note,
    }


def _waiting_row(usage: Usage, now: datetime) -> dict[str, Any]:
    assert usage.review_due is not None, "only uses with a due review are asked for"
    return {
        "request_id": usage.request_id,
        "use_case": usage.use_case,
        "domain": usage.domain,
        "account": usage.account,
        "principal": usage.principal,
        "at": iso(usage.at),
        "review_due": iso(usage.review_due),
        "state": "overdue" if usage.review_due < now else "waiting",
        "object": usage.object,
        "line": usage.line,
    }
