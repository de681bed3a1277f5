"""Writes `docs/validation.md` from the rows of a full run."""

from collections.abc import Sequence
from pathlib import Path

from .case import Case, Chapter, Check
from .run import REPLICATIONS, Row

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"

HEAD = """\
# Validation: the simulator beside exact results

Every figure on this page comes from two places that know nothing of each other: a run of the
simulator, and a closed form, a published result or a small Markov chain solved exactly. The page
is written by a test, `tests/validation/test_validation.py`; nobody edits it.

**{lines} lines, {checks} figures. {inside} of {checks} exact values lie in the 95 % interval of
their {replications} replications (one in twenty may miss by chance); all {checks} lie in the wider
intervals that should hold together (below). The widest 95 % interval is ± {widest} of its
value, the mean one ± {usual}. The largest deviation is {largest}.**

## How to read it

- *Exact* is the value of the formula or chain named under *source*. Each is a short function in
  `tests/validation/oracles/`, with its source; `tests/validation/test_oracles.py` holds the
  functions against published numbers and against each other. Where the source says "exact chain",
  the stationary equations of all states were solved, and no published number is claimed.
- *Simulated* is the mean of {replications} replications with its 95 % Student interval; the
  beginning of each run, while the line fills, is left out.
- *Deviation* is simulated less exact, as a share of the exact value.
- With {checks} figures some miss their 95 % interval by chance alone. So a figure fails only when
  the exact value is outside the interval at level 1 − 0.05 / {checks} (Bonferroni), which all of
  them together keep with at least 95 %. Figures outside the plain interval are marked with *.
  A line without chance has an interval of width zero; there, and everywhere, the one part that the
  end of the counted time cuts off is allowed for.
- The interval of every figure must be within 1 % of its value, or the test fails.
- The seed of a line follows from its name (CRC-32, last four digits), so it was not chosen for its
  results; different seeds keep the lines from sharing their luck.

## See for yourself

Every line is a file in `tests/validation/lines/`. This repeats a row of the tables:

```
twin run tests/validation/lines/hb_3_1.yaml --replications {replications} --seed {example}
```

This runs all of them and writes the page anew, in a few minutes. Without `-m slow` the same test
takes shorter runs, and checks their intervals and that the page is complete.

```
python -m pytest tests/validation -m slow
```
"""

REFERENCES = """
## Sources

- B. Avi-Itzhak, P. Naor: Some queuing problems with the service station subject to breakdown.
  Operations Research 11 (1963).
- N. T. J. Bailey: On queueing processes with bulk service.
  J. Royal Statistical Society B 16 (1954).
- J. A. Buzacott: Automatic transfer lines with buffer stocks. Int. J. Production Research 5 (1967).
- J. P. Buzen: Computational algorithms for closed queueing networks with exponential servers.
  Communications of the ACM 16 (1973).
- A. Cobham: Priority assignment in waiting line problems. Operations Research 2 (1954).
- D. R. Cox, W. L. Smith: Queues. Methuen (1961).
- F. Downton: Waiting time in bulk service queues. J. Royal Statistical Society B 17 (1955).
- A. K. Erlang: Solution of some problems in the theory of probabilities of significance in
  automatic telephone exchanges (1917).
- D. P. Gaver: A waiting line with interrupted service, including priorities.
  J. Royal Statistical Society B 24 (1962).
- S. B. Gershwin: Manufacturing Systems Engineering. Prentice Hall (1994).
- S. B. Gershwin, O. Berman: Analysis of transfer lines consisting of two unreliable machines with
  random processing times and finite storage buffers. AIIE Transactions 13 (1981).
- W. J. Gordon, G. F. Newell: Closed queuing systems with exponential servers.
  Operations Research 15 (1967).
- D. Gross, C. M. Harris: Fundamentals of Queueing Theory. Wiley.
- F. S. Hillier, R. W. Boling: Finite queues in series with exponential or Erlang service times: a
  numerical approach. Operations Research 15 (1967).
- J. R. Jackson: Networks of waiting lines. Operations Research 5 (1957).
- L. Kleinrock: Queueing Systems, volume I. Wiley (1975).
- J. Li, S. M. Meerkov: Production Systems Engineering. Springer (2009).
- C. Palm: The distribution of repairmen in servicing automatic machines. Industritidningen
  Norden 75 (1947).
- M. Reiser, S. S. Lavenberg: Mean-value analysis of closed multichain queuing networks.
  Journal of the ACM 27 (1980).
- B. A. Sevast'yanov: An ergodic theorem for Markov processes and its application to telephone
  systems with refusals. Theory of Probability and its Applications 2 (1957).
- H. White, L. S. Christie: Queuing with preemptive priorities or with breakdown.
  Operations Research 6 (1958).
"""

EXAMPLE = Case("hb_3_1", "", ())
COLUMNS = "| line | seed | figure | exact | source | simulated | ± 95 % | deviation | |\n"
RULE = "|---|---:|---|---:|---|---:|---:|---:|---|\n"


def write(chapters: Sequence[Chapter], rows: Sequence[Row], path: Path = PAGE) -> None:
    """Write the page."""
    head = HEAD.format(
        lines=sum(len(chapter.cases) for chapter in chapters),
        checks=len(rows),
        inside=sum(row.inside for row in rows),
        replications=REPLICATIONS,
        example=EXAMPLE.seed,
        widest=f"{max(row.width for row in rows):.2%}",
        usual=f"{sum(row.width for row in rows) / len(rows):.2%}",
        largest=f"{max(abs(row.deviation) for row in rows):.2%}",
    )
    by_line: dict[str, list[Row]] = {}
    for row in rows:
        by_line.setdefault(row.case.line, []).append(row)
    text = head
    for chapter in chapters:
        text += f"\n## {chapter.title}\n\n"
        text += f"{chapter.text}\n\n" if chapter.text else ""
        text += COLUMNS + RULE
        for case in chapter.cases:
            text += "".join(_line(row) for row in by_line[case.line])
    path.write_text(text + REFERENCES, encoding="utf-8")


def beginning(case: Case, check: Check) -> str:
    """Return the cells of a row that do not depend on a run."""
    link = f"[`{case.line}`](../tests/validation/lines/{case.line}.yaml)"
    return f"| {link} | {case.seed} | {check.name} | {_number(check.value)} | {case.source} |"


def _line(row: Row) -> str:
    mark = "" if row.inside else "*"
    return (
        f"{beginning(row.case, row.check)} {_number(row.mean)} ± {_number(row.half, of=row.mean)} "
        f"| {row.width:.2%} | {row.deviation:+.2%} | {mark} |\n"
    )


def _number(value: float, of: float | None = None) -> str:
    """Return a number with five digits, or as many decimals as those of the value `of`."""
    size = abs(value if of is None else of)
    decimals = next((d for d, bound in enumerate((10_000, 1000, 100, 10, 1)) if size >= bound), 5)
    return f"{value:.{decimals}f}"
