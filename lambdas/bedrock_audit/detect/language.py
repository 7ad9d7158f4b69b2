"""Says in which language a text is written, of those that clauses cover; by its script, else by its commonest words."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files

from bedrock_audit.policy.clause import Language
from bedrock_audit.policy.common_words import commonness
from bedrock_audit.policy.folding import folded

SAMPLE = 500
"""Characters that are looked at: the beginning tells, and long documents cost nothing."""

_SCRIPTS = {
    "kana": re.compile("[\u3040-\u30ff]"),
    "han": re.compile("[\u3400-\u9fff]"),
    "arabic": re.compile("[\u0621-\u064a]"),
    "other": re.compile(
        "[\u0370-\u05ff\u0700-\u0fff\u1000-\u11ff\uac00-\ud7af\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06cc\u06d2]"
    ),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff5a]"),
}
_CHARACTERS_PER_SIGN = 3
"""A Chinese or Japanese sign says about as much as three letters."""

_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[ñ¿¡]|ción"), Language.ES),
    (re.compile(r"[ãõ]|ção|ções|\wç[ao]s?\b"), Language.PT),
    (re.compile("[ßäöü]"), Language.DE),
    (re.compile("[èêœûîç]"), Language.FR),
    (re.compile("[ạ-ỹăđơư]"), "vi"),
    (re.compile("[ąęłśźż]"), "pl"),
    (re.compile("[şğı]"), "tr"),
)
_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:ado|ada|iendo|ando|idad|aza|ante)\b"), Language.ES),
    (re.compile(r"(?:oes|ade|eira|eiro|eitar|ejam|lh[aeo]s?|nh[ao]s?)\b"), Language.PT),
    (re.compile(r"(?:eur|eux|aux|ette|ment|ouve|elle|eau|cision|ez)\b|\b[ldjcsnm]'"), Language.FR),
    (re.compile(r"(?:ung|lich|isch|keit|heit|tag|ieren)\b|sch|\bge\w+t\b"), Language.DE),
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ENGLISH_WORD = 0.34
"""What a common English word that is no stopword counts."""
_MARK = 1.5
_ENDING = 0.4
_LEAST_SHARE = 0.1
_GLANCE = 300
_SHORT = 4
_CLEAR_LEAD = 3
_RARE_ENOUGH = 0.05


def language_of(text: str) -> Language:
    """A language clauses cover, or UND: any other, too short to tell, or no language at all (code, numbers)."""
    sample = text[:SAMPLE]
    if _is_plainly_english(sample):
        return Language.EN
    if sample.isascii():
        return _latin(sample)
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    signs = (counts["kana"] + counts["han"]) * _CHARACTERS_PER_SIGN
    if signs > counts["latin"] and signs > counts["other"] + counts["arabic"]:
        return Language.JA if counts["kana"] * 10 >= counts["han"] else Language.ZH
    if counts["other"] * 12 > counts["arabic"] + counts["latin"]:
        return Language.UND
    if counts["arabic"] > counts["latin"]:
        return Language.AR
    return _latin(sample)


def _is_plainly_english(sample: str) -> bool:
    """Enough distinct English stopwords among the first words; most texts need no closer look."""
    words = sample[:_GLANCE].lower().split()
    return len(_english().intersection(words)) >= max(3, len(words) // 9)


def _latin(sample: str) -> Language:
    words = _WORD.findall(folded(sample))
    scores: defaultdict[str, float] = defaultdict(float)
    for word in words:
        for language in _stopwords().get(word, ()):
            scores[language] += 1
    scores[Language.EN] += _ENGLISH_WORD * sum(
        commonness(word) > _RARE_ENOUGH for word in words if word not in _stopwords()
    )
    if _is_close(scores):
        for pattern, language in (*_MARKS, *_ENDINGS):
            scores[language] += (_MARK if (pattern, language) in _MARKS else _ENDING) * bool(
                pattern.search(sample.lower())
            )
    (best, score), *_ = _ranked(scores)
    least = 1.0 if len(words) > _SHORT else _ENGLISH_WORD
    if score < max(least, _LEAST_SHARE * len(words)) or best not in set(Language):
        return Language.UND
    return Language(best)


def _is_close(scores: dict[str, float]) -> bool:
    """Whether marks and endings must decide: no language is well ahead of the next."""
    first, second = [*_ranked(scores), ("", 0.0), ("", 0.0)][:2]
    return first[1] - second[1] < _CLEAR_LEAD


def _ranked(scores: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda item: -item[1])


@cache
def _stopwords() -> dict[str, tuple[str, ...]]:
    """The languages in which each word is one of the commonest; some of them only to tell them from ours."""
    table = files("bedrock_audit.policy").joinpath("lexicons", "stopwords.txt").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for language, *words in (line.split() for line in table.splitlines()):
        for word in words:
            found[word] = (*found.get(word, ()), language)
    return found


@cache
def _english() -> frozenset[str]:
    return frozenset(word for word, languages in _stopwords().items() if languages == (Language.EN,)) | {"the", "a"}
