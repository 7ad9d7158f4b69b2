"""Turns the model a record names into what kind of name that is, and the foundation model where the name tells it."""

from __future__ import annotations

import re
from functools import lru_cache

from bedrock_audit.record import Model

FOUNDATION = "foundation-model"
PROFILE = "inference-profile"

_ARN = re.compile(r"arn:[\w-]+:(?P<service>bedrock|sagemaker):[^:]*:[^:]*:(?P<kind>[\w-]+)/(?P<name>.+)", re.DOTALL)
# `us.`, `eu.`, `apac.`, `us-gov.`, `global.` … before `provider.model`: a cross-Region inference profile.
_ELSEWHERE = re.compile(r"(?:us-gov|apac|global|[a-z]{2})\.(?=[a-z0-9-]+\.)")
_KINDS = {"default-prompt-router": "prompt-router", "endpoint": "sagemaker-endpoint"}
_NAMING = frozenset({FOUNDATION, PROFILE, "custom-model"})


@lru_cache(maxsize=4096)
def model(model_id: str) -> Model:
    """The model as named. `base` stays empty for what hides it: application profiles, provisioned throughput, prompts,
    routers, imported models, deployments and SageMaker endpoints."""
    arn = _ARN.fullmatch(model_id)
    if arn is None:
        elsewhere = _ELSEWHERE.match(model_id)
        return Model(model_id, _base(model_id), PROFILE if elsewhere else FOUNDATION)
    kind = _KINDS.get(arn["kind"], arn["kind"])
    return Model(model_id, _base(arn["name"]) if kind in _NAMING else "", kind)


def _base(name: str) -> str:
    """The id of the foundation model: without where it runs and, of a custom model, which job made it."""
    return _ELSEWHERE.sub("", name, count=1).partition("/")[0]
