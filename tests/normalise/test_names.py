"""Who called which model: every form of the two ARNs."""

from __future__ import annotations

import pytest

from bedrock_audit.normalise.model_id import model
from bedrock_audit.normalise.principal import principal
from bedrock_audit.record import Model, Principal, PrincipalKind

AT = "arn:aws:bedrock:us-east-1:123456789012"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"

MODELS = {
    HAIKU: (HAIKU, "foundation-model"),
    f"us.{HAIKU}": (HAIKU, "inference-profile"),
    f"us-gov.{HAIKU}": (HAIKU, "inference-profile"),
    f"global.{HAIKU}": (HAIKU, "inference-profile"),
    f"jp.{HAIKU}": (HAIKU, "inference-profile"),
    "ai21.jamba-1-5-mini-v1:0": ("ai21.jamba-1-5-mini-v1:0", "foundation-model"),
    f"{AT}:inference-profile/eu.{HAIKU}": (HAIKU, "inference-profile"),
    f"arn:aws:bedrock:us-east-1::foundation-model/{HAIKU}": (HAIKU, "foundation-model"),
    f"arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{HAIKU}": (HAIKU, "foundation-model"),
    f"{AT}:application-inference-profile/ab12cd34ef56": ("", "application-inference-profile"),
    f"{AT}:provisioned-model/ab12cd34ef56": ("", "provisioned-model"),
    f"{AT}:custom-model/amazon.titan-text-lite-v1:0:4k/ab12cd34ef56": (
        "amazon.titan-text-lite-v1:0:4k",
        "custom-model",
    ),
    f"{AT}:custom-model-deployment/ab12cd34ef56": ("", "custom-model-deployment"),
    f"{AT}:imported-model/ab12cd34ef56": ("", "imported-model"),
    f"{AT}:prompt/AB12CD34EF:2": ("", "prompt"),
    f"{AT}:default-prompt-router/anthropic.claude:1": ("", "prompt-router"),
    f"{AT}:prompt-router/ab12cd34ef56": ("", "prompt-router"),
    "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-llama": ("", "sagemaker-endpoint"),
    "": ("", "foundation-model"),
}


@pytest.mark.parametrize(("named", "expected"), MODELS.items(), ids=MODELS)
def test_a_models_name_tells_what_it_can(named, expected):
    base, kind = expected

    assert model(named) == Model(named, base, kind)


CALLERS = {
    "arn:aws:sts::123456789012:assumed-role/helpdesk/worker-1": Principal(
        "arn:aws:iam::123456789012:role/helpdesk", PrincipalKind.ROLE, "worker-1"
    ),
    "arn:aws-cn:sts::123456789012:assumed-role/helpdesk/a/b@c": Principal(
        "arn:aws-cn:iam::123456789012:role/helpdesk", PrincipalKind.ROLE, "a/b@c"
    ),
    "arn:aws:iam::123456789012:role/path/helpdesk": Principal(
        "arn:aws:iam::123456789012:role/path/helpdesk", PrincipalKind.ROLE
    ),
    "arn:aws:iam::123456789012:user/jane": Principal("arn:aws:iam::123456789012:user/jane", PrincipalKind.USER),
    "arn:aws:iam::123456789012:root": Principal("arn:aws:iam::123456789012:root", PrincipalKind.ROOT),
    "arn:aws:sts::123456789012:federated-user/jane": Principal(
        "arn:aws:sts::123456789012:federated-user/jane", PrincipalKind.FEDERATED
    ),
    "bedrock.amazonaws.com": Principal("bedrock.amazonaws.com", PrincipalKind.SERVICE),
    "arn:aws:sts::xxxx": Principal("arn:aws:sts::xxxx", PrincipalKind.UNKNOWN),
    "": Principal("", PrincipalKind.UNKNOWN),
}


@pytest.mark.parametrize(("arn", "expected"), CALLERS.items(), ids=CALLERS)
def test_a_caller_is_a_role_or_user_and_the_session_is_their_own_word(arn, expected):
    assert principal(arn) == expected
