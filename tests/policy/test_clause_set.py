"""Our clauses as data: complete, consistent, and right about every one of their cases."""

from __future__ import annotations

import re

import msgspec
import pytest

from bedrock_audit.detect.checking import checked
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.clause import Kind
from bedrock_audit.policy.compiled import Extent
from bedrock_audit.policy.loader import own_folder, read_with_cases
from bedrock_audit.policy.pattern import tried
from bedrock_audit.use_case import Domain

PROHIBITIONS = {
    "disinformation",
    "privacy-violation",
    "likeness-without-consent",
    "minor-harm",
    "harassment-or-harm",
    "safety-circumvention",
    "autonomous-weapon",
}
DOMAINS = {f"consequential-decision.{domain}" for domain in Domain}
LEAST_CASES = 25

POLICY = load_policy()
READ = {read.id: read for read in read_with_cases()}
JUDGING = sorted(PROHIBITIONS | DOMAINS)


def test_every_prohibition_and_every_domain_has_its_clause():
    assert set(JUDGING) <= set(POLICY.by_id)
    assert {clause.clause for clause in POLICY.clauses} >= PROHIBITIONS | {"consequential-decision"}


@pytest.mark.parametrize("name", JUDGING)
def test_a_clause_is_shown_by_enough_cases_of_both_kinds(name):
    cases = READ[name].file.cases

    assert len(cases.must_match) >= LEAST_CASES
    assert len(cases.must_not_match) >= LEAST_CASES


@pytest.mark.parametrize("name", JUDGING)
def test_no_case_is_given_twice(name):
    cases = READ[name].file.cases
    bare = [msgspec.structs.replace(case, why="") for case in (*cases.must_match, *cases.must_not_match)]

    assert len(bare) == len(set(bare))


def test_the_file_of_a_domain_is_named_after_it():
    for clause in POLICY.clauses:
        assert clause.id == (f"{clause.clause}.{clause.domain}" if clause.domain else clause.clause)


def test_prohibitions_are_told_from_requirements():
    kinds = {clause.id: clause.kind for clause in POLICY.clauses}

    assert {name for name, kind in kinds.items() if kind is Kind.PROHIBITION} == PROHIBITIONS


def test_nothing_is_ever_kept_of_a_text_about_the_harm_of_minors():
    assert [clause.id for clause in POLICY.clauses if not clause.keeps_text] == ["minor-harm"]


def test_every_case_comes_out_as_it_should():
    wrong = [f"{report.clause}:{one.line} {one.trouble}" for report in checked(None) for one in report.wrong]

    assert wrong == []


def test_every_regular_expression_can_be_used():
    patterns = [pattern for signal in POLICY.signals.values() for pattern in signal.patterns if not pattern.phrase]

    assert len([tried(pattern) for pattern in patterns]) == len(patterns)


def test_no_excuse_reaches_over_a_whole_long_text_from_afar():
    """A word anywhere in a document that excuses everything in it would be a hole."""
    wide = [
        (rule.id, excuse.context)
        for clause in POLICY.clauses
        for rule in clause.rules
        for excuse in rule.excuses
        if excuse.reach.extent is Extent.WITHIN and excuse.reach.words > 100
    ]

    assert wide == []


def test_our_texts_name_the_policy_and_do_not_quote_it():
    for clause in POLICY.clauses:
        assert clause.sentence.endswith(".")
        assert not re.search(r'["“]', clause.sentence)


def test_the_folder_holds_nothing_else():
    assert {path.suffix for path in (own_folder() / "clauses").iterdir()} == {".yaml"}
