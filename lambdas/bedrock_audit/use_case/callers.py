"""Who a use case is for: principal and profile patterns in one form, and the conditions a call does not meet."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from bedrock_audit.record import InvocationRecord, Value
from bedrock_audit.use_case.patterns import WILD, matches, matches_any, meet
from bedrock_audit.use_case.terms import UseCase, Who

PROFILE_KIND = "application-inference-profile"


class Facet(StrEnum):
    """A condition of a use case; the first four say whose call it is."""

    PRINCIPAL = "principal"
    ACCOUNT = "account"
    PROFILE = "inference profile"
    METADATA = "metadata"
    DOMAIN = "domain"
    MODEL = "model"
    REGION = "Region"


WHO = frozenset({Facet.PRINCIPAL, Facet.ACCOUNT, Facet.PROFILE, Facet.METADATA})


class Caller(Value, frozen=True):
    """Patterns over an account and a name in it such as `role/loan-desk` or `user/ann`."""

    account: str
    name: str

    @property
    def is_broad(self) -> bool:
        """Whether it names nobody: nothing but wildcards is left of the name, or of its part after `role/`."""
        return not self.name.rpartition("/")[2].strip("*?")


@lru_cache(maxsize=4096)
def caller(principal: str) -> Caller:
    """A principal or a pattern over principals, as account and name.

    A role is known by its name alone: the `assumed-role` ARN that is logged leaves out the role's path. The partition
    (`aws`, `aws-us-gov`) is not compared. What is no ARN is a name in any account.
    """
    pieces = principal.split(":", 5)
    if len(pieces) < 6:
        return Caller(account=WILD, name=principal)
    kind, _, rest = pieces[5].partition("/")
    if kind == "role":
        return Caller(account=pieces[4], name=f"role/{rest.rpartition('/')[2]}")
    if kind == "assumed-role":
        return Caller(account=pieces[4], name=f"role/{rest.partition('/')[0]}")
    return Caller(account=pieces[4], name=pieces[5])


def fits(use_case: UseCase, record: InvocationRecord, *, domain: str) -> bool:
    """Whether the call belongs to the use case, found out as cheaply as possible."""
    return domain in use_case.domains and all(holds(use_case, record, domain) for holds in _CONDITIONS.values())


def misfits(use_case: UseCase, record: InvocationRecord, *, domain: str) -> tuple[Facet, ...]:
    """The conditions that keep the call from belonging to the use case; none when it does belong."""
    return tuple(facet for facet, holds in _CONDITIONS.items() if not holds(use_case, record, domain))


def callers(who: Who) -> list[Caller]:
    """Every pair of a principal pattern and an account in which it counts; the broadest one if neither is given."""
    named = [caller(pattern) for pattern in who.principals] or [Caller(account=WILD, name=WILD)]
    return [
        Caller(account=_narrower(one.account, account), name=one.name)
        for one in named
        for account in who.accounts or (WILD,)
        if meet(one.account, account)
    ]


def profile(pattern: str) -> str:
    """A pattern over the ARNs of application inference profiles, also from one over their ids."""
    return pattern if pattern.startswith("arn:") else f"*:{PROFILE_KIND}/{pattern}"


def _narrower(one: str, other: str) -> str:
    return other if matches(one, other) else one


def _is_principal(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    who = use_case.who
    if not who.principals:
        return who.any or bool(who.accounts or who.inference_profiles or who.metadata)
    found = caller(record.principal.arn)
    wanted = (caller(pattern) for pattern in who.principals)
    return any(matches(one.account, found.account) and matches(one.name, found.name) for one in wanted)


def _is_account(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    return matches_any(use_case.who.accounts, record.account)


def _is_profile(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    wanted = use_case.who.inference_profiles
    if not wanted:
        return True
    return record.model.kind == PROFILE_KIND and any(matches(profile(one), record.model.id) for one in wanted)


def _is_metadata(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    return use_case.who.metadata.items() <= record.request_metadata.items()


def _is_domain(use_case: UseCase, _record: InvocationRecord, domain: str) -> bool:
    return domain in use_case.domains


def _is_model(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    names = {record.model.id, record.model.base, record.model.id.rpartition("/")[2]} - {""}
    return not use_case.models or any(matches_any(use_case.models, name) for name in names)


def _is_region(use_case: UseCase, record: InvocationRecord, _domain: str) -> bool:
    """Both where the call was made and, under cross-Region inference, where the model ran."""
    places = {record.region, record.inference_region or record.region}
    return all(matches_any(use_case.regions, place) for place in places)


_CONDITIONS: dict[Facet, Callable[[UseCase, InvocationRecord, str], bool]] = {
    Facet.PRINCIPAL: _is_principal,
    Facet.ACCOUNT: _is_account,
    Facet.PROFILE: _is_profile,
    Facet.METADATA: _is_metadata,
    Facet.DOMAIN: _is_domain,
    Facet.MODEL: _is_model,
    Facet.REGION: _is_region,
}
