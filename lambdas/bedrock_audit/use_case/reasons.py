"""Puts into sentences what kept a call from being permitted; quotes names of resources, never the caller's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bedrock_audit.record import InvocationRecord
from bedrock_audit.use_case.callers import PROFILE_KIND, Facet, caller
from bedrock_audit.use_case.standing import Footing, Standing
from bedrock_audit.use_case.terms import UseCase

LONGEST_NAME = 120
MOST_NAMES = 3


def standing_sentence(use_case: UseCase, standing: Standing) -> str:
    """Why a use case that fits does not permit."""
    return f"{use_case.id}: {', and '.join(standing.faults)}."


def misfit_sentence(
    use_case: UseCase, misfits: Sequence[Facet], record: InvocationRecord, *, domain: str, standing: Standing
) -> str:
    """Why a use case does not fit, and what else is the matter with it."""
    unmet = [_SENTENCES[facet](use_case, record, domain) for facet in misfits]
    faults = () if standing.footing is Footing.IN_FORCE else standing.faults
    return f"{use_case.id}: {', and '.join((*unmet, *faults))}."


def _principal(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    found = caller(record.principal.arn).name
    wanted = [caller(pattern).name for pattern in use_case.who.principals]
    if found in wanted:
        return "that caller is named in another account"
    return f"the caller is {_name(found) or 'unknown'}, it names {_names(wanted)}"


def _account(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    return f"the account is {_name(record.account) or 'unknown'}, it names {_names(use_case.who.accounts)}"


def _profile(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    wanted = _names(use_case.who.inference_profiles)
    if record.model.kind != PROFILE_KIND:
        return f"the call used no application inference profile, it names {wanted}"
    return f"the call used another application inference profile than {wanted}"


def _metadata(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    pairs = use_case.who.metadata.items() - record.request_metadata.items()
    return f"requestMetadata does not say {_names(sorted(f'{key}={value}' for key, value in pairs))}"


def _domain(use_case: UseCase, _record: InvocationRecord, domain: str) -> str:
    return f"it covers {_names(use_case.domains)}, not {domain}"


def _model(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    return f"model {_name(record.model.base or record.model.id)} is not covered, only {_names(use_case.models)}"


def _region(use_case: UseCase, record: InvocationRecord, _domain: str) -> str:
    ran = f", run in {_name(record.inference_region)}," if record.inference_region not in ("", record.region) else ""
    return f"Region {_name(record.region)}{ran} is not covered, only {_names(use_case.regions)}"


def _names(names: Sequence[str]) -> str:
    shown = [_name(name) for name in names[:MOST_NAMES]]
    more = len(names) - len(shown)
    return " or ".join(shown) + (f" or {more} more" if more else "")


def _name(name: str) -> str:
    """The name, harmless in a line of text: a model id of a refused call can be anything."""
    clean = "".join(char if char.isprintable() else "?" for char in name)
    return clean if len(clean) <= LONGEST_NAME else f"{clean[:LONGEST_NAME]}…"


_SENTENCES: dict[Facet, Callable[[UseCase, InvocationRecord, str], str]] = {
    Facet.PRINCIPAL: _principal,
    Facet.ACCOUNT: _account,
    Facet.PROFILE: _profile,
    Facet.METADATA: _metadata,
    Facet.DOMAIN: _domain,
    Facet.MODEL: _model,
    Facet.REGION: _region,
}
