"""`bedrock-audit use-case`: the registry of approved consequential uses, kept from YAML under review."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bedrock_audit.cli.actor import acting, actor_option, actor_options, is_attended
from bedrock_audit.cli.output import (
    Column,
    Format,
    harmless,
    output_format,
    output_option,
    print_json,
    print_rows,
)
from bedrock_audit.cli.stores import opened_stores, store_options
from bedrock_audit.cli.times import TIME
from bedrock_audit.cli.use_case_named import named
from bedrock_audit.cli.use_case_rows import (
    DUE_COLUMNS,
    PLAN_COLUMNS,
    USE_CASE_COLUMNS,
    VERSION_COLUMNS,
    plan_rows,
    use_case_row,
    version_row,
)
from bedrock_audit.cli.use_case_usage import usage, uses
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.use_case.changes import Signature, approved, suspended
from bedrock_audit.use_case.due import falling_due
from bedrock_audit.use_case.files import Declared, UseCasesRefusedError, read
from bedrock_audit.use_case.plan import Action, Step, plan
from bedrock_audit.use_case.schema import schema


@click.group(
    name="use-case",
    epilog="""\b
Examples:
  bedrock-audit use-case apply use-cases/          show what would change, ask, change it
  bedrock-audit use-case list
  bedrock-audit use-case approve loan-desk --expires 2027-11-01 --reason "risk board 14" --as board@example.com
  bedrock-audit use-case expire-soon --days 60
  bedrock-audit use-case usage loan-desk           how often, day by day
  bedrock-audit use-case uses loan-desk            each use, and by whose approval""",
)
def use_case() -> None:
    """The registry: which consequential uses are approved, for whom, until when, and how they are used.

    Teams describe their use in YAML (docs/use-cases.md); only an approved, unexpired and complete use case permits.
    """


@use_case.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Suspend what is registered and not in PATH.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--reason", help="Why; kept with every change. [default: the name of PATH]")
@actor_option
@output_option
@store_options
def apply(*, path: Path, prune: bool, yes: bool, reason: str | None, actor: str | None) -> None:
    """Make the registry what the YAML file or folder PATH says; shows the plan before it acts.

    Applying the same again changes nothing. Nothing is changed if anything in PATH is refused.
    """
    signed = Signature(by=acting(actor), at=_now(), reason=reason or f"applied from {path}")
    declared = _read(path)
    with opened_stores() as stores:
        registry = stores.use_cases.registry()
        steps = plan(declared, registry, signed=signed, prune=prune)
        changes = [step for step in steps if step.action is not Action.KEEP]
        print_rows(plan_rows(steps), columns=PLAN_COLUMNS, title="Plan")
        if changes and not yes:
            _ask(changes)
        stores.use_cases.save(*(step.use_case for step in changes), seen=registry)
    click.echo(f"{len(changes)} changed, {len(steps) - len(changes)} as they were", err=True)


@use_case.command(name="list")
@output_option
@store_options
def list_all() -> None:
    """Show every use case and how it stands today."""
    with opened_stores(must_exist=True) as stores:
        rows = [use_case_row(one, at=_now()) for one in stores.use_cases.registry().use_cases]
    print_rows(rows, columns=USE_CASE_COLUMNS, empty="No use case is registered; see `bedrock-audit use-case apply`.")


@use_case.command()
@click.argument("use_case_id", metavar="ID")
@output_option
@store_options
def show(*, use_case_id: str) -> None:
    """Show one use case with everything it says, its versions, and who made them."""
    with opened_stores(must_exist=True) as stores:
        found = named(stores.use_cases.registry(), use_case_id)
        versions = [version_row(one) for one in stores.use_cases.versions(use_case_id)]
    row = use_case_row(found, at=_now())
    if output_format() is Format.JSON:
        print_json({**row, "versions": versions})
        return
    print_rows(
        [{"key": key, "value": value} for key, value in _flat(row)],
        columns=(Column("key", "key", whole=True), Column("value", "value")),
    )
    print_rows(versions, columns=VERSION_COLUMNS, title="Versions")


@use_case.command()
@click.argument("use_case_id", metavar="ID")
@click.option("--expires", type=TIME, help="The last day of the approval. [default: as the use case says]")
@actor_options
@store_options
def approve(*, use_case_id: str, expires: datetime | None, actor: str | None, reason: str) -> None:
    """Approve a use case as of today; the approver is whoever --as names, and never its owner."""
    signed = Signature(by=acting(actor), at=_now(), reason=reason)
    with opened_stores(must_exist=True) as stores:
        registry = stores.use_cases.registry()
        stored = named(registry, use_case_id)
        wanted = approved(stored, signed, registry=registry, expires_at=expires.date() if expires else None)
        stores.use_cases.save(wanted, seen=registry)
    click.echo(f"{use_case_id} is approved by {wanted.approver} until {wanted.expires_at}")


@use_case.command()
@click.argument("use_case_id", metavar="ID")
@actor_options
@store_options
def suspend(*, use_case_id: str, actor: str | None, reason: str) -> None:
    """Stop a use case: from now on it permits nothing, and no broader one stands in for it."""
    signed = Signature(by=acting(actor), at=_now(), reason=reason)
    with opened_stores(must_exist=True) as stores:
        registry = stores.use_cases.registry()
        stored = named(registry, use_case_id)
        wanted = suspended(stored, signed)
        if wanted != stored:
            stores.use_cases.save(wanted, seen=registry)
    click.echo(f"{use_case_id} is suspended" if wanted != stored else f"{use_case_id} was suspended already")


@use_case.command()
@click.option(
    "--days", type=click.IntRange(min=0, max=36_500), default=30, show_default=True, help="How far to look ahead."
)
@output_option
@store_options
def expire_soon(*, days: int) -> None:
    """Show approvals that end within some days or have ended, and use cases whose own review is due."""
    now = _now()
    horizon = now.date() + timedelta(days=days)
    with opened_stores(must_exist=True) as stores:
        due = falling_due(stores.use_cases.registry(), by=horizon)
    rows = [use_case_row(one, at=now) for one in due]
    print_rows(rows, columns=DUE_COLUMNS, empty=f"No approval ends and no review is due within {days} days.")


@use_case.command(name="schema")
def print_schema() -> None:
    """Print the JSON Schema of the files, for your editor."""
    click.echo(json.dumps(schema(), indent=2))


def _read(path: Path) -> list[Declared]:
    """The use cases in there; everything that is wrong with them is said before the run ends."""
    try:
        return read(path)
    except UseCasesRefusedError as refused:
        *others, last = refused.refusals
        for one in others:
            click.echo(f"Error: {harmless(str(one))}", err=True)
        raise last from refused


use_case.add_command(usage)
use_case.add_command(uses)


def _now() -> datetime:
    return datetime.now(UTC)


def _ask(changes: Sequence[Step]) -> None:
    count = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
    if not is_attended():
        raise BedrockAuditError(f"{count} to make and nobody to ask; say --yes if the plan is right")
    if not click.confirm(f"Make {count}?", err=True):
        raise BedrockAuditError("nothing was changed")


def _flat(row: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """What is filled in, with dotted keys, as the files have it."""
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, one in enumerate(value):
                yield from _flat(one, f"{above}{key}[{number}].")
        elif value not in ("", None, [], ()) and value is not False:
            yield f"{above}{key}", "true" if value is True else value
