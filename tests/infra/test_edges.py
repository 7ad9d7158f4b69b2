from __future__ import annotations

import copy

import pytest

from tests.infra.edges import edges, holes
from tests.infra.reading import path_of
from tests.infra.synth import FROM_LOG_GROUP, VARIANTS, template


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_every_service_may_do_what_the_stack_has_it_do(variant):
    assert holes(template(**variant)) == []


def test_the_edges_are_those_of_the_diagram():
    services = {(edge.service, edge.target) for edge in edges(template())}

    assert services >= {
        ("bedrock.amazonaws.com", "Logs/Bucket"),
        ("events.amazonaws.com", "Intake/Queue"),
        ("events.amazonaws.com", "Intake/Failed"),
        ("cloudwatch.amazonaws.com", "Alerting/Alerts"),
        ("logging.s3.amazonaws.com", "Logs/AccessLogs"),
    }


def without(made, place, service):
    """The template without what one resource's policy allows one service."""
    mutilated = copy.deepcopy(made)
    for name, resource in mutilated["Resources"].items():
        properties = resource.get("Properties", {})
        for field in ("PolicyDocument", "KeyPolicy"):
            if path_of(mutilated, name) == place and field in properties:
                kept = [one for one in properties[field]["Statement"] if service not in str(one["Principal"])]
                assert len(kept) < len(properties[field]["Statement"])
                properties[field]["Statement"] = kept
    return mutilated


@pytest.mark.parametrize(
    ("place", "service", "told"),
    [
        ("Intake/Queue/Policy", "events.amazonaws.com", "Intake/Queue does not let events"),
        ("Intake/Failed/Policy", "events.amazonaws.com", "Intake/Failed does not let events"),
        ("Alerting/Alerts/Policy", "cloudwatch.amazonaws.com", "Alerting/Alerts does not let cloudwatch"),
        ("Logs/Bucket/Policy", "bedrock.amazonaws.com", "Logs/Bucket does not let bedrock"),
        ("Logs/AccessLogs/Policy", "logging.s3.amazonaws.com", "Logs/AccessLogs does not let logging"),
        ("Key", "events.amazonaws.com", "{Key} of Intake/Queue does not let events"),
        ("Key", "cloudwatch.amazonaws.com", "{Key} of Alerting/Alerts does not let cloudwatch"),
        ("Key", "bedrock.amazonaws.com", "{Key} of Logs/Bucket does not let bedrock"),
        ("Key", "'logs.", "may not use {Key}"),
    ],
)
def test_each_permission_of_a_service_is_missed_when_it_is_gone(place, service, told):
    found = holes(without(template(), place, service))

    assert any(told in hole for hole in found), found


def test_a_function_that_a_service_may_not_invoke_is_missed():
    made = copy.deepcopy(template(**FROM_LOG_GROUP))
    made["Resources"] = {
        name: resource
        for name, resource in made["Resources"].items()
        if path_of(made, name) != "LogGroup/LandLogEvents/Function/LogGroup"
    }

    assert holes(made) == ["LogGroup/Subscription: logs.amazonaws.com may not invoke LogGroup/LandLogEvents/Function"]
