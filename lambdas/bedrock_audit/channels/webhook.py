"""Posts alerts and digests to a webhook: Slack, Microsoft Teams, or plain JSON for anything else."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec
import urllib3

from bedrock_audit.alerts import machine, slack, teams
from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.errors import BedrockAuditError, ConfigurationError
from bedrock_audit.record import Value

Json = dict[str, Any]

TRIES = 3
LONGEST_WAIT_S = 30
"""Whoever asks for more patience is asked again later by the queue, not by a waiting function."""


class Form(Value, frozen=True):
    """How one kind of webhook wants its messages."""

    name: str
    alert: Callable[[Alert], Json]
    digest: Callable[[Digest], Json]


SLACK = Form(name="slack", alert=slack.alert_message, digest=slack.digest_message)
TEAMS = Form(name="teams", alert=teams.alert_message, digest=teams.digest_message)
PLAIN = Form(name="webhook", alert=machine.alert_message, digest=machine.digest_message)


class WebhookRefusedError(BedrockAuditError):
    """The webhook did not take the message, even after the retries; the address is not shown, it is a secret."""


def form_for(url: str) -> Form:
    """The form a webhook's host asks for; `#slack`, `#teams` or `#webhook` at the end of the address says another.

    A relay before Slack or Teams has a host of its own; what follows `#` is never sent.
    """
    parts = urlsplit(url)
    said = next((form for form in (SLACK, TEAMS, PLAIN) if form.name == parts.fragment), None)
    host = parts.hostname or ""
    if said or host.endswith((".slack.com", ".slack-gov.com")):
        return said or SLACK
    return TEAMS if host.endswith((".webhook.office.com", ".logic.azure.com", ".powerplatform.com")) else PLAIN


class WebhookChannel:
    """A channel on a webhook. Retries 429 and 5xx, waiting as long as `Retry-After` asks, within bounds.

    `source` says where the address comes from, for the error if it is none.
    """

    def __init__(self, url: str, *, form: Form | None = None, source: str = "webhook", tries: int = TRIES) -> None:
        _check(url, source=source)
        self._url = url
        self._form = form or form_for(url)
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=10), retries=_Patience(total=tries))

    @property
    def name(self) -> str:
        """`slack`, `teams` or `webhook`."""
        return self._form.name

    def page(self, alert: Alert, /) -> None:
        """Post one alert."""
        self._post(self._form.alert(alert))

    def tell(self, digest: Digest, /) -> None:
        """Post one digest."""
        self._post(self._form.digest(digest))

    @property
    def _described(self) -> str:
        return "the webhook" if self._form is PLAIN else f"the {self.name} webhook"

    def _post(self, message: Json) -> None:
        try:
            answer = self._pool.request(
                "POST", self._url, body=msgspec.json.encode(message), headers={"Content-Type": "application/json"}
            )
        except urllib3.exceptions.HTTPError as error:
            reason = type(getattr(error, "reason", None) or error).__name__
            raise WebhookRefusedError(f"{self._described} cannot be reached: {reason}") from None
        if answer.status >= 300:
            raise WebhookRefusedError(f"{self._described} answered {answer.status}")


def _check(url: str, *, source: str) -> None:
    """An address is a password: it must not travel in the clear, except to this very machine."""
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in {"https", "http"} or not host:
        raise ConfigurationError("is no http(s) address", source=source)
    if scheme == "http" and not _is_here(host):
        raise ConfigurationError("is not encrypted; use https", source=source)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Patience(urllib3.Retry):
    """urllib3's own retries, with a bound on how long a `Retry-After` may make us wait."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "status_forcelist": (429, 500, 502, 503, 504),
            "allowed_methods": {"POST"},
            "backoff_factor": 0.5,
            "backoff_max": LONGEST_WAIT_S,
            "respect_retry_after_header": True,
            "raise_on_status": False,
            "redirect": 0,
        }
        super().__init__(**{**usual, **options})

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, LONGEST_WAIT_S)
