"""What each function needs to be told by who deploys it: one value per function, one field per variable."""

from __future__ import annotations

from bedrock_audit.record import Value


class EngineSettings(Value, frozen=True, kw_only=True):
    """What the engine works with: its tables, and the `s3://bucket/prefix` places it may read offloaded bodies from.

    Findings are kept for `finding_days`; `clauses` is a folder of an organisation's own in the bundle, if it has any.
    """

    findings_table: str
    use_cases_table: str
    ledger_table: str
    finding_days: int
    body_places: tuple[str, ...] = ()
    clauses: str = ""


class AuditorSettings(EngineSettings, frozen=True, kw_only=True):
    """What the auditor of queued log objects needs; the rest of a long object goes back to `queue` (a URL).

    A message that failed comes again after `retry_seconds`, then after twice as long, and so on.
    """

    queue: str
    retry_seconds: int = 60


class RecorderSettings(EngineSettings, frozen=True, kw_only=True):
    """What the recorder of failed objects needs; it passes them on to `parked_queue` (a URL)."""

    parked_queue: str


class ConfiguratorSettings(Value, frozen=True, kw_only=True):
    """What the custom resources need: the path of the parameters in which they remember what they found.

    A permission of theirs may take `spread_seconds` until it holds.
    """

    memory_path: str
    spread_seconds: int = 60


class LandingSettings(Value, frozen=True, kw_only=True):
    """What putting log events into the log bucket needs; `log_prefix` comes before `AWSLogs/` in the keys."""

    log_bucket: str
    log_prefix: str = ""
