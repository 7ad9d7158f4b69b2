"""`bedrock-audit findings`: what was found, and what people decide about it."""

from __future__ import annotations

import click

from bedrock_audit.cli.actor import actor_options
from bedrock_audit.cli.finding_filters import Wanted, finding_filters
from bedrock_audit.cli.finding_rows import counted
from bedrock_audit.cli.finding_steps import STEPS, Step, take
from bedrock_audit.cli.finding_view import exported, print_finding, print_findings
from bedrock_audit.cli.output import Format, console, output_format, output_option
from bedrock_audit.cli.stores import opened_stores, store_options, store_reach
from bedrock_audit.errors import BedrockAuditError


@click.group(
    epilog="""\b
Examples:
  bedrock-audit findings list --severity high --status open
  bedrock-audit findings show v-1c4f0a2b9d3e5f60718a
  bedrock-audit findings resolve v-1c4f0a2b9d3e5f60718a --reason "role removed, ticket 4711"
  bedrock-audit findings dismiss --principal role/red-team --clause safety-circumvention --reason "agreed test"
  bedrock-audit findings export --since 2026-11-01 > november.json"""
)
def findings() -> None:
    """What was found, how often, and what people decided about it."""


@findings.command(name="list")
@finding_filters
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@output_option
@store_options
def list_all(*, wanted: Wanted) -> None:
    """Show findings, latest seen first."""
    with opened_stores(must_exist=True) as stores:
        found = list(wanted.with_one_more().found(stores.findings))
    shown = found[: wanted.query.limit]
    print_findings(shown, empty=_nothing(wanted))
    if shown and output_format() is Format.TABLE:
        more = ", and there are more" if len(shown) < len(found) else ""
        following = f"bedrock-audit findings show {shown[0].id}{store_reach()}"
        console().print(f"{counted(len(shown), 'finding')}{more}. Next: {following}")


@findings.command()
@click.argument("finding_id", metavar="ID")
@output_option
@store_options
def show(*, finding_id: str) -> None:
    """Show one finding: what happened, who did it, where the evidence is, and why it was judged so."""
    with opened_stores(must_exist=True) as stores:
        finding = stores.findings.get(finding_id)
        if finding is None:
            raise BedrockAuditError(f"there is no finding {finding_id}; see `bedrock-audit findings list`")
        print_finding(finding, stores.findings)


@findings.command()
@finding_filters
@output_option
@store_options
def export(*, wanted: Wanted) -> None:
    """Print findings with everything that is known of them, occurrences too: JSON, or CSV with -o csv."""
    with opened_stores(must_exist=True) as stores:
        found = wanted.found(stores.findings)
        if output_format() is Format.CSV:
            print_findings(list(found), empty="")
            return
        for piece in exported(found, stores.findings):
            click.echo(piece, nl=False)


def _nothing(wanted: Wanted) -> str:
    return "No findings." if wanted.is_everything else "No finding is like that."


def _step_command(name: str, step: Step) -> click.Command:
    """A command that takes one step with findings named one by one, or with all that are like the filters say."""

    @finding_filters
    def command(*, wanted: Wanted, ids: tuple[str, ...], yes: bool, actor: str | None, reason: str) -> None:
        take(step, ids, wanted=wanted, actor=actor, reason=reason, is_agreed=yes)

    command.__doc__ = step.help
    command = click.option("--yes", is_flag=True, help="Do not ask before changing what the filters choose.")(command)
    command = click.argument("ids", nargs=-1, metavar="[ID]...")(command)
    return click.command(name=name)(actor_options(output_option(store_options(command))))


for _name, _step in STEPS.items():
    findings.add_command(_step_command(_name, _step))
