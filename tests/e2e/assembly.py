"""Synthesises the stack with an engine that runs on this machine, and deploys it to the emulator."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from tests.e2e.emulator import ACCOUNT, BARE, REGION, Emulator
from tests.infra.reading import path_of
from tests.infra.synth import ROOT, an_app, stack

UNKNOWN_TYPES = ("AWS::CloudWatch::CompositeAlarm", "AWS::Chatbot::SlackChannelConfiguration")
"""What the emulator cannot make; nothing else is left out of the template."""
PLAIN_METRIC = {"Namespace": "StandsFor", "MetricName": "MetricMath", "Statistic": "Sum", "Period": 60}
"""What alarms on metric math watch in the emulator, which has none."""
ENDS_WITHIN = 300.0


class DeploymentError(Exception):
    """A stack did not get where it should; holds what CloudFormation said of each resource."""


class Deployed:
    """A stack in the emulator; `at` finds the physical id of a resource by its construct path."""

    def __init__(self, emulator: Emulator, name: str, template: dict[str, Any]) -> None:
        self.emulator = emulator
        self.name = name
        self._template = template

    def at(self, path: str) -> str:
        """The physical id of the resource of the construct at `path`, such as `Store/Findings`."""
        cloudformation = self.emulator.client("cloudformation")
        found = cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        ids = {path_of(self._template, one["LogicalResourceId"]): one["PhysicalResourceId"] for one in found}
        return str(ids[path])

    def destroyed(self) -> list[dict[str, Any]]:
        """Delete the stack; the events of its deletion."""
        cloudformation = self.emulator.client("cloudformation")
        stack_id = cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]["StackId"]
        cloudformation.update_termination_protection(StackName=self.name, EnableTerminationProtection=False)
        cloudformation.delete_stack(StackName=self.name)
        _settle(cloudformation, stack_id, wanted="DELETE_COMPLETE")
        return list(cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"])


def runnable_engine() -> Path:
    """The engine from the same lock, with wheels for this machine and the interpreter that runs functions here."""
    from infra.engine_bundle import engine_bundle, of_this_machine

    return engine_bundle(ROOT, target=of_this_machine((BARE / "python-version").read_text().strip()))


def deploy(emulator: Emulator, folder: Path, **settings: Any) -> Deployed:
    """Create or update the stack with these settings; raises DeploymentError if that fails."""
    app = an_app(str(folder))
    made = stack(app, engine=runnable_engine(), **settings)
    assembly = app.synth()
    template = _impatient(_known(assembly.get_stack_by_name(made.stack_name).template))
    url = _upload(emulator, folder, made.stack_name, template)
    cloudformation = emulator.client("cloudformation")
    asked = {"StackName": made.stack_name, "TemplateURL": url, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    if _exists(cloudformation, made.stack_name):
        cloudformation.update_stack(**asked)
        _settle(cloudformation, made.stack_name, wanted="UPDATE_COMPLETE")
    else:
        cloudformation.create_stack(**asked)
        _settle(cloudformation, made.stack_name, wanted="CREATE_COMPLETE")
    return Deployed(emulator, made.stack_name, template)


def _known(template: dict[str, Any]) -> dict[str, Any]:
    known = {name: one for name, one in template["Resources"].items() if one["Type"] not in UNKNOWN_TYPES}
    for resource in known.values():
        if resource["Type"] == "AWS::CloudWatch::Alarm" and resource["Properties"].pop("Metrics", None):
            resource["Properties"].update(PLAIN_METRIC)
    return {**template, "Resources": known}


def _impatient(template: dict[str, Any]) -> dict[str, Any]:
    """What failed comes again after a second instead of a minute; a permission that is missing is told at once."""
    for resource in template["Resources"].values():
        variables = resource["Properties"].get("Environment", {}).get("Variables", {})
        if "BEDROCK_AUDIT_QUEUE" in variables:
            variables["BEDROCK_AUDIT_RETRY_SECONDS"] = "1"
        if "BEDROCK_AUDIT_MEMORY_PATH" in variables:
            variables["BEDROCK_AUDIT_SPREAD_SECONDS"] = "0"
    return template


def _upload(emulator: Emulator, folder: Path, name: str, template: dict[str, Any]) -> str:
    s3, bucket = emulator.client("s3"), f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    s3.create_bucket(Bucket=bucket)
    emulator.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String", Overwrite=True
    )
    for asset in json.loads((folder / f"{name}.assets.json").read_text())["files"].values():
        (destination,) = asset["destinations"].values()
        source = folder / asset["source"]["path"]
        if source.is_dir():
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=_zipped(source))
    s3.put_object(Bucket=bucket, Key=f"{name}.json", Body=json.dumps(template))
    return f"{emulator.url}/{bucket}/{name}.json"


def _zipped(folder: Path) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return data.getvalue()


def _exists(cloudformation: Any, name: str) -> bool:
    stacks = cloudformation.list_stacks()["StackSummaries"]
    return any(one["StackName"] == name and one["StackStatus"] != "DELETE_COMPLETE" for one in stacks)


def _settle(cloudformation: Any, stack: str, *, wanted: str) -> None:
    for _ in range(int(ENDS_WITHIN / 0.2)):
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        if status == wanted:
            return
        if not status.endswith("_IN_PROGRESS"):
            events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
            told = [
                f"{one['LogicalResourceId']} {one['ResourceStatus']}: {one.get('ResourceStatusReason')}"
                for one in events
                if "FAILED" in one["ResourceStatus"]
            ]
            raise DeploymentError(f"{status}\n" + "\n".join(told))
        time.sleep(0.2)
    raise DeploymentError(f"still {status}")
