"""`bedrock-audit test-alert`: proves that an alert reaches people, before one has to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bedrock_audit import __version__
from bedrock_audit.alerts.alert import Alert, alert
from bedrock_audit.cli.alerting import channel_at
from bedrock_audit.cli.output import Column, output_option, print_rows
from bedrock_audit.cli.stores import chosen_store, store_options
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Attribution, Evidence, Finding, Severity, Verdict, derived_id

if TYPE_CHECKING:
    from bedrock_audit.aws.alert_probe import Tried

COLUMNS = (Column("channel", "channel", whole=True), Column("endpoint", "reaches", width=44), Column("state", "state"))


class NobodyReachedError(BedrockAuditError):
    """A channel did not take the message, or nobody is there to get it."""


@click.command(
    short_help="Prove that an alert reaches people.",
    epilog="""\b
Examples:
  bedrock-audit test-alert --aws                    through the deployed topic; shows who has confirmed
  bedrock-audit test-alert --to https://hooks.…     through a webhook
  bedrock-audit test-alert --to -                   on this terminal, to see what one looks like""",
)
@click.option(
    "--to", "target", metavar="TARGET", help="`-` (stderr), a file or a webhook, instead of the deployed topic."
)
@output_option
@store_options
def test_alert(*, target: str | None) -> None:
    """Send an alert that says it is a test, and show whom it reaches."""
    if target:
        with channel_at(target) as channel:
            channel.page(_sample(account="000000000000", region="local"))
        print_rows([{"channel": channel.name, "endpoint": "as given", "state": "taken"}], columns=COLUMNS)
    elif chosen_store().on_aws:
        _through_the_topic()
    else:
        raise click.UsageError("say where: --aws for the deployed topic, or --to TARGET")


def _through_the_topic() -> None:
    from bedrock_audit.aws import open_alerting

    choice = chosen_store()
    deployed = open_alerting(stack=choice.stack, profile=choice.profile, region=choice.region)
    sample = _sample(account=deployed.account, region=deployed.region)
    tried = deployed.tried(sample)
    rows = [{"channel": one.channel, "endpoint": "", "state": _state(one)} for one in tried]
    rows += [{"channel": one.protocol, "endpoint": one.endpoint, "state": one.state} for one in deployed.subscriptions]
    print_rows(rows, columns=COLUMNS)
    refused = [f"{one.channel} ({one.refusal})" for one in tried if one.refusal]
    if refused:
        raise NobodyReachedError(f"not every channel took it: {', '.join(refused)}")
    if not deployed.is_heard:
        raise NobodyReachedError("nobody has confirmed a subscription to the topic; mail and alarms reach no one")


def _state(tried: Tried) -> str:
    """A webhook is told by a function of the stack, after this command has ended."""
    taken = "queued" if tried.is_queued else "taken"
    return "REFUSED" if tried.refusal else taken


def _sample(*, account: str, region: str) -> Alert:
    now = datetime.now(UTC)
    return alert(
        Finding(
            id=derived_id("test", now.isoformat()),
            verdict=Verdict.VIOLATION,
            clause="test",
            severity=Severity.INFO,
            account=account,
            region=region,
            principal="nobody",
            attribution=Attribution.DECLARED,
            first_seen=now,
            last_seen=now,
            evidence=Evidence(object="no log object", line=0, request_id="none"),
            policy_version="none",
            engine_version=__version__,
            detector="test-alert",
            score=1.0,
            title="This is a test; nothing has happened",
            occurrences=1,
        )
    )
