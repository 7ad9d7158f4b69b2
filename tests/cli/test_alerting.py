"""`audit --alert`: the alerts of a deployment without AWS, and an audit whose result outlives a broken webhook."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.local import open_stores
from bedrock_audit.ports import FindingQuery
from tests.channels.test_webhook import webhook
from tests.test_pipeline import LOAN, a_line


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class Desk:
    def __init__(self, folder):
        self.folder = folder
        self.store = folder / "a.db"
        self.alerts = folder / "alerts.txt"

    def log(self, *roles):
        path = self.folder / "day.json"
        arns = [f"arn:aws:sts::123456789012:assumed-role/{role}/s" for role in roles]
        lines = [
            a_line(LOAN, "Decline.", requestId=f"r{number}", identity={"arn": arn}) for number, arn in enumerate(arns)
        ]
        path.write_text("\n".join(lines))
        return path

    def audit(self, *arguments):
        return CliRunner().invoke(main, ["audit", *map(str, arguments), "--store", str(self.store)])


def test_news_is_told_once_and_with_the_way_to_the_evidence(desk):
    log = desk.log("helpdesk")

    for _ in range(2):
        assert desk.audit(log, "--alert", desk.alerts).exit_code == 0

    told = desk.alerts.read_text()
    assert told.count("Subject: ") == 1
    assert "  bedrock-audit findings show u-" in told
    assert f"--store {desk.store}" in told
    assert "income 2,100" not in told


def test_what_is_too_much_is_summed_up_at_the_end(desk):
    routes = desk.folder / "routes.yaml"
    routes.write_text("cap-per-hour: 2\n")

    desk.audit(desk.log(*(f"role-{n:02}" for n in range(9))), "--alert", desk.alerts, "--routes", routes)

    subjects = [line for line in desk.alerts.read_text().splitlines() if line.startswith("Subject: ")]
    assert len(subjects) == 4
    assert subjects[2].startswith("Subject: Alert storm: more than 2 alerts")
    assert subjects[3].endswith("7 new, 0 again, worst medium")


def test_routes_of_a_deployment_work_with_its_channels_or_without(desk):
    routes = desk.folder / "routes.yaml"
    routes.write_text("rules:\n  - {severity: low, then: page, channels: [slack-oncall]}\n")

    desk.audit(desk.log("helpdesk"), "--alert", desk.alerts, "--routes", routes)

    assert desk.alerts.read_text().count("Subject: ") == 1


def test_a_webhook_gets_the_alert(desk):
    with webhook((200, {})) as (url, bodies):
        result = desk.audit(desk.log("helpdesk"), "--alert", url)

    assert result.exit_code == 0, result.output
    assert [body["schema"] for body in bodies] == ["bedrock-audit/alert/1"]


def test_a_webhook_that_refuses_loses_nothing_but_the_alert(desk):
    with webhook((404, {})) as (url, _bodies):
        result = desk.audit(desk.log("helpdesk"), "--alert", url, "-o", "json")

    assert result.exit_code == 2
    assert result.stderr.strip().splitlines() == [
        "Error: the webhook answered 404; the findings are stored, but not all alerts were delivered"
    ]
    assert len(json.loads(result.stdout)["findings"]) == 1
    with open_stores(desk.store) as stores:
        assert len(list(stores.findings.query(FindingQuery()))) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--alert", "https://"], "no http", id="no address"),
        pytest.param(["--alert", "http://hooks.slack.com/x"], "not encrypted", id="in the clear"),
        pytest.param(["--alert", "no/such/folder/alerts.txt"], "cannot be written", id="no folder"),
        pytest.param(["--alert", "-", "--routes", "no-routes.yaml"], "no-routes.yaml", id="no routes"),
        pytest.param(["--routes", "no-routes.yaml"], "--alert TARGET", id="routes to nowhere"),
    ],
)
def test_a_wrong_target_is_refused_before_anything_is_audited(desk, options, said):
    result = desk.audit(desk.log("helpdesk"), *options)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not desk.store.exists()
