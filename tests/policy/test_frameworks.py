"""Mappings name places that are there, and people read what those are called."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.clause import Mappings
from bedrock_audit.policy.frameworks import frameworks, mapped
from tests.policy.written import HEAD, a_policy, seeing

MAPPABLE = {field.encode_name for field in msgspec.structs.fields(Mappings)} - {"other"}


def written_with(mappings):
    return a_policy(seeing("red fox"), head=f"{HEAD}mappings: {mappings}\n")


def test_every_framework_a_clause_can_name_is_known():
    assert set(frameworks()) == MAPPABLE


@pytest.mark.parametrize(
    ("framework", "place", "title"),
    [
        pytest.param("iso-42001", "A.9.4", "Intended use of the AI system", id="listed"),
        pytest.param("eu-ai-act", "Art. 15(5)", "Accuracy, robustness and cybersecurity", id="part of a listed one"),
        pytest.param("eu-ai-act", "Art. 14(4)(d)", "Human oversight", id="part of a part"),
        pytest.param("eu-ai-act", "Annex III, 3", "Education and vocational training", id="one with listed parts"),
        pytest.param("eu-ai-act", "Art. 5(1)(z)", None, id="not among the listed parts"),
        pytest.param("eu-ai-act", "Annex III, 3(e)", None, id="a point too many"),
        pytest.param("iso-42001", "A.9.5", None, id="a control too many"),
        pytest.param("nist-ai-rmf", "MEASURE 2.14", None, id="a subcategory too many"),
        pytest.param("owasp-llm", "LLM01", None, id="without its edition"),
        pytest.param("colorado-sb-26-189", "6-1-1701(6)(h)", None, id="a domain of the law before"),
    ],
)
def test_a_place_has_a_title_if_it_is_there(framework, place, title):
    assert frameworks()[framework].title(place) == title


def test_a_place_that_is_not_there_is_refused_with_its_line():
    with pytest.raises(ConfigurationError) as refused:
        written_with('{iso-42001: ["A.9.4", "A.9.44"]}')

    assert "fox.yaml:5: mappings.iso-42001[1]: 'A.9.44' is no place of iso-42001 known here" in str(refused.value)
    assert "did you mean A.9.4?" in str(refused.value)


def test_a_framework_that_is_not_known_is_refused():
    with pytest.raises(ConfigurationError, match=r"fox\.yaml:5: mappings\.eu-ai-akt: there is no such key"):
        written_with('{eu-ai-akt: ["Art. 5"]}')


def test_own_clauses_may_name_any_other_framework():
    (clause,) = written_with('{owasp-llm: ["LLM01:2025"], other: {Our handbook: ["4.2 Foxes"]}}').clauses

    told = [(one.framework, one.places) for one in mapped(clause.mappings)]

    assert told == [
        ("OWASP Top 10 for LLM applications", ("LLM01:2025 Prompt Injection",)),
        ("Our handbook", ("4.2 Foxes",)),
    ]


def test_our_clauses_name_no_framework_that_is_not_known():
    assert [clause.id for clause in load_policy().clauses if clause.mappings.other] == []


def test_the_law_before_and_the_law_after_speak_of_the_same_decisions():
    told = [clause.mappings for clause in load_policy().clauses]

    assert [bool(one.colorado_sb_24_205) for one in told] == [bool(one.colorado_sb_26_189) for one in told]
