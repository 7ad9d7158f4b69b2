"""What tells an on-call person that the pipeline itself is unwell."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.alerting import Alerting
from infra.log_intake import LogIntake


class Monitoring(Construct):
    """Alarms to the alert topic."""

    def __init__(self, scope: Construct, construct_id: str, *, intake: LogIntake, alerting: Alerting) -> None:
        super().__init__(scope, construct_id)
        self._action = actions.SnsAction(alerting.topic)
        self._objects_given_up(intake)

    def _objects_given_up(self, intake: LogIntake) -> None:
        waiting = [queue.metric_approximate_number_of_messages_visible() for queue in (intake.failed, intake.parked)]
        alarm = cloudwatch.Alarm(
            self,
            "ObjectsGivenUp",
            alarm_description=(
                "Log objects could not be audited. See `bedrock-audit findings list --aws --clause coverage`, mend the "
                "cause, then run `bedrock-audit redrive`."
            ),
            metric=cloudwatch.MathExpression(
                expression="failed + parked", using_metrics=dict(zip(("failed", "parked"), waiting, strict=True))
            ),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
