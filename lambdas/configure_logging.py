"""Carries out the stack's custom resources: Bedrock's logging configuration, and the events of an existing bucket."""

from __future__ import annotations

from typing import Any

import boto3
import msgspec

from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.custom_resource import ResourceRequest, Step, answered
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
    """The bucket's name is the id, so that a change of bucket releases the one before."""
    events = BucketEvents(boto3.client("s3", config=PATIENT), memory=memory)
    if request.request_type is Step.DELETE:
        events.release(request.physical_resource_id)
        return request.physical_resource_id
    bucket: str = request.resource_properties["Bucket"]
    events.establish(bucket)
    return bucket
