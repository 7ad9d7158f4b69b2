"""What is remembered, and for how long."""

from __future__ import annotations

from bedrock_audit.detect.memory import Memory


def a_memory(budget):
    memory = Memory(budget=budget, size=len)
    for word in ("aa", "bb"):
        memory.keep(word, word.upper())
    return memory


def test_what_is_kept_is_known():
    assert a_memory(10).get("aa") == "AA"
    assert a_memory(10).get("cc") is None


def test_what_nobody_asked_for_while_as_much_came_is_forgotten():
    memory = a_memory(8)
    for number in range(10, 16):
        memory.get("aa")
        memory.keep(f"{number}", "new")

    assert (memory.get("aa"), memory.get("bb")) == ("AA", None)
    assert memory.weight <= 8


def test_what_came_last_is_known():
    memory = a_memory(8)
    for number in range(10, 100):
        memory.keep(f"{number}", "new")
        assert memory.get(f"{number}") == "new"
        assert memory.weight <= 8


def test_what_is_too_large_is_told_but_not_kept():
    memory = a_memory(8)

    assert memory.keep("large", "LARGE") == "LARGE"
    assert memory.get("large") is None
    assert memory.get("aa") == "AA"


def test_keeping_twice_weighs_once():
    memory = a_memory(10)

    memory.keep("aa", "AA")

    assert memory.weight == 4
