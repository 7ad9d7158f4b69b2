"""The webhook channel against a server that behaves like Slack on a bad day."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import urllib3

from bedrock_audit.alerts.alert import alert
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.channels.webhook import (
    LONGEST_WAIT_S,
    PLAIN,
    SLACK,
    TEAMS,
    TRIES,
    WebhookChannel,
    WebhookRefusedError,
    _Patience,
    form_for,
)
from bedrock_audit.errors import ConfigurationError
from tests.builders import a_finding


@contextmanager
def webhook(*answers):
    """A server that gives these (status, headers) in turn, the last one for ever; yields its address and the bodies."""
    bodies, queue = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers = queue.pop(0) if len(queue) > 1 else queue[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/services/secret", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_alert_arrives_once_when_the_server_is_well():
    with webhook((200, {})) as (url, bodies):
        WebhookChannel(url, form=SLACK).page(alert(a_finding()))

    assert len(bodies) == 1
    assert bodies[0]["blocks"][0]["type"] == "header"


def test_a_busy_server_is_given_the_time_it_asks_for():
    with webhook((429, {"Retry-After": "1"}), (200, {})) as (url, bodies):
        start = time.monotonic()
        WebhookChannel(url, form=SLACK).page(alert(a_finding()))
        waited = time.monotonic() - start

    assert len(bodies) == 2
    assert waited >= 1


def test_a_broken_server_is_tried_again():
    with webhook((503, {}), (200, {})) as (url, bodies):
        WebhookChannel(url, form=SLACK).tell(Digest(kind=Kind.DAILY, title="t", lines=("one",)))

    assert len(bodies) == 2


@pytest.mark.parametrize("answer", [(404, {}), (302, {"Location": "http://127.0.0.1:9/"})], ids=["gone", "redirect"])
def test_a_refusal_is_an_error_that_does_not_show_the_address(answer):
    with webhook(answer) as (url, bodies), pytest.raises(WebhookRefusedError) as refused:
        WebhookChannel(url, form=SLACK).page(alert(a_finding()))

    assert "secret" not in str(refused.value)
    assert len(bodies) == 1


def test_a_server_that_stays_busy_is_an_error():
    with webhook((429, {"Retry-After": "0"})) as (url, bodies), pytest.raises(WebhookRefusedError, match="429"):
        WebhookChannel(url, form=SLACK, tries=2).page(alert(a_finding()))

    assert len(bodies) == 3


def test_nobody_waits_longer_than_a_function_runs():
    patience = _Patience(total=TRIES)

    waited = patience.get_retry_after(urllib3.HTTPResponse(headers={"Retry-After": "86400"}))

    assert waited == LONGEST_WAIT_S
    assert TRIES * (LONGEST_WAIT_S + 15) + 15 < 180


def test_nobody_there_is_an_error_that_does_not_show_the_address():
    with pytest.raises(WebhookRefusedError, match="cannot be reached: NewConnectionError") as refused:
        WebhookChannel("http://127.0.0.1:9/services/secret", form=PLAIN, tries=0).page(alert(a_finding()))

    assert "secret" not in str(refused.value)


def test_a_program_behind_a_webhook_gets_the_published_messages():
    with webhook((200, {})) as (url, bodies):
        channel = WebhookChannel(url)
        channel.page(alert(a_finding()))
        channel.tell(Digest(kind=Kind.DAILY, title="t", lines=("one",)))

    assert [body["schema"] for body in bodies] == ["bedrock-audit/alert/1", "bedrock-audit/digest/1"]


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://hooks.slack.com/services/T/B/x", SLACK),
        ("https://prod-1.westeurope.logic.azure.com/workflows/x", TEAMS),
        ("https://contoso.webhook.office.com/x", TEAMS),
        ("https://alerts.example.org/in", PLAIN),
        ("https://hooks.slack-gov.com/services/T/B/x", SLACK),
        ("https://relay.example.org/hooks/x#slack", SLACK),
        ("https://alerts.example.org/in#teams", TEAMS),
        ("https://hooks.slack.com/services/T/B/x#webhook", PLAIN),
        ("https://alerts.example.org/in#top", PLAIN),
        ("https://hooks.slack.com.evil.example/x", PLAIN),
    ],
)
def test_the_form_follows_the_host(url, form):
    assert form_for(url) is form


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "slack", "http://[", "https://"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ConfigurationError, match="the secret: is no http"):
        WebhookChannel(url, source="the secret")


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://hooks.slack.com/services/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]:8080/x", True),
        ("http://localhost/x", True),
        ("http://hooks.slack.com/services/x", False),
        ("http://127.0.0.1.evil.example/x", False),
    ],
)
def test_an_address_travels_encrypted_or_not_at_all(url, is_fine):
    def made():
        return WebhookChannel(url)

    if is_fine:
        assert made()
    else:
        with pytest.raises(ConfigurationError, match="not encrypted"):
            made()
