"""An account in memory: Bedrock's logging configuration, a bucket's notifications, parameters, as AWS keeps them."""

from __future__ import annotations

import copy
from typing import Any

from botocore.exceptions import ClientError

FLAGS = {f"{kind}DataDeliveryEnabled": True for kind in ("text", "image", "embedding", "video", "audio")}


def refusal(code: str, message: str = "") -> ClientError:
    """An error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class Account:
    """What the three APIs see of one account and Region; `requests` are the changes asked for, in order."""

    def __init__(self, logging: dict[str, Any] | None = None, notifications: dict[str, Any] | None = None) -> None:
        self.logging = logging
        self.notifications = notifications or {}
        self.parameters: dict[str, str] = {}
        self.requests: list[str] = []
        self.unready = 0
        self.late_readings = 0
        self._before: dict[str, Any] | None = None
        self.trouble: ClientError | None = None

    def get_model_invocation_logging_configuration(self) -> dict[str, Any]:
        """HTTP 200 without `loggingConfig` when nothing is logged; a late reading shows what was before the change."""
        shown = self.logging
        if self.late_readings and self.requests:
            self.late_readings -= 1
            shown = self._before
        return {"loggingConfig": copy.deepcopy(shown)} if shown else {}

    def put_model_invocation_logging_configuration(self, *, loggingConfig: dict[str, Any]) -> None:  # noqa: N803
        """Replaces the whole; fails while a policy or role has not spread yet."""
        self.requests.append("put logging")
        if self.trouble:
            raise self.trouble
        if self.unready:
            self.unready -= 1
            raise refusal("ValidationException", "Failed to validate permissions for the bucket")
        self._before, self.logging = self.logging, copy.deepcopy(loggingConfig)

    def delete_model_invocation_logging_configuration(self) -> None:
        """Nothing is logged any more."""
        self.requests.append("delete logging")
        self.logging = None

    def get_bucket_notification_configuration(self, *, Bucket: str) -> dict[str, Any]:  # noqa: N803
        """With the metadata that boto3 adds."""
        return {"ResponseMetadata": {"HTTPStatusCode": 200}, **copy.deepcopy(self.notifications)}

    def put_bucket_notification_configuration(
        self,
        *,
        Bucket: str,  # noqa: N803
        NotificationConfiguration: dict[str, Any],  # noqa: N803
        SkipDestinationValidation: bool,  # noqa: N803
    ) -> None:
        """Replaces the whole; targets that are broken would be refused if they were looked at."""
        self.requests.append("put notifications")
        assert SkipDestinationValidation
        self.notifications = copy.deepcopy(NotificationConfiguration)

    def get_parameter(self, *, Name: str) -> dict[str, Any]:  # noqa: N803
        """Raises what SSM raises for one that is not there."""
        if Name not in self.parameters:
            raise refusal("ParameterNotFound")
        return {"Parameter": {"Value": self.parameters[Name]}}

    def put_parameter(self, *, Name: str, Value: str, **_: Any) -> None:  # noqa: N803
        """Creates or replaces."""
        self.parameters[Name] = Value

    def delete_parameter(self, *, Name: str) -> None:  # noqa: N803
        """Raises what SSM raises for one that is not there."""
        self.get_parameter(Name=Name)
        del self.parameters[Name]
