"""How the scopes of two use cases lie to each other: which is more specific, and whether they collide."""

from __future__ import annotations

from collections.abc import Sequence

from bedrock_audit.use_case.callers import callers, profile
from bedrock_audit.use_case.patterns import all_within, any_meet, is_within, meet
from bedrock_audit.use_case.terms import UseCase, UseCaseStatus, Who


def most_specific(use_cases: Sequence[UseCase]) -> UseCase:
    """The one whose scope is narrowest; by id where they cannot be told apart, which loading refuses."""
    ranked = sorted(use_cases, key=lambda one: one.id)
    return next((one for one in ranked if not any(is_more_specific(other, one) for other in ranked)), ranked[0])


def is_more_specific(one: UseCase, other: UseCase) -> bool:
    """Whether `one` is meant where both apply: it names the caller more exactly, or its scope lies within the other's.

    Naming an inference profile is more exact than naming a principal, then metadata, accounts, models, Regions.
    """
    if _exactness(one) != _exactness(other):
        return _exactness(one) > _exactness(other)
    return _lies_within(one, other) and not _lies_within(other, one)


def collide(one: UseCase, other: UseCase) -> bool:
    """Whether a call could belong to both with neither of them more specific."""
    return (
        bool(set(one.domains) & set(other.domains))
        and _are_in_force_together(one, other)
        and _meet(one, other)
        and not is_more_specific(one, other)
        and not is_more_specific(other, one)
    )


def _exactness(use_case: UseCase) -> tuple[int, ...]:
    who = use_case.who
    named = callers(who)
    return (
        bool(who.inference_profiles),
        not any(one.is_broad for one in named),
        len(who.metadata),
        all(one.account.isdigit() for one in named),
        bool(use_case.models),
        bool(use_case.regions),
    )


def _lies_within(one: UseCase, other: UseCase) -> bool:
    return (
        _callers_within(one.who, other.who)
        and all_within(_profiles(one), _profiles(other))
        and one.who.metadata.items() >= other.who.metadata.items()
        and all_within(one.models, other.models)
        and all_within(one.regions, other.regions)
    )


def _callers_within(one: Who, other: Who) -> bool:
    outer = callers(other)
    return all(
        any(is_within(caller.account, wide.account) and is_within(caller.name, wide.name) for wide in outer)
        for caller in callers(one)
    )


def _meet(one: UseCase, other: UseCase) -> bool:
    shared_keys = one.who.metadata.keys() & other.who.metadata.keys()
    return (
        any(
            meet(this.account, that.account) and meet(this.name, that.name)
            for this in callers(one.who)
            for that in callers(other.who)
        )
        and any_meet(_profiles(one), _profiles(other))
        and all(one.who.metadata[key] == other.who.metadata[key] for key in shared_keys)
        and any_meet(one.models, other.models)
        and any_meet(one.regions, other.regions)
    )


def _are_in_force_together(one: UseCase, other: UseCase) -> bool:
    """Neither suspended, and their approvals share a day; what has no dates yet may be approved for any."""
    if UseCaseStatus.SUSPENDED in (one.status, other.status):
        return False
    starts = [use_case.approved_at for use_case in (one, other) if use_case.approved_at]
    ends = [use_case.expires_at for use_case in (one, other) if use_case.expires_at]
    return not starts or not ends or max(starts) <= min(ends)


def _profiles(use_case: UseCase) -> list[str]:
    return [profile(pattern) for pattern in use_case.who.inference_profiles]
