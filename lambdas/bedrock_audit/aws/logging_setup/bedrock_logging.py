"""Makes Bedrock deliver its log to where it is audited, and undoes that when the stack goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

from bedrock_audit.aws.logging_setup.configuration import LoggingConfiguration, S3Destination
from bedrock_audit.aws.logging_setup.memory import Memory
from bedrock_audit.aws.logging_setup.plan import PLACE, Wanted, planned
from bedrock_audit.aws.permissions import code_of, needing
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

NAME = "bedrock-logging"
PATIENCE = 90.0
"""Seconds for which Bedrock may still find a bucket policy or role that is there but has not spread yet."""
BETWEEN_TRIES = 5.0


class Remembered(Value, frozen=True):
    """What was there before us (None: no logging), and what we made of it."""

    found: LoggingConfiguration | None
    ours: LoggingConfiguration

    @property
    def added(self) -> S3Destination | None:
        """The bucket that came with us; one that was there before stays where its owner put it."""
        before = self.found.s3 if self.found else None
        return self.ours.s3 if self.ours.s3 != before else None


class BedrockLogging:
    """The logging configuration of the client's account and Region."""

    def __init__(self, bedrock: BedrockClient, *, memory: Memory, sleep: Callable[[float], None] = time.sleep) -> None:
        self._bedrock = bedrock
        self._memory = memory
        self._sleep = sleep

    def establish(self, wanted: Wanted) -> None:
        """Have the wanted log delivered in full; raises ConfigurationError saying what to set if that cannot be."""
        remembered = self._memory.recalled(NAME, Remembered)
        found = self.current()
        ours = planned(found, wanted, added=remembered.added if remembered else None)
        before = remembered.found if remembered and remembered.ours == found else found
        # the note comes first: were it the other way round, a crash in between would make our own work look found
        self._memory.keep(NAME, Remembered(found=before, ours=ours))
        if ours != found:
            self._put(ours)
            self._memory.keep(NAME, Remembered(found=before, ours=self._settled(ours, found)))

    def release(self) -> None:
        """Put back what was found, if what we made of it still holds; otherwise it is somebody else's by now."""
        remembered = self._memory.recalled(NAME, Remembered)
        if remembered and remembered.ours != remembered.found and remembered.ours == self.current():
            if remembered.found:
                self._put(remembered.found)
            else:
                with needing("bedrock:DeleteModelInvocationLoggingConfiguration", PLACE):
                    self._bedrock.delete_model_invocation_logging_configuration()
        self._memory.forget(NAME)

    def current(self) -> LoggingConfiguration | None:
        """What holds now; None if nothing is logged."""
        with needing("bedrock:GetModelInvocationLoggingConfiguration", PLACE):
            answer = self._bedrock.get_model_invocation_logging_configuration()
        return msgspec.convert(answer["loggingConfig"], LoggingConfiguration) if answer.get("loggingConfig") else None

    def _settled(self, ours: LoggingConfiguration, found: LoggingConfiguration | None) -> LoggingConfiguration:
        """Ours as Bedrock now words it; a reading that still shows the one before says nothing."""
        worded = self.current()
        return worded if worded and worded != found else ours

    def _put(self, configuration: LoggingConfiguration) -> None:
        waited = 0.0
        while (trouble := self._refused(configuration)) is not None:
            if waited >= PATIENCE:
                raise ConfigurationError(_advice(configuration, trouble), source=PLACE) from trouble
            self._sleep(BETWEEN_TRIES)
            waited += BETWEEN_TRIES

    def _refused(self, configuration: LoggingConfiguration) -> ClientError | None:
        """What Bedrock says if it cannot deliver with this configuration (yet)."""
        role = configuration.cloud_watch.role_arn if configuration.cloud_watch else ""
        needed = f"iam:PassRole on {role} (set bedrock-audit:logging-role={role}) or " if role else ""
        try:
            with needing(f"{needed}bedrock:PutModelInvocationLoggingConfiguration", PLACE):
                self._bedrock.put_model_invocation_logging_configuration(loggingConfig=configuration.as_request())
        except ClientError as error:
            if code_of(error) != "ValidationException":
                raise
            return error
        return None


def _advice(configuration: LoggingConfiguration, trouble: ClientError) -> str:
    where = f"the policy and the key of {configuration.s3.uri}" if configuration.s3 else "the role of the log group"
    said = trouble.response["Error"].get("Message", "")
    return f"Bedrock cannot deliver logs ({said}); allow it in {where}, see 'An existing bucket' in the operator guide"
