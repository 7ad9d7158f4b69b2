"""What a setting may look like: each form with the words that say what a value should have been."""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec


def _form(pattern: str, told: str) -> msgspec.Meta:
    return msgspec.Meta(pattern=pattern, description=told)


AccountId = Annotated[str, _form(r"^\d{12}$", "an account's twelve digits")]
Region = Annotated[str, _form(r"^[a-z]{2}(-[a-z]+)+-\d$", "a Region such as eu-central-1")]
BucketName = Annotated[str, _form(r"^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the name of a bucket")]
KeyArn = Annotated[
    str, _form(r"^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$", "the ARN of a KMS key (not of an alias)")
]
RoleArn = Annotated[str, _form(r"^arn:[a-z-]+:iam::\d{12}:role/[\w+=,.@/-]+$", "the ARN of a role")]
LogGroupName = Annotated[str, _form(r"^[A-Za-z0-9_/.#-]{1,512}$", "the name of a log group (not its ARN)")]
KeyPrefix = Annotated[
    str, _form(r"^(?!/)(?!.*//)[A-Za-z0-9!_.'()/-]{0,512}$", "what keys may begin with (no *, no / in front)")
]
SecretArn = Annotated[
    str,
    _form(
        r"^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+-[A-Za-z0-9]{6}$",
        "the full ARN of a secret, with the six characters at its end",
    ),
]
Email = Annotated[str, _form(r"^[^@\s]+@[^@\s]+$", "an e-mail address")]
StackName = Annotated[str, _form(r"^[A-Za-z][A-Za-z0-9-]{0,127}$", "the name of a stack")]
BusName = Annotated[str, _form(r"^[\w.-]{1,256}$", "the name of an event bus (not its ARN)")]
WorkspaceId = Annotated[str, _form(r"^[0-9A-Z]{1,255}$", "the id of a Slack workspace")]
ChannelId = Annotated[str, _form(r"^[A-Za-z0-9]{1,255}$", "the id of a Slack channel")]
TagName = Annotated[str, _form(r"^(?!aws:)[\w\s.:/=+@-]{1,128}$", "the name of a tag")]
TagValue = Annotated[str, _form(r"^[\w\s.:/=+@-]{0,256}$", "the value of a tag")]
FORMS: tuple[msgspec.Meta, ...] = tuple(
    form
    for kind in (
        *(AccountId, Region, BucketName, KeyArn, RoleArn, LogGroupName, KeyPrefix, SecretArn),
        *(Email, StackName, BusName, WorkspaceId, ChannelId, TagName, TagValue),
    )
    for form in get_args(kind)[1:]
)


def in_words(complaint: str) -> str:
    """A complaint of msgspec's about a value, with the form that was wanted told in words."""
    wanted = next((form.description for form in FORMS if complaint.endswith(f" regex {form.pattern!r}")), None)
    return f"must be {wanted}" if wanted else complaint.replace("`", "")
