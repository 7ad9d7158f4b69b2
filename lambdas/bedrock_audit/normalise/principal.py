"""Turns a caller's ARN into who that is: role or user for sure, session in the caller's own word."""

from __future__ import annotations

import re
from functools import lru_cache

from bedrock_audit.record import Principal, PrincipalKind

_ARN = re.compile(
    r"arn:(?P<partition>[\w-]+):(?:iam|sts):[\w-]*:(?P<account>[^:]*):(?P<resource>.+)", re.DOTALL
).fullmatch
_SERVICE = re.compile(r"[\w.-]+\.amazonaws\.com(?:\.cn)?").fullmatch
_KINDS = {
    "role": PrincipalKind.ROLE,
    "user": PrincipalKind.USER,
    "root": PrincipalKind.ROOT,
    "federated-user": PrincipalKind.FEDERATED,
}


@lru_cache(maxsize=4096)
def principal(arn: str) -> Principal:
    """Who called.

    An assumed role becomes the role's own ARN, so that every session of it is one principal; the path of the role is
    not in the log and stays out. What is no ARN is kept as it is.
    """
    match = _ARN(arn)
    if match is None:
        return Principal(arn, PrincipalKind.SERVICE if _SERVICE(arn) else PrincipalKind.UNKNOWN)
    kind, _, name = match["resource"].partition("/")
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        return Principal(f"arn:{match['partition']}:iam::{match['account']}:role/{role}", PrincipalKind.ROLE, session)
    return Principal(arn, _KINDS.get(kind, PrincipalKind.UNKNOWN))
