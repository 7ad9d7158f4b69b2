"""`bedrock-audit redrive`: has the deployed auditor try again what it had given up."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from bedrock_audit.cli.output import Column, output_option, print_rows
from bedrock_audit.cli.stores import chosen_store, store_options

if TYPE_CHECKING:
    from bedrock_audit.aws.audit_queue import Parked
    from bedrock_audit.aws.deployed_intake import DeployedIntake

COLUMNS = (Column("object", "object", width=90), Column("state", "state"))


@click.command(
    short_help="Try again what could not be audited.",
    epilog="""\b
Examples:
  bedrock-audit findings list --aws --clause coverage     what was given up, and why
  bedrock-audit redrive --dry-run                         what would be tried again
  bedrock-audit redrive                                   try it again
\b
The finding about an object closes by itself when its audit succeeds, and opens again when it does not. Events of a
log group that could not be put into the bucket are put there; the finding about them is yours to resolve.""",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many objects.")
@click.option("--dry-run", is_flag=True, help="Only show them.")
@output_option
@store_options
def redrive(*, limit: int | None, dry_run: bool) -> None:
    """Put log objects that were given up back into the queue."""
    from bedrock_audit.aws import open_intake

    choice = chosen_store()
    intake = open_intake(stack=choice.stack, profile=choice.profile, region=choice.region)
    taken = list(islice(intake.parked.parked(), limit))  # all of them first: what is put back would come again
    rows = [_tried(one, intake, dry_run=dry_run) for one in taken]
    print_rows(rows, columns=COLUMNS, empty="Nothing was given up.")


def _tried(one: Parked, intake: DeployedIntake, *, dry_run: bool) -> dict[str, str]:
    """What becomes of a parked message; it is taken away only after what is in it is on its way again."""
    from bedrock_audit.aws.audit_queue import redriven

    if dry_run or not (one.queued or one.events):
        intake.parked.put_back(one)
        is_known = bool(one.queued or one.events)
        return {"object": one.name, "state": "parked" if is_known else "names no log object; left"}
    if one.queued:
        intake.queue.send([redriven(one.queued)])
    elif one.events:
        intake.land(one.events)
    intake.parked.take_away(one)
    return {"object": one.name, "state": "queued again" if one.queued else "put into the log bucket"}
