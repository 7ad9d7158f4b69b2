from __future__ import annotations

from budget import CAREFUL_SECONDS, Budget


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_budget_lets_pass_what_there_is_time_for():
    left = iter([True, True, False])
    budget = Budget(lambda: next(left), is_careful=False)

    assert [budget.is_spent() for _ in range(3)] == [False, False, True]
    assert budget.entries == 2


def test_a_careful_budget_ends_soon_after_the_first_entry():
    clock = Clock()
    budget = Budget(lambda: True, is_careful=True, clock=clock)

    said = []
    for seconds in (100.0, CAREFUL_SECONDS, 0.1):
        clock.now += seconds
        said.append(budget.is_spent())

    assert said == [False, False, True]


def test_a_careful_budget_always_lets_one_entry_pass():
    """Getting to where an object is to be continued may take longer than the care allows."""
    clock = Clock()
    budget = Budget(lambda: True, is_careful=True, clock=clock)
    clock.now = 10_000.0

    assert not budget.is_spent()
