"""Own clauses beside ours: added, put in place of ours, switched off, refused with their line."""

from __future__ import annotations

import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.loader import own_folder
from tests.policy.written import HEAD, a_folder, a_policy, seeing

OURS = sorted(path.stem for path in (own_folder() / "clauses").glob("*.yaml"))


def test_an_own_clause_stands_beside_ours(tmp_path):
    policy = load_policy(a_folder(tmp_path, seeing("red fox")))

    assert sorted(policy.by_id) == sorted([*OURS, "fox"])


def test_an_own_clause_takes_the_place_of_ours(tmp_path):
    policy = load_policy(a_folder(tmp_path, seeing("red fox"), name="disinformation"))

    assert policy.by_id["disinformation"].title == "Speaks of a fox"
    assert sorted(policy.by_id) == OURS


def test_ours_can_be_switched_off(tmp_path):
    (tmp_path / "disinformation.yaml").write_text("enabled: false\n", encoding="utf-8")

    assert sorted(load_policy(tmp_path).by_id) == [name for name in OURS if name != "disinformation"]


def test_own_word_lists_are_shared_by_own_clauses(tmp_path):
    folder = a_folder(tmp_path, seeing("<reynard> here"), lexicon="words: {reynard: [fox, vixen]}")

    assert "fox" in load_policy(folder).by_id


def test_the_version_tells_sets_of_clauses_apart(tmp_path):
    ours = load_policy().version
    own = load_policy(a_folder(tmp_path, seeing("red fox"))).version
    changed = load_policy(a_folder(tmp_path, seeing("grey fox"))).version

    assert len({ours, own, changed}) == 3
    assert ours.startswith("2023-09-28+")


def test_cases_and_places_do_not_change_the_version(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    plain = load_policy(a_folder(tmp_path / "one", seeing("red fox")))
    with_cases = seeing("red fox") + "cases: {must-match: [{text: A red fox.}]}\n"

    assert load_policy(a_folder(tmp_path / "two", with_cases)).version == plain.version


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="is not a folder of clauses"):
        load_policy(tmp_path / "nowhere")


BODY = """\
signals:
  seen:
    phrases: [red fox]
rules:
  speaks:
    score: 0.8
    all: [seen]
"""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param("score: 0.8", "score: 8", "fox.yaml:10: rules.speaks.score: expected float <= 1.0", id="score"),
        pytest.param("all: [seen]", "all: [sean]", "fox.yaml:11: rules.speaks.all[0]: there is no signal", id="signal"),
        pytest.param("red fox", "red (fox", "fox.yaml:7: signals.seen.phrases[0]: phrase 'red (fox': ", id="phrase"),
        pytest.param("phrases", "frases", "fox.yaml:7: signals.seen.frases: there is no such key", id="key"),
        pytest.param("[seen]", "[seen]\n    none: [fiktion]", "fox.yaml:12: rules.speaks.none[0]: there", id="context"),
        pytest.param("[seen]", "[seen]\n    within: page", "fox.yaml:12: rules.speaks.within: ", id="window"),
        pytest.param("    all: [seen]\n", "", "fox.yaml:10: rules.speaks: has no all, any or when", id="empty rule"),
        pytest.param("phrases: [red fox]", "in: [user]", "fox.yaml:7: signals.seen: has neither", id="empty signal"),
        pytest.param("[seen]", "[{at-least: 3, of: [seen, seen]}]", "at-least 3 of 2 can never hold", id="never"),
        pytest.param("[seen]", "[{any: [seen], none: [seen]}]", "is one of all, any, none", id="two conditions"),
        pytest.param("[red fox]", "[red fox]\n    reach: near", "'near' is no reach", id="reach"),
        pytest.param("  seen:\n", "  negated:\n    phrases: [x y]\n  seen:\n", "is built in", id="built-in name"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["(a"]', "fox.yaml:8: signals.seen.regex[0]: ", id="regex"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["a*"]', "it would match everywhere", id="empty match"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["(?=a)b"]', "invalid perl operator", id="look-ahead"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["(a{9}){999}"]', "fox.yaml:8:", id="regex without end"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["{{nope}}x"]', "no word list <nope>", id="list in regex"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(before, after, message):
    assert before in BODY

    with pytest.raises(ConfigurationError) as refused:
        a_policy(BODY.replace(before, after, 1))

    assert message in str(refused.value)


@pytest.mark.parametrize("missing", ["title", "sentence", "policy", "severity"])
def test_a_clause_says_what_it_stands_for(missing):
    head = "".join(f"{line}\n" for line in HEAD.splitlines() if not line.startswith(missing))

    with pytest.raises(ConfigurationError, match="lacks one of title, sentence, policy, severity"):
        a_policy(seeing("red fox"), head=head)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("[" * 100_000, id="nested without end"),
        pytest.param("a: &a [x, x]\nb: [*a, *a]\n", id="aliases"),
        pytest.param("title: !!python/object:os.system x\n", id="tags"),
        pytest.param("- a\n- b\n", id="no mapping"),
        pytest.param("\x00\x01", id="no text"),
        pytest.param("title: x\n---\ntitle: y\n", id="two documents"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_hostile_file_is_refused(tmp_path, hostile):
    (tmp_path / "fox.yaml").write_text(hostile, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"fox\.yaml"):
        load_policy(tmp_path)
