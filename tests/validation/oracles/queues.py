"""Single queues in closed form. All times are means in seconds; results per second, too."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.optimize import brentq

from .moments import Moments


@dataclass(frozen=True)
class Queue:
    """A queue in the long run: parts out per second, parts in the system, and time there."""

    per_s: float
    wip: float

    @property
    def lead_time_s(self) -> float:
        """Time from arrival to departure, by Little's law."""
        return self.wip / self.per_s


def mm1(interarrival_s: float, service_s: float) -> Queue:
    """M/M/1: L = rho / (1 - rho). Source: Kleinrock, Queueing Systems I (1975), ch. 3."""
    load = service_s / interarrival_s
    return Queue(1 / interarrival_s, load / (1 - load))


def mm1_lead_quantile_s(interarrival_s: float, service_s: float, share: float) -> float:
    """M/M/1, first come first served: the time in the system is exponential.

    Source: Kleinrock (1975), ch. 5: P(T > t) = exp(-(mu - lambda) t).
    """
    return -math.log(1 - share) / (1 / service_s - 1 / interarrival_s)


def erlang_b(offered: float, servers: int) -> float:
    """Erlang's loss formula by its recursion, for `offered` erlang of load.

    Source: Erlang (1917); recursion B(c) = a B(c-1) / (c + a B(c-1)).
    """
    loss = 1.0
    for number in range(1, servers + 1):
        loss = offered * loss / (number + offered * loss)
    return loss


def mgcc(interarrival_s: float, service_s: float, servers: int) -> Queue:
    """M/G/c/c: Erlang's loss formula holds for every service law (Sevast'yanov 1957)."""
    offered = service_s / interarrival_s
    carried = offered * (1 - erlang_b(offered, servers))
    return Queue(carried / service_s, carried)


def mg_infinity(interarrival_s: float, service_s: float) -> Queue:
    """M/G/infinity: a Poisson number of parts, mean lambda E[S]."""
    return Queue(1 / interarrival_s, service_s / interarrival_s)


def mmc(interarrival_s: float, service_s: float, servers: int) -> Queue:
    """M/M/c: Erlang's delay formula. Source: Kleinrock (1975), ch. 3."""
    offered = service_s / interarrival_s
    loss = erlang_b(offered, servers)
    delayed = servers * loss / (servers - offered * (1 - loss))
    load = offered / servers
    return Queue(1 / interarrival_s, offered + delayed * load / (1 - load))


def mm1k(interarrival_s: float, service_s: float, places: int) -> Queue:
    """M/M/1/K with loss. Source: Kleinrock (1975), ch. 3.

    Args:
        interarrival_s: mean time between arrivals, lost ones among them.
        service_s: mean service time.
        places: K, waiting places and the server together.
    """
    load = service_s / interarrival_s
    weights = [load**n for n in range(places + 1)]
    shares = [w / sum(weights) for w in weights]
    return Queue((1 - shares[-1]) / interarrival_s, sum(n * p for n, p in enumerate(shares)))


def mg1(interarrival_s: float, service: Moments) -> Queue:
    """M/G/1: Pollaczek and Khinchine. Source: Kleinrock (1975), ch. 5."""
    rate = 1 / interarrival_s
    load = rate * service.mean
    return Queue(rate, load + rate**2 * service.square / (2 * (1 - load)))


def interrupted(work: Moments, uptime_s: float, down: Moments) -> Moments:
    """Moments of the completion time of work that failures interrupt and that then resumes.

    Failures come only during work, after exponential working times. Source: Gaver (1962),
    J. Royal Statistical Society B 24: C = S + sum of a Poisson(S / uptime) number of downtimes.
    """
    stretch = 1 + down.mean / uptime_s
    return Moments(
        work.mean * stretch, work.square * stretch**2 + work.mean * down.square / uptime_s
    )


def mm1_breakdowns(
    interarrival_s: float, service_s: float, uptime_s: float, downtime_s: float
) -> Queue:
    """M/M/1 whose server fails at any time, idle or not, and then resumes.

    Source: White and Christie (1958), Operations Research 6; Avi-Itzhak and Naor (1963),
    Operations Research 11: L = lambda ((f + r)^2 + mu f) / ((f + r) (mu r - lambda (f + r))).
    """
    rate, serve = 1 / interarrival_s, 1 / service_s
    fail, repair = 1 / uptime_s, 1 / downtime_s
    both = fail + repair
    return Queue(rate, rate * (both**2 + serve * fail) / (both * (serve * repair - rate * both)))


