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
        pytest.param(
            "[seen]", "[{at-least: 2, any: [seen, seen]}]", "at-least goes with of, not with any", id="at least any"
        ),
        pytest.param("[seen]", "[{any: [seen], times: 3}]", "times goes with signal, not with any", id="times of any"),
        pytest.param("[seen]", "[{any: [seen], words: 3}]", "words goes with near or then", id="words of any"),
        pytest.param("[seen]", "[{of: [seen, seen]}]", "of wants at-least beside it", id="of how many"),
        pytest.param("[seen]", "[{signal: seen, distinct: true}]", "distinct wants times", id="distinct what"),
        pytest.param("[seen]", "[{near: [seen]}]", "near names 1 of at least 2", id="near to nothing"),
        pytest.param("[seen]", "[{any: []}]", "any names 0 of at least 1", id="any of nothing"),
        pytest.param("[seen]", "[{none: [seen]}]", "it would hold for every other text", id="only absence"),
        pytest.param("[seen]", "[seen]\n    when: {}", "rules.speaks.when: asks for nothing", id="no fact"),
        pytest.param("[seen]", "[seen]\n    when: {answer: []}", "rules.speaks.when.answer: ", id="a fact of no value"),
        pytest.param("[seen]", "[seen]\n    when: {min-chars: 9, max-chars: 5}", "can never hold", id="no such length"),
        pytest.param(
            "[seen]", "[seen]\n    when: {media: [picture]}", "there are: audio, document, image, video", id="no medium"
        ),
        pytest.param("[seen]", "[seen]\n    within: pasage", "did you mean passage?", id="misspelt window"),
        pytest.param("[red fox]", "[do this: now]", "quote text that holds ': '", id="unquoted colon"),
        pytest.param("[red fox]", "[*berater]", "quote text that begins with & or *", id="unquoted star"),
        pytest.param(
            "[red fox]", "[red fox, ]\n    unless: [{context: fiction, reach: exchange}]", "under none", id="afar"
        ),
        pytest.param("[red fox]", '[red fox]\n    regex: ["\\\\bFox"]', "'F' is never seen", id="capital in regex"),
        pytest.param("[red fox]", '[red fox]\n    regex: ["zorr[oó]"]', "'ó' is never seen", id="accent in regex"),
        pytest.param("rules:\n  speaks:\n    score: 0.8\n    all: [seen]\n", "", "has no rules", id="no rules"),
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


@pytest.mark.parametrize(
    "regex",
    [
        r"\S+\s\Bfox",
        "(?i)FOX",
        r"fox\x{1F98A}?",
        r"\p{Greek}fox",
        "(?P<Name>fox)",
        "[[:alpha:]]fox",
        r"\Q?\Efox",
    ],
)
def test_signs_of_a_regular_expression_are_no_letters(regex):
    assert a_policy(BODY.replace("[red fox]", f"[red fox]\n    regex: ['{regex}']"))


def test_lists_within_lists_end(tmp_path):
    words = ", ".join(f"l{depth}: ['<l{depth + 1}>']" for depth in range(2_000))
    body = f"words: {{{words}, l2000: [fox]}}\n" + BODY.replace("red fox", "'<l0>'")

    with pytest.raises(ConfigurationError, match="word lists within word lists are read 10 deep"):
        a_policy(body)


def test_cases_may_stand_anywhere_in_an_own_clause(tmp_path):
    folder = a_folder(tmp_path, "cases: {must-match: [{text: A red fox.}]}\n" + BODY)

    assert load_policy(folder).by_id["fox"].rules


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({}, "holds no clause", id="nothing"),
        pytest.param({"fox.yml": HEAD + BODY}, r"fox\.yml: is not read", id="another ending"),
        pytest.param({"more/fox.yaml": HEAD + BODY}, "more: is not read", id="a folder within"),
        pytest.param({"My Fox.yaml": HEAD + BODY}, "is no name for a clause", id="a name with blanks"),
        pytest.param({"Disinformation.yaml": "enabled: false\n"}, "is no name for a clause", id="a capital"),
        pytest.param({"disinformaton.yaml": "enabled: false\n"}, "did you mean disinformation", id="none of ours"),
        pytest.param(
            {"fox.hen.yaml": HEAD + BODY}, "clause and domain must say so too", id="a domain in the name only"
        ),
        pytest.param(
            {"fox.yaml": "severity: low\n"}, "lacks title, sentence, policy; a file with", id="a part of a clause"
        ),
    ],
)
def test_a_folder_that_would_do_nothing_is_refused(tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=message):
        load_policy(tmp_path)


def test_an_own_clause_may_be_parked(tmp_path):
    folder = a_folder(tmp_path, "enabled: false\n" + BODY)

    assert sorted(load_policy(folder).by_id) == OURS


@pytest.mark.parametrize("missing", ["title", "sentence", "policy", "severity"])
def test_a_clause_says_what_it_stands_for(missing):
    head = "".join(f"{line}\n" for line in HEAD.splitlines() if not line.startswith(missing))

    with pytest.raises(ConfigurationError, match=f"lacks {missing}"):
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
