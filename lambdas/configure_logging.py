"""Carries out the stack's custom resources: Bedrock's logging configuration, and the events of an existing bucket."""

from __future__ import annotations

from typing import Any

import boto3
import msgspec

from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.custom_resource import NEVER_MADE, ResourceRequest, Step, answered, patiently
from bedrock_audit.aws.logging_setup.bedrock_logging import BedrockLogging
from bedrock_audit.aws.logging_setup.bucket_events import BucketEvents
from bedrock_audit.aws.logging_setup.memory import Memory, ParameterMemory
from bedrock_audit.aws.logging_setup.plan import Wanted
from needs import ConfiguratorSettings
from settings import settings_of

LOGGING = "Custom::BedrockLogging"


def handler(event: dict[str, Any], _context: object) -> None:
    """One request of CloudFormation's, answered to the URL it names."""
    request = msgspec.convert(event, ResourceRequest)
    answered(request, lambda: carried_out(request))


def carried_out(request: ResourceRequest) -> str:
    """Do what is asked; returns the id of the resource."""
    needs = settings_of(ConfiguratorSettings)
    return patiently(lambda: _carried_out(request, needs), seconds=needs.spread_seconds)


def _carried_out(request: ResourceRequest, needs: ConfiguratorSettings) -> str:
    memory = ParameterMemory(boto3.client("ssm", config=PATIENT), path=needs.memory_path)
    if request.resource_type == LOGGING:
        return _logging(request, memory)
    return _bucket_events(request, memory)


def _logging(request: ResourceRequest, memory: Memory) -> str:
    logging = BedrockLogging(boto3.client("bedrock", config=PATIENT), memory=memory)
    if request.request_type is Step.DELETE:
        logging.release()
    else:
        logging.establish(msgspec.convert(request.resource_properties, Wanted))
    return "bedrock-logging"


def _bucket_events(request: ResourceRequest, memory: Memory) -> str:
    """The bucket's name is the id; what was begun and failed is released too, by the name that was asked for."""
    events = BucketEvents(boto3.client("s3", config=PATIENT), memory=memory)
    bucket: str = request.resource_properties["Bucket"]
    if request.request_type is Step.DELETE:
        made = request.physical_resource_id
        events.release(bucket if made == NEVER_MADE else made)
        return made
    events.establish(bucket)
    return bucket
