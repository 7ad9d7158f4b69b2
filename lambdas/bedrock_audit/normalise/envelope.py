"""What stands at the top level of a record, and of a line of batch inference: the vendor's names of it, nothing else.

The types are strict, so that the parser checks them: what is an `Envelope` needs no second look. Bodies stay as parsed.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Identity(msgspec.Struct, forbid_unknown_fields=True):
    """Who called."""

    arn: str | None = None


class Performance(msgspec.Struct, forbid_unknown_fields=True):
    """Which latency was asked for."""

    latency: str | None = None


class Input(
    msgspec.Struct,
    forbid_unknown_fields=True,
    rename={
        "content_type": "inputContentType",
        "body": "inputBodyJson",
        "path": "inputBodyS3Path",
        "tokens": "inputTokenCount",
        "cache_read": "cacheReadInputTokenCount",
        "cache_write": "cacheWriteInputTokenCount",
    },
):
    """A record's `input`."""

    content_type: str | None = None
    body: Any = None
    path: str | None = None
    tokens: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None


class Output(
    msgspec.Struct,
    forbid_unknown_fields=True,
    rename={
        "content_type": "outputContentType",
        "body": "outputBodyJson",
        "path": "outputBodyS3Path",
        "tokens": "outputTokenCount",
        "image_step_size": "outputImageBucketedStepSize",
        "image_height": "outputImageHeight",
        "image_width": "outputImageWidth",
        "video_seconds": "outputVideoDurationSeconds",
        "video_frames_per_second": "outputVideoFramesPerSecond",
        "video_height": "outputVideoHeight",
        "video_width": "outputVideoWidth",
        "video_path": "outputVideoS3Path",
    },
):
    """A record's `output`; the measures of images and videos are facts we do not keep."""

    content_type: str | None = None
    body: Any = None
    path: str | None = None
    tokens: int | None = None
    image_step_size: int | float | None = None
    image_height: int | float | None = None
    image_width: int | float | None = None
    video_seconds: int | float | None = None
    video_frames_per_second: int | float | None = None
    video_height: int | float | None = None
    video_width: int | float | None = None
    video_path: str | None = None

    @property
    def made_media(self) -> bool:
        """True if the model drew or filmed, whatever became of the result."""
        return self.image_height is not None or self.image_width is not None or self.video_seconds is not None


class Envelope(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A record's members, or those of a line of batch inference (from `record_id` on)."""

    schema_type: str | None = None
    schema_version: str | None = None
    timestamp: str | None = None
    account_id: str | None = None
    identity: Identity | None = None
    region: str | None = None
    request_id: str | None = None
    operation: str | None = None
    model_id: str | None = None
    input: Input | None = None
    output: Output | None = None
    inference_region: str | None = None
    error_code: str | None = None
    status: str | None = None
    request_metadata: dict[str, str] | None = None
    performance_config: Performance | None = None
    record_id: str | None = None
    model_input: Any = None
    model_output: Any = None
    error: Any = None

    @property
    def is_invocation(self) -> bool:
        """True for a record of the invocation log, by its type or, where a copy lost that, by what only it has."""
        if self.schema_type == "ModelInvocationLog":
            return True
        if self.schema_type is not None or self.model_id is None:
            return False
        has_side = self.input is not None or self.output is not None
        return has_side or (self.operation is not None and self.request_id is not None)

    @property
    def is_batch_line(self) -> bool:
        """True for `{"recordId","modelInput","modelOutput"|"error"}`."""
        return self.record_id is not None and self.model_input is not None


class OddEnvelope(Envelope):
    """An envelope with members that are unknown or of an unexpected type: `odd` has them, by the pointer above them."""

    odd: dict[str, dict[str, Any]] = {}
