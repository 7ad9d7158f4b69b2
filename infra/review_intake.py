"""From an application's event that a person has reviewed a use to the record of that review.

Any application of the account may put such events on the default bus, if its role may `events:PutEvents` there.
"""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from bedrock_audit.aws.review_events import REVIEW_TYPE
from infra.engine_function import EngineFunction, Workshop
from infra.findings_store import FindingsStore
from infra.use_cases import UseCases
from infra.work_queue import WorkQueue
from needs import EngineSettings

ATTEMPTS = 5
EVENTS_AT_ONCE = 10
RECORDING = Duration.minutes(1)


class ReviewIntake(Construct):
    """`told` holds events to be recorded, `refused` those that tell of no review or could not be recorded."""

    def __init__(
        self, scope: Construct, construct_id: str, *, workshop: Workshop, findings: FindingsStore, use_cases: UseCases
    ) -> None:
        super().__init__(scope, construct_id)
        self.refused = WorkQueue(self, "Refused", key=workshop.key)
        self.told = WorkQueue(self, "Told", key=workshop.key, then=self.refused, attempts=ATTEMPTS)
        self.function = EngineFunction(
            self,
            "RecordReview",
            workshop=workshop,
            handler="record_review",
            description="Records human reviews that applications tell of (bedrock-audit)",
            needs=EngineSettings(
                findings_table=findings.findings.table_name,
                use_cases_table=use_cases.table.table_name,
                ledger_table=findings.ledger.table_name,
                finding_days=workshop.settings.finding_retention_days,
            ),
            timeout=RECORDING,
        )
        findings.ledger.let(self.function, "dynamodb:PutItem")
        self.told.feed(self.function, batch=EVENTS_AT_ONCE)
        self._rule()

    def _rule(self) -> None:
        """Whatever the source: that is the application's own name."""
        rule = events.Rule(
            self,
            "OnReview",
            description="A person has reviewed a use of Bedrock",
            event_pattern=events.EventPattern(account=[Aws.ACCOUNT_ID], detail_type=[REVIEW_TYPE]),
        )
        rule.add_target(targets.SqsQueue(self.told, dead_letter_queue=self.refused))
