"""The clock and its heap: order among equals, timers, SimPy beside them, halts, what is saved."""

from math import inf

import pytest
from simpy.core import EmptySchedule

from twin.kernel.environment import Environment


def test_events_of_one_instant_happen_in_the_order_in_which_they_were_set():
    env, seen = Environment(), []
    for name in "cab":
        env.timer(name, lambda name=name: seen.append((env.now, name))).arm(5)
    env.timer("early", lambda: seen.append((env.now, "early"))).arm(2)
    assert env.run_through(5)
    assert seen == [(2, "early"), (5, "c"), (5, "a"), (5, "b")]
    assert env.events == 4


def test_a_timer_that_is_set_anew_goes_off_once_at_its_new_time():
    env, seen = Environment(), []
    timer = env.timer("t", lambda: seen.append(env.now))
    timer.arm(3)
    timer.arm(7)
    assert timer.left_s == 7
    env.run_through(inf)
    assert seen == [7]
    assert not timer.pending
    assert env.events == 1


def test_a_cancelled_timer_is_silent_and_not_counted():
    env, seen = Environment(), []
    timer = env.timer("t", lambda: seen.append(env.now))
    timer.arm(3)
    timer.cancel()
    assert env.next_due_s() == inf
    env.run_through(10)
    timer.arm(1)
    env.run_through(20)
    assert seen == [1]
    assert env.events == 1


def test_a_time_in_the_past_means_now():
    env, seen = Environment(), []
    env.move_to(10)
    env.timer("t", lambda: seen.append(env.now)).arm_at(4)
    env.run_through(10)
    assert seen == [10]


def test_an_address_is_used_once():
    env = Environment()
    env.timer("a/b", list)
    with pytest.raises(ValueError, match="a/b"):
        env.timer("a/b", list)


def test_the_clock_stays_at_the_last_event_and_moves_forward_only():
    env = Environment()
    env.timer("t", list).arm(3)
    assert env.run_through(8)
    assert env.now == 3
    env.move_to(8)
    env.move_to(5)
    assert env.now == 8


def test_a_simpy_process_runs_beside_timers_in_one_order():
    env, seen = Environment(), []

    def person(env):
        for _ in range(3):
            yield env.timeout(2)
            seen.append((env.now, "person"))

    env.process(person(env))
    timer = env.timer("t", lambda: seen.append((env.now, "timer")))
    timer.arm(4)
    env.run_through(5)
    assert seen == [(2, "person"), (4, "timer"), (4, "person")]
    with pytest.raises(ValueError, match="cannot be saved"):
        env.pending()
    env.run(until=7)
    assert seen[-1] == (6, "person")


def test_a_halt_comes_before_what_else_is_due():
    env, seen = Environment(), []

    def first():
        seen.append("first")
        env.halt()

    env.timer("a", first).arm(1)
    env.timer("b", lambda: seen.append("second")).arm(1)
    assert not env.run_through(inf)
    assert seen == ["first"]
    assert env.run_through(inf)
    assert seen == ["first", "second"]
    assert env.events == 2


def test_an_end_is_for_good():
    env, seen = Environment(), []
    env.timer("a", lambda: env.end(RuntimeError("over"))).arm(1)
    env.timer("b", lambda: seen.append("b")).arm(1)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="over"):
            env.run_through(inf)
    assert seen == []
    assert env.now == 1
    assert env.run_through(0.5)


def test_at_most_so_many_events():
    env = Environment()
    timers = [env.timer(str(k), list) for k in range(5)]
    for timer in timers:
        timer.arm(1)
    assert not env.run_through(inf, most=3)
    assert env.events == 3
    assert env.run_through(inf, most=3)
    assert env.events == 5


def test_a_step_does_one_event_and_an_empty_heap_says_so():
    env, seen = Environment(), []
    for name in "ab":
        env.timer(name, lambda name=name: seen.append(name)).arm(1)
    env.step()
    assert seen == ["a"]
    assert env.peek() == 1
    env.step()
    with pytest.raises(EmptySchedule):
        env.step()


def test_what_is_saved_is_put_back_with_its_order_and_count():
    env, seen = Environment(), []
    timers = {name: env.timer(name, lambda name=name: seen.append(name)) for name in "abcd"}
    for name in "dbca":
        timers[name].arm(5)
    timers["c"].cancel()
    env.timer("gone", list).arm(1)
    env.run_through(2)
    saved = env.time_s, env.next_order(), env.pending(), env.events
    assert [entry[0] for entry in saved[2]] == ["d", "b", "a"]
    env.run_through(inf)
    assert seen == ["d", "b", "a"]
    assert env.events == 4
    seen.clear()
    env.restore(*saved)
    assert env.events == 1
    timers["c"].arm(4)  # set last, so it is the last of its instant
    env.run_through(inf)
    assert seen == ["d", "b", "a", "c"]
    assert env.events == 5


def test_asking_for_the_next_number_does_not_use_it_up():
    env = Environment()
    assert env.next_order() == env.next_order()
    env.timer("t", list).arm(1)
    assert env.pending()[0][2] == env.next_order() - 1
