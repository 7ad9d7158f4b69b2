"""Works out what applying use cases from files would change in a registry, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from bedrock_audit.record import Value
from bedrock_audit.use_case.changes import Signature, changed_keys, declared_anew, registered, suspended
from bedrock_audit.use_case.files import Declared, refuse_collisions
from bedrock_audit.use_case.registry import Registry
from bedrock_audit.use_case.standing import Footing, standing
from bedrock_audit.use_case.terms import UseCase, UseCaseStatus


class Action(StrEnum):
    """What would be done with a use case."""

    ADD = "add"
    CHANGE = "change"
    SUSPEND = "suspend"
    KEEP = "keep"


class Step(Value, frozen=True):
    """One use case as it would be saved; `keys` are those that change, `note` is what a person should not overlook."""

    action: Action
    use_case: UseCase
    keys: tuple[str, ...] = ()
    note: str = ""


def plan(declared: Sequence[Declared], registry: Registry, *, signed: Signature, prune: bool) -> tuple[Step, ...]:
    """A step per use case, by id; raises ConfigurationError if the registry would hold colliding use cases.

    With `prune`, use cases that are registered and not declared are suspended; else they are left alone.
    """
    steps = [_step(one.use_case, registry.get(one.use_case.id), signed=signed) for one in declared]
    pruned = list(_pruned(declared, registry, signed=signed)) if prune else []
    wanted = [msgspec.structs.replace(one, use_case=step.use_case) for one, step in zip(declared, steps, strict=True)]
    settled = {step.use_case.id for step in (*steps, *pruned)}
    refuse_collisions(wanted, [known for known in registry.use_cases if known.id not in settled])
    return tuple(sorted((*steps, *pruned), key=lambda step: step.use_case.id))


def _step(declared: UseCase, stored: UseCase | None, *, signed: Signature) -> Step:
    if stored is None:
        fresh = registered(declared, signed)
        return Step(Action.ADD, fresh, note=_note(fresh, declared, stored, signed=signed))
    wanted = declared_anew(stored, declared, signed)
    action = Action.KEEP if wanted == stored else Action.CHANGE
    return Step(action, wanted, changed_keys(stored, wanted), _note(wanted, declared, stored, signed=signed))


def _pruned(declared: Sequence[Declared], registry: Registry, *, signed: Signature) -> Iterator[Step]:
    kept = {one.use_case.id for one in declared}
    for stored in registry.use_cases:
        if stored.id not in kept and stored.status is not UseCaseStatus.SUSPENDED:
            yield Step(Action.SUSPEND, suspended(stored, signed), ("status",))


def _note(wanted: UseCase, declared: UseCase, stored: UseCase | None, *, signed: Signature) -> str:
    """Why the use case will not permit anything, or not what its file seems to say."""
    if wanted.status is UseCaseStatus.SUSPENDED and declared.status is not UseCaseStatus.SUSPENDED:
        since = f" since {wanted.suspended_at.date()}" if wanted.suspended_at else ""
        return f"stays suspended{since}; `use-case approve` ends that"
    if stored and stored.status is UseCaseStatus.APPROVED and wanted.status is UseCaseStatus.DRAFT:
        return "its approval is withdrawn, for it was given to something else; approve it anew"
    if wanted.status is UseCaseStatus.DRAFT and not wanted.missing:
        return "permits nothing until it is approved"
    stands = standing(wanted, at=signed.at, moment="today")
    return "" if stands.footing is Footing.IN_FORCE else f"permits nothing: {', '.join(stands.faults)}"
