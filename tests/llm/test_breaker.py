"""When a language model that failed is left alone, and when it is tried again."""

from __future__ import annotations

from qa.llm import Breaker
from qa.llm.breaker import FIRST_REST, LONGEST_REST, QUICK_FAILURES


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_failure_that_held_a_reader_up_is_enough() -> None:
    breaker = Breaker(Clock())
    breaker.failed(held_up=True)
    assert not breaker.allows()


def test_quick_failures_are_forgiven_a_few_times() -> None:
    breaker = Breaker(Clock())
    for _ in range(QUICK_FAILURES - 1):
        breaker.failed(held_up=False)
        assert breaker.allows()
    breaker.failed(held_up=False)
    assert not breaker.allows()


def test_an_answer_forgives_all() -> None:
    breaker = Breaker(Clock())
    for _ in range(5 * QUICK_FAILURES):
        breaker.failed(held_up=False)
        breaker.succeeded()
    assert breaker.allows()


def test_after_its_rest_one_question_tries_it_and_the_others_wait_for_the_outcome() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(held_up=True)
    clock.now += FIRST_REST
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.allows()


def test_it_rests_ever_longer_up_to_a_limit() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    rests: list[float] = []
    for _ in range(8):
        breaker.failed(held_up=False) if rests else breaker.failed(held_up=True)
        began = clock.now
        while not breaker.allows():
            clock.now += 1
        rests.append(clock.now - began)
    assert rests[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert rests[-1] == LONGEST_REST
