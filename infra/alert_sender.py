"""From the stream of stored findings to messages: the function that alerts, and where it may leave its messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsii
import msgspec
from aws_cdk import Aws, Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from alert_needs import AlertSettings
from bedrock_audit.alerts.routing import routes
from bedrock_audit.aws.alert_places import AlertPlaces
from bedrock_audit.aws.items import FINDING
from infra.alerting import Alerting
from infra.customer_key import READING
from infra.engine_function import EngineFunction, Workshop
from infra.findings_store import FindingsStore
from infra.permission import let
from infra.settings import Settings
from infra.webhooks import Webhooks
from infra.work_queue import WorkQueue

NEWS_AT_ONCE = 50
GATHERING = Duration.seconds(2)
PATIENCE = Duration.hours(6)
"""How long a channel may be down before its alerts are given up; the stream itself forgets after 24 hours."""
ROUTES = "routes.yaml"
NOTE = ("dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
READ_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")


class AlertSender(Construct):
    """`alert` hears of findings as they are stored; `lost` has where in the stream it had to give up.

    `places` is where messages go, `settings` what whoever else tells people needs to be told.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, workshop: Workshop, findings: FindingsStore, alerting: Alerting
    ) -> None:
        super().__init__(scope, construct_id)
        self.workshop = workshop
        self._alerting = alerting
        self.lost = WorkQueue(self, "Lost", key=workshop.key)
        self.webhooks = Webhooks(self, "Webhooks", workshop=workshop) if workshop.settings.webhook_secrets else None
        self.places = _places(alerting, self.webhooks, bus=workshop.settings.event_bus)
        self.settings = _settings(workshop, findings=findings, places=self.places)
        self.alert = EngineFunction(
            self,
            "AlertOnFinding",
            workshop=workshop,
            handler="alert_on_finding",
            description="Tells people and programs of findings as they are stored (bedrock-audit)",
            needs=AlertSettings(**self.settings),
            timeout=Duration.minutes(2),
        )
        findings.ledger.let(self.alert, *NOTE)
        self.let_tell(self.alert)
        self.lost.let_send(self.alert)
        self._listen(findings)

    def let_tell(self, function: lambda_.Function) -> None:
        """Let the function leave messages on every channel."""
        self._alerting.let_publish(function)
        if self.webhooks:
            self.webhooks.postings.let_send(function)
        if bus := self.places.event_bus:
            let(
                function,
                "events:PutEvents",
                on=f"arn:{Aws.PARTITION}:events:{Aws.REGION}:{Aws.ACCOUNT_ID}:event-bus/{bus}",
            )

    def _listen(self, findings: FindingsStore) -> None:
        """Only to findings, not to occurrences; a record that fails is tried again alone until it is too old."""
        stream = findings.findings.table_stream_arn
        assert stream is not None, "the table of findings streams"
        pattern = {"dynamodb": {"NewImage": {"kind": {"S": lambda_.FilterRule.is_equal(FINDING)}}}}
        let(self.alert, *READ_STREAM, on=stream)
        let(self.alert, "dynamodb:ListStreams", on="*")  # it knows no resource
        self.workshop.key.let_through(self.alert, "dynamodb", *READING)
        mapping = self.alert.add_event_source_mapping(
            "Stream",
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=NEWS_AT_ONCE,
            max_batching_window=GATHERING,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            max_record_age=PATIENCE,
            filters=[lambda_.FilterCriteria.filter(pattern)],
            on_failure=_GivenUpTo(self.lost),
        )
        if self.alert.role:
            mapping.node.add_dependency(self.alert.role)


@jsii.implements(lambda_.IEventSourceDlq)
class _GivenUpTo:
    """CDK's own would let the function do more with the key than send."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue

    def bind(self, _target: lambda_.IEventSourceMapping, _handler: lambda_.IFunction) -> lambda_.DlqDestinationConfig:
        return lambda_.DlqDestinationConfig(destination=self._queue.queue_arn)


def _places(alerting: Alerting, webhooks: Webhooks | None, *, bus: str | None) -> AlertPlaces:
    return AlertPlaces(
        alert_topic=alerting.topic.topic_arn,
        chat_topic=alerting.chat.topic.topic_arn if alerting.chat else "",
        event_bus=bus or "",
        webhook_queue=webhooks.postings.queue_url if webhooks else "",
        webhooks=webhooks.names if webhooks else (),
    )


def _settings(workshop: Workshop, *, findings: FindingsStore, places: AlertPlaces) -> dict[str, Any]:
    """What both senders need; what is wrong with a routes file is told here, before anything is deployed."""
    given = workshop.settings
    if given.routes:
        routes(Path(given.routes), channels=places.names)
    stack = "" if given.stack_name == Settings().stack_name else f" --stack {given.stack_name}"
    return {
        **msgspec.structs.asdict(places),
        "ledger_table": findings.ledger.table_name,
        "routes": ROUTES if given.routes else "",
        "reach": f" --aws --region {Aws.REGION}{stack}",
    }
