"""What the functions that tell people need to be told by who deploys them: one value per function."""

from __future__ import annotations

from bedrock_audit.aws.alert_places import AlertPlaces
from bedrock_audit.record import Value
from needs import EngineSettings


class AlertSettings(AlertPlaces, frozen=True, kw_only=True):
    """What alerting needs beside the places that alerts go to.

    `routes` is a file in the bundle, `reach` the options with which the command line finds this deployment.
    """

    ledger_table: str
    routes: str = ""
    reach: str = ""


class DigestSettings(AlertSettings, frozen=True, kw_only=True):
    """What digests need beside: the tables they sum up, and the e-mail addresses that should be subscribed.

    `summary_hour` is when the summary of the day before is due (UTC).
    """

    findings_table: str
    use_cases_table: str
    summary_hour: int
    addresses: tuple[str, ...] = ()


class WebhookSettings(Value, frozen=True, kw_only=True):
    """What posting needs: the ARNs of the secrets that hold the webhooks' addresses."""

    webhook_secrets: tuple[str, ...]


class WatchSettings(EngineSettings, frozen=True, kw_only=True):
    """What watching needs: the engine's tables, and after how many hours of silence somebody should look."""

    silent_hours: int
