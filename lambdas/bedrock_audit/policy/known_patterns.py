"""Keeps what was worked out about every pattern of a policy, so that a cold start need neither read nor work it out.

Made where a bundle is built or a checkout is set up (`preparing`); used only by the very policy it was made of, and
only as long as the code that worked it out is the same.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from bedrock_audit.policy.compiled import Policy, Seeing
from bedrock_audit.policy.needs import Need
from bedrock_audit.policy.pattern import PatternFacts
from bedrock_audit.record import Value

FILE = "known-patterns.msgpack"
"""Its name beside the clauses; it is no source and not in the repository."""


class KnownPatterns(Value, frozen=True):
    """`signals` has, for each pattern of each signal, the places of its needs in `needs`, and whether it is plain.

    `version` is that of the policy, `code` of what worked it out. Many patterns share a need: each is kept once.
    """

    version: str = ""
    code: str = ""
    needs: tuple[Need, ...] = ()
    signals: dict[str, tuple[tuple[tuple[int, ...], bool], ...]] = {}

    def of(self, key: str) -> tuple[PatternFacts, ...]:
        """The facts of the signal's patterns, in their order; empty if the signal is not known."""
        return tuple(
            PatternFacts(needs=tuple(self.needs[place] for place in places), is_plain=is_plain)
            for places, is_plain in self.signals.get(key, ())
        )


def known_patterns(policy: Policy) -> bytes:
    """What a file beside the clauses has to say for the policy to start quickly."""
    places: dict[Need, int] = {}
    signals = {key: _facts(signal, places) for key, signal in sorted(policy.signals.items())}
    known = KnownPatterns(version=policy.version, code=_code(), needs=tuple(places), signals=signals)
    return msgspec.msgpack.encode(known)


def read_known_patterns(folder: Path) -> KnownPatterns:
    """What the folder's file knows; nothing, if there is none or other code made it."""
    path = folder / FILE
    if not path.exists():
        return KnownPatterns()
    known = msgspec.msgpack.decode(path.read_bytes(), type=KnownPatterns)
    return known if known.code == _code() else KnownPatterns()


@cache
def _code() -> str:
    """Tells this code, and the word lists it knows English by, from any other."""
    here = Path(__file__).parent
    digest = blake2b(digest_size=8)
    for path in sorted([*here.glob("*.py"), *here.glob("lexicons/*.txt")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _facts(signal: Seeing, places: dict[Need, int]) -> tuple[tuple[tuple[int, ...], bool], ...]:
    return tuple(
        (tuple(places.setdefault(need, len(places)) for need in pattern.needs), pattern.is_plain)
        for pattern in signal.patterns
    )
