"""A policy that starts from what is known of its patterns is the same policy, and nothing old is believed."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.policy import load_policy
from bedrock_audit.policy.known_patterns import FILE, KnownPatterns, known_patterns, read_known_patterns
from tests.policy.written import a_folder, seeing

POLICY = load_policy(known=KnownPatterns())
KNOWN = msgspec.msgpack.decode(known_patterns(POLICY), type=KnownPatterns)


def patterns_of(policy):
    return [pattern for _, signal in sorted(policy.signals.items()) for pattern in signal.patterns]


def test_known_patterns_are_as_they_would_be_read():
    quick = load_policy(known=KNOWN)

    assert quick.version == POLICY.version
    assert all(pattern.known for pattern in patterns_of(quick))
    for known, read in zip(patterns_of(quick), patterns_of(POLICY), strict=True):
        assert (known.needs, known.is_plain, known.crosses) == (read.needs, read.is_plain, read.crosses), read.source
        assert known.source == read.source


def test_a_known_pattern_is_read_once_somebody_matches_it():
    quick = load_policy(known=KNOWN)

    pairs = list(zip(patterns_of(quick), patterns_of(POLICY), strict=True))[::20]
    assert [known.exact for known, _ in pairs] == [read.exact for _, read in pairs]
    assert quick.words() == POLICY.words()


def test_what_is_known_of_another_policy_is_not_believed(tmp_path):
    folder = a_folder(tmp_path, seeing("red fox"))

    policy = load_policy(folder, known=KNOWN)

    assert not any(pattern.known for pattern in patterns_of(policy))


def test_own_clauses_may_be_known_too(tmp_path):
    folder = a_folder(tmp_path, seeing("red fox"))
    known = msgspec.msgpack.decode(known_patterns(load_policy(folder)), type=KnownPatterns)

    assert all(pattern.known for pattern in patterns_of(load_policy(folder, known=known)))


def test_the_same_policy_gives_the_same_bytes():
    assert known_patterns(load_policy()) == known_patterns(POLICY)


def test_a_folder_without_the_file_knows_nothing(tmp_path):
    assert read_known_patterns(tmp_path) == KnownPatterns()


def test_what_other_code_worked_out_is_not_believed(tmp_path):
    (tmp_path / FILE).write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(KNOWN, code="older")))

    assert read_known_patterns(tmp_path) == KnownPatterns()


def test_what_this_code_worked_out_is_believed(tmp_path):
    (tmp_path / FILE).write_bytes(known_patterns(POLICY))

    assert read_known_patterns(tmp_path) == KNOWN


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"no message")

    with pytest.raises(msgspec.DecodeError):
        read_known_patterns(tmp_path)