def gm1(interarrival_s: float, service_s: float, transform: Callable[[float], float]) -> Queue:
    """G/M/1: sigma = A*(mu (1 - sigma)), T = 1 / (mu (1 - sigma)). Source: Kleinrock (1975), ch. 6.

    Args:
        interarrival_s: mean time between arrivals.
        service_s: mean service time.
        transform: Laplace transform of the time between arrivals.
    """
    serve = 1 / service_s
    sigma = brentq(lambda s: transform(serve * (1 - s)) - s, 0.0, 1.0 - 1e-9)
    return Queue(1 / interarrival_s, 1 / (serve * (1 - sigma)) / interarrival_s)


def dm1(interarrival_s: float, service_s: float) -> Queue:
    """D/M/1: G/M/1 with constant times between arrivals."""
    return gm1(interarrival_s, service_s, lambda s: math.exp(-s * interarrival_s))


def ekm1(phases: int, interarrival_s: float, service_s: float) -> Queue:
    """E_k/M/1: G/M/1 with Erlang times between arrivals."""
    return gm1(interarrival_s, service_s, lambda s: (1 + s * interarrival_s / phases) ** -phases)


def batch_arrivals(interarrival_s: float, batch: int, service_s: float) -> Queue:
    """M^[b]/M/1: b parts at once. Source: Gross and Harris, Fundamentals of Queueing Theory.

    L = rho (1 + b) / (2 (1 - rho)) with rho = b E[S] / E[A].
    """
    load = batch * service_s / interarrival_s
    return Queue(batch / interarrival_s, load * (1 + batch) / (2 * (1 - load)))


def priorities(classes: Sequence[tuple[float, Moments]]) -> Queue:
    """M/G/1 with priorities that do not interrupt. Source: Cobham (1954), Operations Research 2.

    Args:
        classes: mean time between arrivals (s) and service of each class, first the most urgent.
    """
    rates = [1 / interarrival_s for interarrival_s, _ in classes]
    residual = sum(r * s.square / 2 for r, (_, s) in zip(rates, classes, strict=True))
    wip, before = 0.0, 0.0
    for rate, (_, service) in zip(rates, classes, strict=True):
        after = before + rate * service.mean
        wip += rate * (residual / ((1 - before) * (1 - after)) + service.mean)
        before = after
    return Queue(sum(rates), wip)


def bulk_service(interarrival_s: float, batch: int, service_s: float, *, fixed: bool) -> Queue:
    """M/D^b/1 or M/M^b/1: a machine that starts only when `batch` parts are there.

    Source: Bailey (1954), J. Royal Statistical Society B 16; Downton (1955), the same, 17. The
    queue left behind by a batch is a Markov chain; the mean number follows by renewal reward over
    the cycle between two batches: collect the missing parts, then serve.

    Args:
        interarrival_s: mean time between single arrivals (Poisson).
        batch: parts in a batch, never fewer.
        service_s: mean time of a batch.
        fixed: constant batch time if true, else exponential.
    """
    rate = 1 / interarrival_s
    offered = rate * service_s
    limit = 40 * batch + 400
    if fixed:
        arrivals = [
            math.exp(-offered + k * math.log(offered) - math.lgamma(k + 1)) for k in range(limit)
        ]
        square = service_s**2
    else:
        arrivals = [(offered / (1 + offered)) ** k / (1 + offered) for k in range(limit)]
        square = 2 * service_s**2
    left = _left_behind(arrivals, batch)
    time = area = 0.0
    for queue, share in enumerate(left):
        missing = max(batch - queue, 0)
        time += share * (missing / rate + service_s)
        area += share * (
            sum(range(queue, batch)) / rate + max(queue, batch) * service_s + rate * square / 2
        )
    return Queue(rate, float(area / time))


def _left_behind(arrivals: list[float], batch: int, rounds: int = 20_000) -> list[float]:
    """Stationary law of the queue left by a batch: next = max(queue - batch, 0) + arrivals."""
    import numpy as np

    limit = len(arrivals)
    law = np.zeros(limit)
    law[0] = 1.0
    come = np.array(arrivals)
    for _ in range(rounds):
        rest = np.concatenate(([law[: batch + 1].sum()], law[batch + 1 :]))
        new = np.convolve(rest, come)[:limit]
        new /= new.sum()
        if np.abs(new - law).max() < 1e-15:
            break
        law = new
    return list(law)
