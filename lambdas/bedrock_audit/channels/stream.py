"""Writes alerts and digests to a text stream, as the e-mails they would be."""

from __future__ import annotations

from typing import TextIO

from bedrock_audit.alerts import digest as digests
from bedrock_audit.alerts import email
from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest


class StreamChannel:
    """A channel on an open text stream: standard error, a file."""

    name = "stream"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def page(self, alert: Alert, /) -> None:
        """One alert, subject first."""
        self._write(f"Subject: {email.subject(alert)}\n\n{email.body(alert)}")

    def tell(self, digest: Digest, /) -> None:
        """One digest, its title as subject."""
        self._write(f"Subject: {email.plain_subject(digest.title)}\n\n{digests.text(digest)}")

    def _write(self, message: str) -> None:
        self._stream.write(message + "\n")
        self._stream.flush()
