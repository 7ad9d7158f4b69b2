"""`bedrock-audit coverage`: what was audited, and what could not be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import msgspec

from bedrock_audit.cli.finding_rows import coverage_line
from bedrock_audit.cli.output import Column, Format, output_format, output_option, print_rows
from bedrock_audit.cli.stores import opened_stores, store_options
from bedrock_audit.cli.times import TIME, check_period
from bedrock_audit.coverage import LedgerRow, total
from bedrock_audit.finding_json import iso

COLUMNS = (
    Column("name", "object", width=44),
    Column("object", "object", detail=True),
    Column("records", "records", right=True, whole=True),
    Column("audited", "audited", right=True, whole=True),
    Column("unreadable", "unreadable", right=True, whole=True),
    Column("unscanned", "unscanned", right=True, whole=True),
    Column("not_seen", "not seen", width=40),
    *(
        Column(name, name, detail=True)
        for name in ("exchanges", "skipped", "first", "last", "audited_at", "policy_version", "engine_version")
    ),
)


@click.command(
    short_help="What was audited, what could not be, and why.",
    epilog="""\b
Examples:
  bedrock-audit coverage
  bedrock-audit coverage --since 2026-11-01 --until 2026-12-01 -o csv""",
)
@click.option("--since", type=TIME, help="Only objects with records from this time on.")
@click.option("--until", type=TIME, help="Only objects with records before this time.")
@output_option
@store_options
def coverage(*, since: datetime | None, until: datetime | None) -> None:
    """Show per log object how many invocations were audited and what could not be seen, and why."""
    check_period(since, until)
    with opened_stores(must_exist=True) as stores:
        rows = list(stores.ledger.rows(since=since, until=until))
    print_rows([_row(row) for row in rows], columns=COLUMNS, empty="Nothing was audited in this period.")
    if rows and output_format() is Format.TABLE:
        click.echo(coverage_line(total(rows)))


def _row(row: LedgerRow) -> dict[str, Any]:
    return {
        "name": "/".join(row.key.split("/")[-2:]),
        "object": row.key,
        **msgspec.structs.asdict(row.coverage),
        "not_seen": ", ".join(f"{reason} {count}" for reason, count in row.coverage.gaps.items()),
        "first": row.first and iso(row.first),
        "last": row.last and iso(row.last),
        "audited_at": iso(row.audited_at),
        "policy_version": row.policy_version,
        "engine_version": row.engine_version,
        "complete": row.next_line is None,
    }
