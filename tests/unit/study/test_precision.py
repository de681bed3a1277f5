import numpy as np

from twin.study.precision import Precision
from twin.study.statistics import student


def test_enough_is_the_first_count_that_holds():
    rng = np.random.default_rng(11)
    values = list(rng.normal(100, 5, size=200))
    precision = Precision(0.01)
    count = precision.enough(values)
    assert count is not None
    for earlier in range(count - 5, count + 1):
        assert student(values[:earlier]).relative_width <= 0.01
    assert student(values[: count - 6]).relative_width > 0.01


def test_more_values_do_not_change_the_answer():
    values = list(np.random.default_rng(1).normal(100, 5, size=400))
    precision = Precision(0.8, relative=False)
    count = precision.enough(values)
    assert precision.enough(values[:count]) == count
    assert precision.enough(values[: count - 1]) is None


def test_a_line_without_chance_needs_eight():
    assert Precision(0.01).enough([90.0] * 20) == 8
