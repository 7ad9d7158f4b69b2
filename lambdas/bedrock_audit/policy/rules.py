"""Compiles rules: the names in their conditions to signals' keys, their shorthands to terms."""

from __future__ import annotations

from collections.abc import Sequence

from bedrock_audit.located import Located, Path, nearest
from bedrock_audit.policy.clause import Condition, Place, Rule, When
from bedrock_audit.policy.compiled import Absent, Combined, CompiledRule, Holds, Leaf, Near, Term
from bedrock_audit.policy.signals import Scope, excusing

PASSAGE_WORDS = 80
USUAL_NEARNESS = 10

_BELONGING = ("all", "any", "none", "of", "signal", "near", "then", "when")
_COMPANIONS = {"at_least": ("of",), "times": ("signal",), "distinct": ("signal",), "words": ("near", "then")}
_LEAST = {"near": 2, "then": 2}

Terms = Sequence[str | Condition]


def compiled_rule(
    name: str, rule: Rule, *, located: Located, scope: Scope, places: tuple[Place, ...] | None
) -> CompiledRule:
    """The rule compiled; raises ConfigurationError with the line."""
    path: Path = ("rules", name)
    terms = _Terms(located, scope)
    parts: list[Term] = list(terms.each(rule.all, (*path, "all")))
    if rule.any:
        parts.append(Combined(terms=terms.each(rule.any, (*path, "any")), at_least=1))
    if not parts and rule.when is None:
        located.refuse("has no all, any or when, so it would always hold", *path)
    if rule.when is not None:
        _refuse_empty_facts(rule.when, located, (*path, "when"))
    window = "words" if isinstance(rule.within, int) or rule.within == "passage" else rule.within
    compiled = CompiledRule(
        id=name,
        score=rule.score,
        term=Combined(terms=tuple(parts), at_least=len(parts)),
        window=window,
        words=rule.within if isinstance(rule.within, int) else PASSAGE_WORDS,
        excuses=tuple(
            excusing(item, usually="part", located=located, path=(*path, "none", place), scope=scope)
            for place, item in enumerate(rule.none)
        ),
        when=rule.when,
        places=frozenset(rule.place or places or (Place.ANYWHERE,)),
        severity=rule.severity,
        says=rule.says or "",
    )
    if not compiled.signals and rule.when is None and not _asks_facts(parts):
        located.refuse("names only what must not be seen, so it would hold for every other text", *path)
    return compiled


def _asks_facts(terms: Sequence[Term]) -> bool:
    return any(isinstance(term, Holds) or (isinstance(term, Combined) and _asks_facts(term.terms)) for term in terms)


def _refuse_empty_facts(when: When, located: Located, path: Path) -> None:
    if when == When():
        located.refuse("asks for nothing, so it would always hold", *path)
    if when.min_chars is not None and when.max_chars is not None and when.min_chars > when.max_chars:
        located.refuse("min-chars above max-chars can never hold", *path)


class _Terms:
    def __init__(self, located: Located, scope: Scope) -> None:
        self.located = located
        self.scope = scope

    def each(self, given: Terms, path: Path) -> tuple[Term, ...]:
        return tuple(self.one(item, (*path, place)) for place, item in enumerate(given))

    def one(self, item: str | Condition, path: Path) -> Term:
        if isinstance(item, str):
            return Leaf(key=self.key(item, path))
        given = [name for name in _BELONGING if getattr(item, name) is not None]
        if len(given) != 1:
            self.located.refuse("is one of all, any, none, at-least/of, signal, near, then, when", *path)
        self.refuse_what_does_not_belong(given[0], item, path)
        return self.composed(given[0], item, path)

    def refuse_what_does_not_belong(self, form: str, item: Condition, path: Path) -> None:
        for other, forms in _COMPANIONS.items():
            if getattr(item, other) not in {None, False} and form not in forms:
                key = other.replace("_", "-")
                self.located.refuse(f"{key} goes with {' or '.join(forms)}, not with {form}", *path, key)
        if form == "of" and item.at_least is None:
            self.located.refuse("of wants at-least beside it: how many of them must hold", *path)
        if item.distinct and item.times is None:
            self.located.refuse("distinct wants times beside it: how many different ones", *path)
        named = getattr(item, form)
        if isinstance(named, tuple) and len(named) < _LEAST.get(form, 1):
            self.located.refuse(f"{form} names {len(named)} of at least {_LEAST.get(form, 1)}", *path, form)

    def composed(self, form: str, item: Condition, path: Path) -> Term:
        if form == "signal":
            return Leaf(key=self.key(item.signal or "", path), times=item.times or 1, distinct=item.distinct)
        if form in {"near", "then"}:
            keys = tuple(self.key(name, (*path, form, at)) for at, name in enumerate(item.near or item.then or ()))
            return Near(keys=keys, words=item.words or USUAL_NEARNESS, ordered=form == "then")
        if item.when is not None:
            _refuse_empty_facts(item.when, self.located, (*path, "when"))
            return Holds(when=item.when)
        terms = self.each(item.all or item.any or item.none or item.of or (), (*path, form))
        if form == "none":
            return Absent(terms=terms)
        if form == "of" and (item.at_least or 0) > len(terms):
            self.located.refuse(f"at-least {item.at_least} of {len(terms)} can never hold", *path)
        at_least = {"all": len(terms), "any": 1, "of": item.at_least or 1}[form]
        return Combined(terms=terms, at_least=at_least)

    def key(self, name: str, path: Path) -> str:
        if name not in self.scope.keys:
            self.located.refuse(f"there is no signal {name!r}{nearest(name, sorted(self.scope.keys))}", *path)
        return self.scope.keys[name]
