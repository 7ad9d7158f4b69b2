"""Checks that AWS services may do what a template has them do; no emulator, linter or deployment notices if not.

An edge leads from the resource that makes a service act to the queue, topic, bucket or function it acts on. The
resource policy at its end must allow the service principal, and so must the policy of the key that encrypts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.infra.reading import Template, as_list, path_of, resources, statements

SEND = ("kms:GenerateDataKey", "kms:Decrypt")


class Edge(NamedTuple):
    """`service` acts on `target` (a path) because of `source`; it needs `action` there."""

    source: str
    service: str
    action: str
    target: str


class Kind(NamedTuple):
    """How resources of a kind are protected: the type and field of their policies, and the field of their key."""

    policy: str
    names: str
    key: str


KINDS = {
    "AWS::SQS::Queue": Kind("AWS::SQS::QueuePolicy", "Queues", "KmsMasterKeyId"),
    "AWS::SNS::Topic": Kind("AWS::SNS::TopicPolicy", "Topics", "KmsMasterKeyId"),
    "AWS::S3::Bucket": Kind("AWS::S3::BucketPolicy", "Bucket", "KMSMasterKeyID"),
}


def edges(made: Template) -> Iterator[Edge]:
    """Every edge of the template on which a service acts by itself."""
    for found in (_alarms, _rules, _subscriptions, _bedrock, _log_groups, _access_logs):
        yield from found(made)


def holes(made: Template) -> list[str]:
    """A sentence for each edge on which the service is not allowed to act."""
    found = [hole for edge in edges(made) for hole in _holes(edge, made)]
    groups = resources(made, "AWS::Logs::LogGroup")
    service = "logs.{AWS::Region}.amazonaws.com"
    for path, group in groups.items():
        if "KmsKeyId" in group and not _key_allows(group["KmsKeyId"], service, ("kms:Encrypt", *SEND), made):
            found.append(f"{path}: {service} may not use {group['KmsKeyId']}")
    return found


def _alarms(made: Template) -> Iterator[Edge]:
    for path, alarm in resources(made, "AWS::CloudWatch::Alarm").items():
        for target in {*alarm.get("AlarmActions", []), *alarm.get("OKActions", [])}:
            yield Edge(path, "cloudwatch.amazonaws.com", "sns:Publish", _bare(target))


def _rules(made: Template) -> Iterator[Edge]:
    actions = {"AWS::SQS::Queue": "sqs:SendMessage", "AWS::SNS::Topic": "sns:Publish"}
    for path, rule in resources(made, "AWS::Events::Rule").items():
        for target in rule.get("Targets", []):
            for arn in filter(None, (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn"))):
                action = actions.get(_kind(_bare(arn), made), "lambda:InvokeFunction")
                yield Edge(path, "events.amazonaws.com", action, _bare(arn))


def _subscriptions(made: Template) -> Iterator[Edge]:
    for path, subscription in resources(made, "AWS::SNS::Subscription").items():
        if subscription["Protocol"] == "sqs":
            yield Edge(path, "sns.amazonaws.com", "sqs:SendMessage", _bare(subscription["Endpoint"]))


def _bedrock(made: Template) -> Iterator[Edge]:
    own = resources(made, "AWS::S3::Bucket")
    for path, logging in resources(made, "Custom::BedrockLogging").items():
        if _bare(logging.get("Bucket", "")) in own:
            yield Edge(path, "bedrock.amazonaws.com", "s3:PutObject", _bare(logging["Bucket"]))


def _log_groups(made: Template) -> Iterator[Edge]:
    for path, subscription in resources(made, "AWS::Logs::SubscriptionFilter").items():
        yield Edge(path, "logs.amazonaws.com", "lambda:InvokeFunction", _bare(subscription["DestinationArn"]))


def _access_logs(made: Template) -> Iterator[Edge]:
    for path, bucket in resources(made, "AWS::S3::Bucket").items():
        if "LoggingConfiguration" in bucket:
            logs = _bare(bucket["LoggingConfiguration"]["DestinationBucketName"])
            yield Edge(path, "logging.s3.amazonaws.com", "s3:PutObject", logs)


def _holes(edge: Edge, made: Template) -> Iterator[str]:
    kind = _kind(edge.target, made)
    if kind == "AWS::Lambda::Function":
        if not any(_permits(one, edge) for one in resources(made, "AWS::Lambda::Permission").values()):
            yield f"{edge.source}: {edge.service} may not invoke {edge.target}"
        return
    protection = KINDS[kind]
    policies = [
        policy["PolicyDocument"]
        for policy in resources(made, protection.policy).values()
        if edge.target in [_bare(name) for name in as_list(policy[protection.names])]
    ]
    if not any(_allows(policy, edge.service, edge.action) for policy in policies):
        yield f"{edge.source}: the policy of {edge.target} does not let {edge.service} {edge.action}"
    key = _key_of(resources(made, kind)[edge.target], protection)
    if key and not _key_allows(key, edge.service, SEND, made):
        yield f"{edge.source}: {key} of {edge.target} does not let {edge.service} encrypt"


def _kind(path: str, made: Template) -> str:
    (kind,) = {one["Type"] for name, one in made["Resources"].items() if path_of(made, name) == path}
    return str(kind)


def _key_of(resource: dict[str, Any], protection: Kind) -> str:
    if protection.policy == "AWS::S3::BucketPolicy":
        (rule,) = resource["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        return str(rule["ServerSideEncryptionByDefault"].get(protection.key, ""))
    return str(resource.get(protection.key, ""))


def _key_allows(key: str, service: str, actions: tuple[str, ...], made: Template) -> bool:
    policy = resources(made, "AWS::KMS::Key")[_bare(key)]["KeyPolicy"]
    return all(_allows(policy, service, action) for action in actions)


def _allows(policy: dict[str, Any], service: str, action: str) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and isinstance(statement["Principal"], dict)
        and service in as_list(statement["Principal"].get("Service", []))
        and any(fnmatchcase(action, pattern) for pattern in statement["Action"])
        for statement in statements(policy)
    )


def _permits(permission: dict[str, Any], edge: Edge) -> bool:
    return (_bare(permission["FunctionName"]), permission["Principal"]) == (edge.target, edge.service)


def _bare(reference: str) -> str:
    return reference.strip("{}")
