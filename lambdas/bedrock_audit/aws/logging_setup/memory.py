"""Remembers what was found before something was changed, in a parameter that people can read too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec
from botocore.exceptions import ClientError

from bedrock_audit.aws.permissions import code_of, needing
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

Fact = TypeVar("Fact", bound=Value)


class Memory(Protocol):
    """Keeps one fact per name."""

    def recalled(self, name: str, kind: type[Fact], /) -> Fact | None:
        """The fact kept under the name."""

    def keep(self, name: str, fact: Value, /) -> None:
        """Keep or replace it."""

    def forget(self, name: str, /) -> None:
        """Drop it, if it is there."""


class ParameterMemory:
    """Facts as SSM parameters below `path`."""

    def __init__(self, ssm: SSMClient, *, path: str) -> None:
        self._ssm = ssm
        self._path = path

    def recalled(self, name: str, kind: type[Fact], /) -> Fact | None:
        """The fact kept under the name."""
        try:
            with needing("ssm:GetParameter", self._named(name)):
                found = self._ssm.get_parameter(Name=self._named(name))
        except ClientError as error:
            if code_of(error) == "ParameterNotFound":
                return None
            raise
        return msgspec.json.decode(found["Parameter"]["Value"], type=kind)

    def keep(self, name: str, fact: Value, /) -> None:
        """Keep or replace it."""
        told = "What bedrock-audit found before it changed something; it is put back when the stack is deleted"
        with needing("ssm:PutParameter", self._named(name)):
            self._ssm.put_parameter(
                Name=self._named(name),
                Value=msgspec.json.encode(fact).decode(),
                Description=told,
                Type="String",
                Overwrite=True,
            )

    def forget(self, name: str, /) -> None:
        """Drop it, if it is there."""
        try:
            with needing("ssm:DeleteParameter", self._named(name)):
                self._ssm.delete_parameter(Name=self._named(name))
        except ClientError as error:
            if code_of(error) != "ParameterNotFound":
                raise

    def _named(self, name: str) -> str:
        return f"{self._path}/{name}"
