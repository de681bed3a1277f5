"""Long-run averages that need algebra only: quality, setups, interruptions, hours, energy."""

import math
from collections.abc import Mapping


def single_machine(process_s: float, operating: Mapping[float, float]) -> float:
    """Parts per second of a machine that never waits, with failures on its operating clock.

    In the long run each second of work costs downtime / uptime of every failure, whatever the laws
    (renewal reward): 1 / (T (1 + sum downtime / uptime)). Source: Buzacott (1967).

    Args:
        process_s: mean work.
        operating: mean uptime to mean downtime of each failure, s.
    """
    return 1 / (process_s * (1 + sum(down / up for up, down in operating.items())))


def calendar_machine(process_s: float, uptime_s: float, downtime_s: float) -> float:
    """Parts per second of a machine that never waits and fails by the calendar: A / T."""
    return uptime_s / (uptime_s + downtime_s) / process_s


def restarted(process_s: float, uptime_s: float, downtime_s: float) -> float:
    """Parts per second when a failure makes the fixed work begin again.

    The mean completion time is (uptime + downtime) (exp(T / uptime) - 1). Source: Gaver (1962),
    preemptive repeat.
    """
    return 1 / ((uptime_s + downtime_s) * (math.exp(process_s / uptime_s) - 1))


def scrapped(process_s: float, uptime_s: float, downtime_s: float) -> float:
    """Good parts per second when a failure scraps the part under fixed work.

    A trial is good with chance q = exp(-T / uptime), lasts uptime (1 - q) of work on average, and
    costs a downtime when it is not good. Renewal reward.
    """
    good = math.exp(-process_s / uptime_s)
    return good / (uptime_s * (1 - good) + (1 - good) * downtime_s)


def setups(
    shares: Mapping[str, float], work_s: Mapping[str, float], pairs: Mapping[tuple[str, str], float]
) -> float:
    """Parts per second of a machine with changeovers, fed with types drawn one by one.

    The last and the next type are independent: the mean changeover is sum p_a p_b s_ab.
    """
    work = sum(share * work_s[kind] for kind, share in shares.items())
    change = sum(shares[a] * shares[b] * pairs[a, b] for a in shares for b in shares if a != b)
    return 1 / (work + change)


def passed_share(defect: float, escape: float, false_reject: float) -> float:
    """Share of parts that an inspection passes: (1 - d)(1 - f) + d e, by total probability."""
    return (1 - defect) * (1 - false_reject) + defect * escape


def good_share(defect: float, escape: float, false_reject: float) -> float:
    """Share of passed parts that are good, by Bayes."""
    good = (1 - defect) * (1 - false_reject)
    return good / passed_share(defect, escape, false_reject)


def rework_per_s(
    interarrival_s: float, defect: float, escape: float, false_reject: float, cure: float
) -> float:
    """Reworks per second when every rejected part is reworked and inspected again.

    A part is good or bad at each inspection, rejected with chance f or 1 - e, and a rework makes a
    bad one good with chance c. With x, y the mean inspections passed through as good and as bad:
    x = (1 - d) + f x + (1 - e) c y and y = d + (1 - e)(1 - c) y.
    """
    as_bad = defect / (1 - (1 - escape) * (1 - cure))
    as_good = ((1 - defect) + (1 - escape) * cure * as_bad) / (1 - false_reject)
    return (false_reject * as_good + (1 - escape) * as_bad) / interarrival_s


def shift_share(hours_a_day: float, days_a_week: int) -> float:
    """Share of a week that shifts cover."""
    return hours_a_day * days_a_week / (24 * 7)


def joules_per_part(
    process_s: float, busy_w: float, down_w: float, uptime_s: float, downtime_s: float
) -> float:
    """Energy per part of a machine that never waits, with operating failures."""
    return process_s * (busy_w + down_w * downtime_s / uptime_s)


def round_trips(vehicles: int, load_s: float, drive_s: float, unload_s: float) -> float:
    """Parts per second of vehicles between places that never make them wait."""
    return vehicles / (load_s + drive_s + unload_s + drive_s)
