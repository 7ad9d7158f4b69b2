"""`bedrock-audit backfill`: has a deployed stack audit the logs that were there before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click

from bedrock_audit.cli.output import Column, console, harmless, output_option, print_rows
from bedrock_audit.cli.progress import progress
from bedrock_audit.cli.stores import chosen_store, store_options
from bedrock_audit.cli.times import TIME, check_period
from bedrock_audit.ports import Ledger, LogObject

COLUMNS = (
    Column("found", "found", right=True),
    Column("bytes", "bytes", right=True),
    Column("audited_before", "audited before", right=True),
    Column("queued", "queued", right=True),
)


class Tally:
    """What a backfill has done so far."""

    def __init__(self, ledger: Ledger, *, again: bool) -> None:
        self._ledger = ledger
        self._again = again
        self.row = {"found": 0, "bytes": 0, "audited_before": 0, "queued": 0}
        self.last = ""

    def wanted(self, logs: Iterable[LogObject]) -> Iterator[LogObject]:
        """Those objects that have not been audited to their end with the content they have now."""
        for log in logs:
            self.row["found"] += 1
            self.row["bytes"] += log.size
            if not self._again and self._is_audited(log):
                self.row["audited_before"] += 1
            else:
                yield log

    def queued(self, logs: list[LogObject]) -> None:
        """Count a batch that is in the queue."""
        self.row["queued"] += len(logs)
        self.last = logs[-1].name

    def _is_audited(self, log: LogObject) -> bool:
        row = self._ledger.row(log.name)
        return row is not None and row.next_line is None and row.etag == log.etag


@click.command(
    short_help="Audit logs from before the deployment.",
    epilog="""\b
Examples:
  bedrock-audit backfill --since 2026-10-01 --dry-run     how much there is
  bedrock-audit backfill --since 2026-10-01               have it audited
  bedrock-audit backfill --since 2026-10-01 --again       once more, after the policy changed
\b
It can be stopped and started at any time: what is audited already is passed over.
Findings of a backfill are marked and page nobody.""",
)
@click.option("--since", type=TIME, required=True, help="From the hour of this time on (ISO 8601, UTC).")
@click.option("--until", type=TIME, help="Up to this time. [default: now]")
@click.option("--after", metavar="URI", default="", help="Go on after this object, in the order of their keys.")
@click.option("--again", is_flag=True, help="Also what is audited already (the auditor skips what has not changed).")
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.option("--per-second", type=click.FloatRange(0.1, 1000), default=50, show_default=True, help="Objects sent.")
@click.option(
    "--in-flight", type=click.IntRange(10, 100_000), default=200, show_default=True, help="Most in the queue."
)
@output_option
@store_options
def backfill(
    *,
    since: datetime,
    until: datetime | None,
    after: str,
    again: bool,
    dry_run: bool,
    per_second: float,
    in_flight: int,
) -> None:
    """Feed the log objects of a period to the deployed auditor, through the queue that fresh ones take."""
    from bedrock_audit.aws import open_intake
    from bedrock_audit.aws.feeding import Pace, fed

    end = until or datetime.now(UTC)
    check_period(since, end)
    choice = chosen_store()
    intake = open_intake(stack=choice.stack, profile=choice.profile, region=choice.region)
    tally = Tally(intake.ledger, again=again)
    logs = tally.wanted(intake.past.of(since=since, until=end, after=after))
    pace = Pace(per_second=per_second, in_flight=in_flight)
    try:
        _feed(logs if dry_run else fed(logs, intake.queue, pace=pace), tally)
    except KeyboardInterrupt:
        if tally.last:
            console(stderr=True).print(f"to go on add: --after {harmless(tally.last)}", soft_wrap=True)
        raise click.Abort from None
    print_rows([tally.row], columns=COLUMNS)


def _feed(batches: Iterator[list[LogObject]] | Iterator[LogObject], tally: Tally) -> None:
    """Send, or in a dry run only look, batch by batch."""
    with progress() as shown:
        for batch in batches:
            if isinstance(batch, list):
                tally.queued(batch)
            shown.now(f"{tally.row['found']:,} found, {tally.row['queued']:,} queued")
