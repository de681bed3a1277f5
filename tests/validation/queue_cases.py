"""Single queues."""

from .case import Case, Chapter, case
from .oracles import moments as m
from .oracles import queues as q
from .oracles.joins import bulk_from_one, shortest_buffer


def _mg1(name: str, service: m.Moments) -> Case:
    queue = q.mg1(10, service)
    return case(
        f"mg1_{name}", "Pollaczek and Khinchine; Kleinrock (1975), ch. 5",
        lead_time_s=queue.lead_time_s,
    )  # fmt: skip


MM1_50, MM1_70, MM1_80 = q.mm1(10, 5), q.mm1(10, 7), q.mm1(10, 8)
LOSS, PLACES = q.mgcc(5, 18, 4), q.mm1k(8, 8, 5)

QUEUES = (
    Chapter(
        "Single queues",
        "A source with random arrivals, a buffer without limit, a station, a sink. The lead time "
        "counts from the arrival to the sink, waiting included.",
        (
            case(
                "mm1_50", "Kleinrock (1975), ch. 3", wip=MM1_50.wip, lead_time_s=MM1_50.lead_time_s,
                m1__busy=0.5,
                lead_time_p95_s=q.mm1_lead_quantile_s(10, 5, 0.95), throughput_per_h=360,
            ),
            case("mm1_70", "Kleinrock (1975), ch. 3", lead_time_s=MM1_70.lead_time_s),
            case(
                "mm1_80", "Kleinrock (1975), ch. 3 and 5", wip=MM1_80.wip,
                lead_time_s=MM1_80.lead_time_s,
            ),
            case("mm3", "Erlang's delay formula; Kleinrock (1975), ch. 3",
                 lead_time_s=q.mmc(5, 10.5, 3).lead_time_s),
            case("manual_crew", "the same as M/M/3: people, not places, are short",
                 lead_time_s=q.mmc(5, 10.5, 3).lead_time_s),
            case("md1", "Pollaczek and Khinchine; Kleinrock (1975), ch. 5",
                 lead_time_s=q.mg1(10, m.constant(8)).lead_time_s),
            _mg1("lognormal", m.lognormal(7, 5)),
            _mg1("erlang", m.erlang(4, 7)),
            _mg1("gamma", m.gamma(0.5, 10)),
            _mg1("weibull", m.weibull(1.5, 7)),
            _mg1("uniform", m.uniform(2, 12)),
            _mg1("triangular", m.triangular(2, 4, 15)),
            _mg1("normal", m.normal(5, 4)),
            _mg1("empirical", m.empirical([3, 4, 5, 16])),
            case("dm1", "G/M/1; Kleinrock (1975), ch. 6", lead_time_s=q.dm1(10, 7).lead_time_s),
            case("em1", "G/M/1; Kleinrock (1975), ch. 6", lead_time_s=q.ekm1(3, 10, 7).lead_time_s),
            case("batch_arrivals", "M^[X]/M/1; Gross and Harris, ch. 3",
                 lead_time_s=q.batch_arrivals(30, 3, 5).lead_time_s),
            case("cyclic_split", "each station sees E2 arrivals; Kleinrock (1975), ch. 6",
                 lead_time_s=q.ekm1(2, 10, 7).lead_time_s),
            case("shortest_buffer", "exact chain", lead_time_s=shortest_buffer(5, 7).lead_time_s),
            case(
                "priority", "Cobham (1954)",
                lead_time_s=q.priorities(
                    [(20, m.exponential(4)), (20, m.exponential(9))]
                ).lead_time_s,
            ),
        ),
    ),
    Chapter(
        "Lost arrivals",
        "The source says `when_full: lose`: an arrival that finds no room goes away.",
        (
            case("mm1k", "M/M/1/K; Kleinrock (1975), ch. 3", throughput_per_h=3600 * PLACES.per_s,
                 wip=PLACES.wip),
            case("erlang_loss", "Erlang (1917), any service law: Sevast'yanov (1957)",
                 throughput_per_h=3600 * LOSS.per_s, wip=LOSS.wip,
                 lost_per_h=3600 * (1 / 5 - LOSS.per_s)),
            case("conveyor_loss", "Erlang's loss formula, fixed transit",
                 throughput_per_h=3600 * q.mgcc(5, 25, 6).per_s, wip=q.mgcc(5, 25, 6).wip),
        ),
    ),
    Chapter(
        "Batch machines",
        "A station with `batch: 4` gathers four parts, works on them together, and lets them go "
        "together. It never starts with fewer, unless `min` says so.",
        (
            case("bulk_exponential", "bulk service; Bailey (1954)",
                 wip=q.bulk_service(10, 4, 26, fixed=False).wip),
            case("bulk_from_one", "bulk service; Bailey (1954); exact chain",
                 wip=bulk_from_one(10, 4, 22).wip),
            case("bulk_deterministic", "bulk service; Downton (1955)",
                 wip=q.bulk_service(10, 4, 30, fixed=True).wip,
                 lead_time_s=q.bulk_service(10, 4, 30, fixed=True).lead_time_s),
        ),
    ),
)  # fmt: skip
