"""`bedrock-audit use-case usage` and `uses`: what was permitted, day by day and one by one."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import click
from rich.text import Text

from bedrock_audit.cli.output import Format, console, harmless, output_format, output_option, print_rows
from bedrock_audit.cli.stores import opened_stores, store_options
from bedrock_audit.cli.times import TIME
from bedrock_audit.cli.use_case_named import named
from bedrock_audit.cli.use_case_rows import USAGE_COLUMNS, USE_COLUMNS, usage_row, use_row
from bedrock_audit.ports import UsageQuery
from bedrock_audit.use_case.changes import MOST_APPROVALS

UNKNOWN_APPROVAL = (
    "By which approval some were permitted is not known here: the use case is not registered in this store, or it has "
    f"had over {MOST_APPROVALS} approvals since."
)


@click.command()
@click.argument("use_case_id", metavar="[ID]", required=False)
@click.option("--since", type=TIME, help="From this day on.")
@click.option("--until", type=TIME, help="Up to this day, included.")
@output_option
@store_options
def usage(*, use_case_id: str | None, since: datetime | None, until: datetime | None) -> None:
    """Show per day how often a use case was used with permission, by how many end users, and how much was reviewed."""
    wanted = UsageQuery(use_case=use_case_id, since=_day(since), until=_day(until))
    _check_days(since, until)
    with opened_stores(must_exist=True) as stores:
        registry = stores.use_cases.registry()
        rows = [usage_row(count, registry, reviews=stores.reviews) for count in stores.ledger.usage(wanted)]
        if use_case_id and not rows:
            named(registry, use_case_id)
    print_rows(rows, columns=USAGE_COLUMNS, empty="No permitted use was recorded in this period.")


@click.command()
@click.argument("use_case_id", metavar="ID")
@click.option("--since", type=TIME, help="From this day on.")
@click.option("--until", type=TIME, help="Up to this day, included.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="The latest so many.")
@output_option
@store_options
def uses(*, use_case_id: str, since: datetime | None, until: datetime | None, limit: int) -> None:
    """Show each permitted use: which request, by whom, by whose approval, and whether a person reviewed it.

    What was not permitted is a finding: `bedrock-audit findings list --use-case ID`.
    """
    _check_days(since, until)
    with opened_stores(must_exist=True) as stores:
        registry = stores.use_cases.registry()
        latest = stores.ledger.uses(use_case_id, since=_day(since), until=_day(until))
        rows = [use_row(usage, registry, reviews=stores.reviews) for usage in islice(latest, limit)]
        has_more = next(latest, None) is not None
        if not rows:
            named(registry, use_case_id)
    print_rows(rows, columns=USE_COLUMNS, empty="No permitted use was recorded in this period.")
    if output_format() is Format.TABLE:
        for approval in dict.fromkeys(row["approval"] for row in rows):
            told = f"Permitted by the approval of {harmless(approval)}." if approval else UNKNOWN_APPROVAL
            console().print(Text(told))
        if has_more:
            console().print(f"The latest {limit:,}; there are more: raise --limit, or say which days with --until.")


def _check_days(since: datetime | None, until: datetime | None) -> None:
    """Refuse a period without a day: finding nothing in it would read as an answer."""
    if since and until and until < since:
        raise click.UsageError("--until, which is included, must not be before --since")


def _day(time: datetime | None) -> str | None:
    return time.date().isoformat() if time else None
