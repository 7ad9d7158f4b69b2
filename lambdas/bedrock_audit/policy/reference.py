"""Writes the clause reference: what each clause stands for, where other frameworks speak of it, what its cases are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bedrock_audit.policy.clause_file import Case
from bedrock_audit.policy.compiled import Clause, Policy
from bedrock_audit.policy.compiling import ReadClause
from bedrock_audit.policy.frameworks import frameworks, mapped
from bedrock_audit.policy.loader import load_policy, read_with_cases

_POLICY_PAGE = "https://aws.amazon.com/ai/responsible-ai/policy/"
_LONGEST_SAMPLE = 160


def reference(own: Path | None = None, *, samples: int) -> str:
    """The reference of the clauses in force, those of the folder `own` among them, in Markdown.

    With so many sample cases of each kind per clause.
    """
    policy = load_policy(own)
    cases = {read.id: read for folder in (None, *([own] if own else [])) for read in read_with_cases(folder)}
    lines = [
        "# The clauses",
        "",
        f"Policy version `{policy.version}`: the [AWS Responsible AI Policy]({_POLICY_PAGE})",
        "of 2023-09-28 in our own words, and a hash of the clauses. Written by `bedrock-audit policy docs`;",
        "how to write one of your own is in [clauses-howto.md](clauses-howto.md).",
        "",
        *_overview(policy, cases),
        "",
        "Each clause says where other frameworks speak of the same matter; where none does, it says nothing.",
        "The editions, which [a decision](decisions/0013-mappings-checked-against-the-text.md) tells more of:",
        "",
        *(f"- [{one.name}]({one.url}): {one.edition}" for one in frameworks().values()),
    ]
    for clause in policy.clauses:
        lines += ["", *_section(clause, cases[clause.id], samples=samples)]
    return "\n".join(lines) + "\n"


def _overview(policy: Policy, cases: dict[str, ReadClause]) -> Iterator[str]:
    yield "| clause | says | severity | languages | must match | must not |"
    yield "| --- | --- | --- | --- | ---: | ---: |"
    for clause in policy.clauses:
        given = cases[clause.id].file.cases
        yield (
            f"| [`{clause.id}`](#{clause.id.replace('.', '')}) | {_cell(clause.title)} | {clause.severity} "
            f"| {' '.join(clause.languages)} | {len(given.must_match)} | {len(given.must_not_match)} |"
        )


def _section(clause: Clause, read: ReadClause, *, samples: int) -> Iterator[str]:
    yield f"## {clause.id}"
    yield ""
    yield f"**{clause.title}.** {clause.sentence}"
    yield ""
    yield f"A {clause.kind}; severity {clause.severity}; stage {clause.stage}; evidence: {_evidence(clause)}."
    if spoken_of := list(mapped(clause.mappings)):
        yield ""
        yield from (f"- {one.framework}: {'; '.join(one.places)}" for one in spoken_of)
    yield ""
    yield "| rule | score | holds when |"
    yield "| --- | ---: | --- |"
    yield from (f"| `{rule.id}` | {rule.score:.2f} | {_cell(rule.says)} |" for rule in clause.rules)
    if clause.keeps_text:
        yield from _samples("Must match, for example:", read.file.cases.must_match, samples)
        yield from _samples("Must not match, for example:", read.file.cases.must_not_match, samples)


def _samples(title: str, cases: Sequence[Case], count: int) -> Iterator[str]:
    """Cases from all over the list, so that each kind of them has a chance."""
    chosen = cases[:: max(1, len(cases) // count)][:count] if count else ()
    if chosen:
        yield ""
        yield title
        yield ""
    for case in chosen:
        reason = f" ({case.why})" if case.why else ""
        yield f"- `{_code(case.shown())}`{reason}"


def _evidence(clause: Clause) -> str:
    return "a redacted excerpt" if clause.keeps_text else "never any text, only a hash and offsets"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    plain = " ".join(text.replace("`", "'").split())
    return plain if len(plain) <= _LONGEST_SAMPLE else plain[: _LONGEST_SAMPLE - 1] + "…"
