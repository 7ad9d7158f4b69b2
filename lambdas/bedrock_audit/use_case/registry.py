"""Judges a consequential call by the use cases in force: permitted by which one, or refused with what kept it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from bedrock_audit.finding import Attribution, Verdict
from bedrock_audit.record import InvocationRecord, Value
from bedrock_audit.use_case.callers import WHO, Facet, fits, misfits
from bedrock_audit.use_case.reasons import misfit_sentence, standing_sentence
from bedrock_audit.use_case.safeguards import MissingSafeguard, missing_safeguards
from bedrock_audit.use_case.scope import is_more_specific, most_specific
from bedrock_audit.use_case.standing import Footing, Standing, standing
from bedrock_audit.use_case.terms import UseCase

NEAR_MISSES = 3
"""How many use cases a refusal explains at most."""


class Refusal(StrEnum):
    """Why a use is not permitted."""

    UNDECLARED = "undeclared"
    OUTSIDE = "outside"
    UNAPPROVED = "unapproved"
    LAPSED = "lapsed"
    UNSAFEGUARDED = "unsafeguarded"

    @property
    def verdict(self) -> Verdict:
        """The verdict that a finding about such a use carries."""
        special = {Refusal.LAPSED: Verdict.LAPSED_APPROVAL, Refusal.UNSAFEGUARDED: Verdict.SAFEGUARD_MISSING}
        return special.get(self, Verdict.UNAPPROVED_USE)


class Permitted(Value, frozen=True):
    """The use case that allows the call, and whether more than the caller's word says that it is meant."""

    use_case: UseCase
    attribution: Attribution


class Refused(Value, frozen=True):
    """Nothing allows the call.

    `use_case` is the one that comes nearest, None if none comes near; `reasons` are sentences for people. `missing`
    is filled for UNSAFEGUARDED only, with a reason for each.
    """

    refusal: Refusal
    use_case: UseCase | None
    reasons: tuple[str, ...]
    missing: tuple[MissingSafeguard, ...] = ()
    attribution: Attribution = Attribution.VERIFIED

    @property
    def verdict(self) -> Verdict:
        """What the refusal amounts to."""
        return self.refusal.verdict


Permission = Permitted | Refused


class _Candidate(Value, frozen=True):
    use_case: UseCase
    misfits: tuple[Facet, ...]
    standing: Standing

    @property
    def is_named(self) -> bool:
        return not WHO & set(self.misfits)


class Registry(Value, frozen=True):
    """The use cases, as one value that `decide` asks about each consequential match."""

    use_cases: tuple[UseCase, ...] = ()

    @property
    def revision(self) -> int:
        """Rises with every version that is added: two registries of one store are the same if theirs is."""
        return sum(use_case.version for use_case in self.use_cases)

    def judge(self, record: InvocationRecord, domain: str, *, at: datetime) -> Permission:
        """Whether the call may serve the domain at that time: the most specific use case in force says."""
        claims = [use_case for use_case in self.use_cases if fits(use_case, record, domain=domain)]
        fitting = [_Candidate(use_case, (), standing(use_case, at=at)) for use_case in claims]
        winner = _in_force(fitting)
        if winner:
            return _safeguarded(winner, record)
        return _off_footing(fitting) if fitting else _not_meant(self.use_cases, record, domain=domain, at=at)

    def get(self, use_case_id: str) -> UseCase | None:
        """The use case of that id."""
        return next((one for one in self.use_cases if one.id == use_case_id), None)


def _in_force(fitting: Sequence[_Candidate]) -> UseCase | None:
    """The most specific one in force, unless a more specific one was suspended: that stop was meant for this call."""
    valid = [one.use_case for one in fitting if one.standing.footing is Footing.IN_FORCE]
    if not valid:
        return None
    winner = most_specific(valid)
    stopped = (one.use_case for one in fitting if one.standing.footing is Footing.SUSPENDED)
    return None if any(is_more_specific(one, winner) for one in stopped) else winner


def _safeguarded(use_case: UseCase, record: InvocationRecord) -> Permission:
    missing = missing_safeguards(use_case, record)
    if not missing:
        return Permitted(use_case, use_case.who.attribution)
    reasons = tuple(f"{use_case.id}: {one.sentence}." for one in missing)
    return Refused(Refusal.UNSAFEGUARDED, use_case, reasons, missing, use_case.who.attribution)


def _off_footing(fitting: Sequence[_Candidate]) -> Refused:
    """All that was missing is a valid approval; a draft comes last, for it says nothing about being allowed."""
    not_in_force = [one for one in fitting if one.standing.footing is not Footing.IN_FORCE]
    begun = [one for one in not_in_force if one.standing.footing is not Footing.DRAFT] or not_in_force
    nearest = most_specific([one.use_case for one in begun])
    ordered = sorted(not_in_force, key=lambda one: (one.use_case is not nearest, one not in begun, one.use_case.id))
    lapsed = ordered[0].standing.footing is Footing.LAPSED
    return Refused(
        Refusal.LAPSED if lapsed else Refusal.UNAPPROVED,
        nearest,
        tuple(standing_sentence(one.use_case, one.standing) for one in ordered[:NEAR_MISSES]),
        attribution=nearest.who.attribution,
    )


def _not_meant(use_cases: Sequence[UseCase], record: InvocationRecord, *, domain: str, at: datetime) -> Refused:
    candidates = [
        _Candidate(use_case, misfits(use_case, record, domain=domain), standing(use_case, at=at))
        for use_case in use_cases
    ]
    named = [one for one in candidates if one.is_named]
    if named:
        return _stepped_outside(named, record, domain=domain)
    return _undeclared(candidates, record, domain=domain)


def _stepped_outside(named: Sequence[_Candidate], record: InvocationRecord, *, domain: str) -> Refused:
    ordered = sorted(named, key=_distance)
    reasons = tuple(_told(ordered[:NEAR_MISSES], record, domain=domain))
    nearest = ordered[0].use_case
    return Refused(Refusal.OUTSIDE, nearest, reasons, attribution=nearest.who.attribution)


def _undeclared(candidates: Sequence[_Candidate], record: InvocationRecord, *, domain: str) -> Refused:
    near = sorted((one for one in candidates if Facet.DOMAIN not in one.misfits), key=_distance)
    reasons = tuple(_told(near[:NEAR_MISSES], record, domain=domain))
    return Refused(
        Refusal.UNDECLARED, near[0].use_case if near else None, reasons or (f"No use case covers {domain}.",)
    )


def _told(candidates: Sequence[_Candidate], record: InvocationRecord, *, domain: str) -> Iterator[str]:
    for one in candidates:
        yield misfit_sentence(one.use_case, one.misfits, record, domain=domain, standing=one.standing)


def _distance(one: _Candidate) -> tuple[bool, int, bool, str]:
    """Nearer with the domain, with fewer conditions unmet, in force; by id at last, so that it never wavers."""
    is_in_force = one.standing.footing is Footing.IN_FORCE
    return (Facet.DOMAIN in one.misfits, len(one.misfits), not is_in_force, one.use_case.id)
