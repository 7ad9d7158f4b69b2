"""`bedrock-audit audit`: the main job over local files, standard input or buckets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
import msgspec

from bedrock_audit.cli import EXIT_FINDINGS, EXIT_INCOMPLETE
from bedrock_audit.cli.alerting import alerting
from bedrock_audit.cli.engine import Place, each_once, places, wired
from bedrock_audit.cli.output import harmless, output_option
from bedrock_audit.cli.progress import progress
from bedrock_audit.cli.stores import chosen_store, opened_stores, store_options, store_reach
from bedrock_audit.cli.summary import Outcome, print_outcome
from bedrock_audit.cli.times import TIME, check_period
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.errors import LogUnreadableError
from bedrock_audit.finding import Finding, Severity
from bedrock_audit.intake import UNREAD, recovered, unread
from bedrock_audit.pipeline import Engine, Period, Told, audit_object, note_overdue
from bedrock_audit.ports import LogObject, Stored


@click.command(
    short_help="Audit log files, folders, stdin or s3:// URIs.",
    epilog="""\b
Examples:
  bedrock-audit audit logs/                              a folder, recursively
  bedrock-audit audit s3://my-logs/AWSLogs/              a bucket, with your credentials
  zcat day.json.gz | bedrock-audit audit -               standard input
  bedrock-audit audit logs/ --use-cases use-cases.yaml   with the approved uses
  bedrock-audit audit logs/ --fail-on high -o json       in a script
  bedrock-audit audit logs/ --alert https://hooks.…      tell Slack, Teams or any webhook
\b
Exit codes: 1 findings at or above --fail-on (it wins over 3);
3 something could not be read, see the coverage.""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--use-cases", type=click.Path(path_type=Path), help="YAML file or folder of use cases for this run.")
@click.option("--clauses", type=click.Path(path_type=Path), help="Folder of your own clauses, beside ours.")
@click.option("--fail-on", type=click.Choice([level.value for level in Severity]), help="Exit 1 from this severity on.")
@click.option("--alert", "alert_to", metavar="TARGET", help="Alert of news to `-` (stderr), a file or a webhook.")
@click.option("--routes", "routes_file", type=click.Path(path_type=Path), help="YAML file of alert routes.")
@click.option("--since", type=TIME, help="Only records from this time on (ISO 8601, UTC unless it says otherwise).")
@click.option("--until", type=TIME, help="Only records before this time.")
@output_option
@store_options
def audit(
    *,
    paths: tuple[str, ...],
    use_cases: Path | None,
    clauses: Path | None,
    fail_on: str | None,
    alert_to: str | None,
    routes_file: Path | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Audit log files, folders (recursively), `-` for standard input, or s3:// URIs.

    Every prompt and completion is judged; findings go to the store and are shown with the coverage. Auditing the same
    logs again adds nothing.
    """
    check_period(since, until)
    if routes_file and not alert_to:
        raise click.UsageError("--routes says who hears of what; say where with --alert TARGET")
    with alerting(alert_to, routes_file=routes_file, reach=store_reach()) as tell:
        with opened_stores() as stores:
            engine = wired(stores, use_cases=use_cases, clauses=clauses, period=Period(since=since, until=until))
            outcome = run(engine, paths)
        print_outcome(outcome)
        tell(outcome)
    _leave(outcome, fail_on=Severity(fail_on) if fail_on else None)


def run(engine: Engine, paths: Sequence[str]) -> Outcome:
    """Audit every object of every path; the findings are as stored at the end."""
    choice = chosen_store()
    told: dict[str, Stored] = {}
    rows: list[LedgerRow] = []

    def hear(finding: Finding, stored: Stored) -> None:
        told[finding.id] = min(told.get(finding.id, stored), stored, key=list(Stored).index)

    with progress() as shown:
        for place, log in each_once(places(paths, profile=choice.profile, region=choice.region)):
            rows.append(_audited(log, place, engine=engine, told=hear))
            shown.audited(rows[-1], findings=len(told))
    if not rows:
        click.echo(f"no log files in {', '.join(map(harmless, paths))}", err=True)
    note_overdue(engine, told=hear)
    return Outcome.of(rows, told=told, findings=engine.stores.findings)


def _audited(log: LogObject, place: Place, *, engine: Engine, told: Told) -> LedgerRow:
    """The object's row; where it cannot be read, that is said at once, and the others are audited all the same."""
    engine = msgspec.structs.replace(engine, bodies=place.bodies)
    try:
        with place.logs.opened(log.name) as stream:
            row = audit_object(log, stream, engine=engine, told=told)
    except LogUnreadableError as error:
        click.echo(harmless(error), err=True)
        return unread(log, detail="The object is there, but it cannot be opened.", engine=engine, told=told)
    recovered(log, engine=engine, reason=UNREAD)
    if not row.coverage.records and not row.coverage.skipped:
        click.echo(f"{harmless(log.name)}: holds no records", err=True)
    return row


def _leave(outcome: Outcome, *, fail_on: Severity | None) -> None:
    in_force = (finding for finding in outcome.findings if not finding.shadow)
    if fail_on and any(finding.severity.rank >= fail_on.rank for finding in in_force):
        raise SystemExit(EXIT_FINDINGS)
    if outcome.is_incomplete:
        raise SystemExit(EXIT_INCOMPLETE)
