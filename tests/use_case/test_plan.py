"""The plan of an apply: what it would do, said before it is done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.use_case import Registry, UseCaseStatus, Who
from bedrock_audit.use_case.changes import Signature, suspended
from bedrock_audit.use_case.files import read
from bedrock_audit.use_case.plan import Action, plan
from tests.builders import NOON, a_use_case

APPROVAL = "    approver: board@example.com\n    approved_at: 2026-03-01\n"
TESTING = "    testing: {reference: TEST-3, date: 2026-02-14}\n"
COMPLETE = Path(__file__).with_name("complete.yaml").read_text(encoding="utf-8")
SIGNED = Signature(by="ann", at=NOON, reason="merge 12")


@pytest.fixture
def declared(tmp_path):
    def written(text=COMPLETE):
        (tmp_path / "cases.yaml").write_text(text, encoding="utf-8")
        return read(tmp_path, today=NOON.date())

    return written


def planned(declared, *stored, prune=False):
    return plan(declared, Registry(use_cases=stored), signed=SIGNED, prune=prune)


def after(steps):
    return tuple(step.use_case for step in steps)


def test_what_is_new_is_added(declared):
    (step,) = planned(declared())

    assert (step.action, step.use_case.id, step.use_case.version, step.note) == (Action.ADD, "loan-desk", 1, "")


def test_applying_twice_keeps_everything(declared):
    once = planned(declared())

    assert [step.action for step in planned(declared(), *after(once))] == [Action.KEEP]


def test_a_change_names_its_keys(declared):
    stored = after(planned(declared()))

    (step,) = planned(declared(COMPLETE.replace("eu-*", "eu-west-1")), *stored)

    assert (step.action, step.keys, step.use_case.version) == (Action.CHANGE, ("regions",), 2)


@pytest.mark.parametrize(("prune", "actions"), [(False, [Action.ADD]), (True, [Action.SUSPEND, Action.ADD])], ids=str)
def test_what_is_not_in_the_files_is_suspended_only_when_asked_for(declared, prune, actions):
    other = a_use_case("aaa")

    steps = planned(declared(), other, prune=prune)

    assert [step.action for step in steps] == actions


def test_what_is_suspended_is_not_pruned_again(declared):
    stopped = a_use_case("aaa", status=UseCaseStatus.SUSPENDED)

    assert [step.use_case.id for step in planned(declared(), stopped, prune=True)] == ["loan-desk"]


def test_a_collision_with_what_is_registered_is_refused_with_the_line(declared):
    text = COMPLETE.replace("      inference_profiles: [a1b2c3]\n      metadata: {app: memo}\n", "")
    rival = a_use_case("rival", who=Who(principals=("role/credit-memo",), accounts=("012345678901",)),
                       models=("anthropic.claude-*",), regions=("eu-*",))  # fmt: skip

    with pytest.raises(ConfigurationError, match=r"cases\.yaml:7: who: .* rival, which is registered"):
        planned(declared(text), rival)

    assert [step.action for step in planned(declared(text), rival, prune=True)] == [Action.ADD, Action.SUSPEND]


@pytest.mark.parametrize(
    ("section", "note"),
    [
        pytest.param(TESTING, "permits nothing: it has no testing", id="incomplete"),
        pytest.param(APPROVAL, "until it is approved", id="draft"),
    ],
)
def test_what_will_permit_nothing_is_noted(declared, section, note):
    (step,) = planned(declared(COMPLETE.replace(section, "")))

    assert note in step.note


def test_an_approval_that_is_over_already_is_noted(declared):
    (step,) = planned(declared(COMPLETE.replace("expires_at: 2027-02-28", "expires_at: 2026-11-20")))

    assert step.note == "permits nothing: its approval expired on 2026-11-20, 3 days before today"


def test_a_withdrawn_approval_is_noted(declared):
    stored = after(planned(declared()))
    draft = COMPLETE.replace(APPROVAL, "")

    (step,) = planned(declared(draft.replace("eu-*", "us-*")), *stored)

    assert "approval is withdrawn" in step.note
    assert step.use_case.status is UseCaseStatus.DRAFT


def test_a_suspension_that_goes_on_is_noted(declared):
    (stored,) = after(planned(declared()))

    stopped = suspended(stored, Signature(by="ann", at=NOON - timedelta(days=1), reason="x"))

    (step,) = planned(declared(), stopped)

    assert step.action is Action.KEEP
    assert "stays suspended since 2026-11-22" in step.note
