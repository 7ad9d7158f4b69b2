"""Turns CDK context into the typed settings of a deployment; knows their limits, nothing about constructs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from bedrock_audit.aws.alert_places import CHANNELS
from bedrock_audit.aws.webhook_queue import webhook_name
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value
from infra.setting_forms import (
    AccountId,
    BucketName,
    BusName,
    ChannelId,
    Email,
    KeyArn,
    KeyPrefix,
    LogGroupName,
    Region,
    RoleArn,
    SecretArn,
    StackName,
    TagName,
    TagValue,
    WorkspaceId,
    in_words,
)

PREFIX = "bedrock-audit:"
SOURCE = "CDK context"

LogRetention = Literal[7, 14, 30, 60, 90, 180, 365, 400, 731, 1096, 1827, 3653]
Days = Annotated[int, msgspec.Meta(ge=1, le=3653)]


class LogSource(StrEnum):
    """Where Bedrock delivers the invocation log that is audited."""

    S3 = "s3"
    CLOUDWATCH = "cloudwatch"


class Settings(Value, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What can be set for a deployment; every name is given in context as `bedrock-audit:NAME`.

    Without `account` and `region` the template works in any. `log_bucket` and `log_group` name what exists already;
    without `log_bucket` the stack brings its own. `log_prefix` comes before `AWSLogs/` in the keys. `concurrency` is
    reserved for the auditor and bounds what a backfill may cost at once; 0 reserves none. `webhook_secrets` hold the
    addresses of Slack, Teams or other webhooks; `slack_workspace` and `slack_channel` are ids for Amazon Q Developer in
    chat applications; `routes` is a YAML file. An alarm follows `silent_hours` in which Bedrock was called but nothing
    was audited; the summary comes daily in `daily_summary_hour` (UTC).
    """

    stack_name: StackName = "BedrockAudit"
    account: AccountId | None = None
    region: Region | None = None
    log_source: LogSource = LogSource.S3
    log_bucket: BucketName | None = None
    log_bucket_key: KeyArn | None = None
    log_prefix: KeyPrefix = ""
    log_group: LogGroupName | None = None
    large_data_bucket: BucketName | None = None
    logging_role: RoleArn | None = None
    configure_logging: bool = True
    log_retention_days: Days = 400
    finding_retention_days: Days = 1096
    function_log_retention_days: LogRetention = 90
    alert_emails: tuple[Email, ...] = ()
    webhook_secrets: tuple[SecretArn, ...] = ()
    event_bus: BusName | None = None
    slack_workspace: WorkspaceId | None = None
    slack_channel: ChannelId | None = None
    routes: str | None = None
    daily_summary_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 6
    silent_hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 6
    clauses: str | None = None
    athena: bool = False
    memory_mb: Annotated[int, msgspec.Meta(ge=1024, le=10240)] = 1769
    timeout_seconds: Annotated[int, msgspec.Meta(ge=60, le=900)] = 300
    concurrency: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 10
    deletion_protection: bool = True
    termination_protection: bool = True
    tags: dict[TagName, TagValue] = {}


def settings_from(context: Mapping[str, Any]) -> Settings:
    """The settings in a CDK context; raises ConfigurationError with the name of the setting that cannot be used.

    Values may be text, as `cdk -c NAME=VALUE` gives them: lists are separated by commas, tags are `name=value`.
    """
    given = {name.removeprefix(PREFIX): value for name, value in context.items() if name.startswith(PREFIX)}
    kinds = get_type_hints(Settings)
    for name in given:
        _check_known(name)
    typed = {name: _untangled(name, value, kinds[_field(name)]) for name, value in given.items()}
    return _checked(_converted(typed))


def _converted(given: dict[str, Any]) -> Settings:
    for name, value in given.items():
        try:
            msgspec.convert({name: value}, Settings, strict=False)
        except msgspec.ValidationError as error:
            choice = _choice(name)
            told = f"must be {choice}, not {value!r}" if choice else in_words(f"{error}".split(" - at")[0])
            raise _refusal(name, told) from error
    return msgspec.convert(given, Settings, strict=False)


def _checked(settings: Settings) -> Settings:
    """What no single value can tell."""
    if settings.log_source is LogSource.CLOUDWATCH and not settings.log_group:
        raise _refusal("log-group", "must name the log group when log-source is cloudwatch")
    if settings.log_source is LogSource.CLOUDWATCH and settings.log_bucket:
        raise _refusal("log-bucket", "cannot be used when log-source is cloudwatch; leave it out")
    if settings.log_source is LogSource.S3 and settings.log_group:
        raise _refusal("log-group", "is only for log-source=cloudwatch; set that too or leave it out")
    if settings.log_bucket_key and not (settings.log_bucket or settings.large_data_bucket):
        raise _refusal("log-bucket-key", "is the key of an existing bucket; name that with log-bucket")
    if bool(settings.slack_channel) != bool(settings.slack_workspace):
        raise _refusal("slack-channel", "needs slack-workspace, and the other way round")
    if len(set(settings.alert_emails)) < len(settings.alert_emails):
        raise _refusal("alert-emails", "names an address twice")
    _check_webhooks(settings.webhook_secrets)
    if settings.concurrency == 1:
        raise _refusal("concurrency", "must be 0 (none reserved) or at least 2, as SQS asks of Lambda")
    if settings.log_prefix and not settings.log_prefix.endswith("/"):
        return msgspec.structs.replace(settings, log_prefix=settings.log_prefix + "/")
    return settings


def _check_webhooks(secrets: Sequence[str]) -> None:
    """A webhook is a channel by the name of its secret, so no two may have the same."""
    names = [webhook_name(secret) for secret in secrets]
    for name in names:
        if name in CHANNELS or names.count(name) > 1:
            raise _refusal("webhook-secrets", f"a channel is called {name!r} already; name the secret otherwise")


def _check_known(name: str) -> None:
    names = msgspec.structs.fields(Settings)
    known = [field.encode_name for field in names]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise _refusal(name, f"there is no such setting; did you mean {near[0]}?" if near else "no such setting")


def _untangled(name: str, value: Any, kind: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if getattr(kind, "__origin__", None) is tuple:
        return parts
    if getattr(kind, "__origin__", None) is dict:
        if not all("=" in part for part in parts):
            raise _refusal(name, "must be of the form name=value, with commas between them")
        return {tag: text for tag, _, text in (part.partition("=") for part in parts)}
    return value


def _choice(name: str) -> str | None:
    """What a setting may be, if it is one of some words."""
    kind = get_type_hints(Settings)[_field(name)]
    if kind is bool:
        return "true or false"
    is_enum = isinstance(kind, type) and issubclass(kind, StrEnum)
    words = [str(member.value) for member in kind] if is_enum else [str(word) for word in get_args(kind)]
    return f"one of {', '.join(words)}" if is_enum or get_origin(kind) is Literal else None


def _field(name: str) -> str:
    return name.replace("-", "_")


def _refusal(name: str, message: str) -> ConfigurationError:
    return ConfigurationError(message, source=SOURCE, key=PREFIX + name)
