"""`bedrock-audit demo`: a small organisation's day, audited, and what each user of the product would see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bedrock_audit.alerts.alert import alert
from bedrock_audit.alerts.email import body, subject
from bedrock_audit.cli.audit import run
from bedrock_audit.cli.engine import wired
from bedrock_audit.cli.summary import print_outcome
from bedrock_audit.demo import write_day
from bedrock_audit.local import in_words, open_stores


@click.command(
    short_help="See everything on a day of made-up logs.",
    epilog="""\b
Examples:
  bedrock-audit demo                                    into ./bedrock-audit-demo
  bedrock-audit demo --out /tmp/day                     elsewhere
\b
Afterwards:
  bedrock-audit findings list --store bedrock-audit-demo/demo.db
  bedrock-audit coverage --store bedrock-audit-demo/demo.db
  bedrock-audit audit bedrock-audit-demo/AWSLogs        without the use cases: more is unapproved""",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("bedrock-audit-demo"),
    show_default=True,
    help="Where the made-up logs, use cases and the store are written.",
)
def demo(*, out: Path) -> None:
    """Write a day of made-up Bedrock logs, audit it, and show findings, coverage and an alert."""
    out.mkdir(parents=True, exist_ok=True)
    logs = write_day(out, day=datetime.now(UTC) - timedelta(days=1))
    store = out / "demo.db"
    for leftover in out.glob("demo.db*"):
        leftover.unlink()
    _heading(f"Auditing {logs} with {out / 'use-cases.yaml'}")
    with in_words(), open_stores(store) as stores:
        outcome = run(wired(stores, use_cases=out / "use-cases.yaml"), [str(logs)])
    print_outcome(outcome)
    _heading("The alert for the first of them, as it arrives by e-mail")
    first = alert(outcome.findings[0])
    click.echo(f"Subject: {subject(first)}\n\n{body(first)}")
    _heading("Look closer")
    for command in ("findings list", f"findings show {outcome.findings[0].id}", "coverage"):
        click.echo(f"bedrock-audit {command} --store {store}")


def _heading(text: str) -> None:
    click.echo(f"\n── {text} ──\n")
