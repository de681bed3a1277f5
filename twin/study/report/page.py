"""The page of the report: tiles, tables, charts, assumptions and how to repeat it."""

import platform
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from twin import __version__
from twin.spec.assets import Buffer, Storage
from twin.spec.messages import kind_name, message
from twin.study.plan import Study
from twin.study.present import duration_text, figures, number, percent, remarks, rough, warmup_text
from twin.study.summary import ratios, states

from . import bars, charts
from .assumptions import assumptions
from .svg import legend, tag

libraries = ("numpy", "scipy", "simpy", "joblib")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of the line, or why there is none."""

    png: bytes | None = None
    why_not: str = ""


def page(study: Study, *, language: str, command: str, picture: Picture) -> str:
    """Return the report as one HTML page that needs nothing beside it.

    Args:
        study: what to report.
        language: `en` or `zh`.
        command: how to repeat it.
        picture: of the line.
    """
    title = _title(study, language)
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    body = "\n".join(
        [
            _header(study, title, language),
            _tiles(study, language),
            _remarks(study, language),
            _picture(picture, language),
            _over_time(study, language),
            _figures(study, language),
            _states(study, language),
            _bottleneck(study, language),
            _timeline(study, language),
            _lead_times(study, language),
            _levels(study, language),
            _assets(study, language),
            _assumptions(study, language),
            _colophon(study, language, command),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · Pilotline</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _title(study: Study, language: str) -> str:
    spec = study.plan.spec
    return spec.title.get(language) if spec.title else spec.id


def _header(study: Study, title: str, language: str) -> str:
    spec, summary = study.plan.spec, study.summary
    about = f"<p>{escape(spec.description.get(language))}</p>" if spec.description else ""
    run = message(
        "report.what_was_run",
        language,
        replications=summary.replications,
        duration=duration_text(summary.simulated_s, language),
        warmup=warmup_text(summary.warmup, language),
        seed=summary.seed,
    )
    return f"<header><h1>{escape(title)}</h1>{about}<p>{escape(run)}</p></header>"


def _tiles(study: Study, language: str) -> str:
    summary = study.summary
    tiles = []
    for figure in figures(summary, language):
        if figure.key in ("throughput", "wip", "lead_time", "energy_per_part"):
            spread = ""
            if figure.estimate.half_width is not None:
                spread = f"± {rough(figure.estimate.half_width)} (95 %)"
            value = f"{number(figure.estimate.mean)} <small>{escape(figure.unit)}</small>"
            tiles.append(_tile(value, figure.name, spread))
    if summary.bottleneck:
        share = percent(summary.assets[summary.bottleneck].bottleneck.mean)
        said = message("report.share_of_time", language, share=share)
        name = message("report.bottleneck", language)
        chief = _names(study, language)[summary.bottleneck]
        tiles.append(_tile(escape(chief), name, said))
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(value: str, name: str, spread: str) -> str:
    under = f"{escape(name)} · {escape(spread)}" if spread else escape(name)
    return f'<div class="tile"><b>{value}</b><span>{under}</span></div>'


def _remarks(study: Study, language: str) -> str:
    told = remarks(study.summary, language, bottleneck=False)
    items = "".join(
        tag("li", escape(one.text), class_="loud" if one.loud else "quiet") for one in told
    )
    return f'<ul class="remarks">{items}</ul>' if items else ""


def _picture(picture: Picture, language: str) -> str:
    if picture.png is not None:
        data = b64encode(picture.png).decode("ascii")
        about = escape(message("report.picture", language))
        return f'<section><img alt="{about}" src="data:image/png;base64,{data}"></section>'
    if picture.why_not:
        said = message("report.no_picture", language, why=picture.why_not)
        return f'<p class="about">{escape(said)}</p>'
    return ""


def _section(key: str, content: str, language: str) -> str:
    """Return a card with its title and one sentence on how to read it; none without content."""
    if not content:
        return ""
    title = escape(message(f"report.section_{key}", language))
    about = escape(message(f"report.about_{key}", language))
    return f'<section><h2>{title}</h2><p class="about">{about}</p>{content}</section>'


def _over_time(study: Study, language: str) -> str:
    rate = charts.throughput(study.results, language)
    parts = charts.work_in_process(study.results[0], language)
    content = ""
    for chart, key in ((rate, "throughput"), (parts, "wip")):
        if chart:
            name = escape(message(f"report.{key}", language))
            content += f"<figure><figcaption>{name}</figcaption>{chart}</figure>"
    return _section("over_time", content, language)


def _figures(study: Study, language: str) -> str:
    rows = []
    for one in figures(study.summary, language):
        low, high = one.estimate.low, one.estimate.high
        spread = "" if low is None or high is None else f"{number(low)} … {number(high)}"
        width = one.estimate.relative_width
        shown = "" if width is None else percent(width)
        rows.append([one.name, number(one.estimate.mean), spread, shown, one.unit])
    heads = [message(f"report.{key}", language) for key in ("figure", "mean", "interval")]
    heads += ["±", message("report.unit", language)]
    return _section("figures", _table(heads, rows), language)


def _states(study: Study, language: str) -> str:
    working = {name: study.summary.assets[name] for name in _working(study)}
    chart = bars.fractions(working, _names(study, language), language)
    return _section("states", chart and _legend(language) + chart, language)


def _bottleneck(study: Study, language: str) -> str:
    chart = bars.bottlenecks(study.summary.assets, _names(study, language), language)
    return _section("bottleneck", chart, language)


def _timeline(study: Study, language: str) -> str:
    first, names = study.results[0], _names(study, language)
    shown = {name: names[name] for name in _working(study)}
    whole = charts.timeline(first, shown, language)
    if not whole:
        return ""
    near = charts.closer(first, shown, language)
    captions = [escape(message(f"report.caption_{key}", language)) for key in ("whole", "near")]
    content = _legend(language)
    for caption, chart in zip(captions, (whole, near), strict=True):
        content += f"<figure><figcaption>{caption}</figcaption>{chart}</figure>"
    return _section("timeline", content, language)


def _lead_times(study: Study, language: str) -> str:
    summary = study.summary
    samples = [one.lead_time_s for one in study.results]
    p50_s, p95_s = summary.lead_time_p50_s, summary.lead_time_p95_s
    return _section("lead_times", bars.lead_times(samples, p50_s, p95_s, language), language)


def _levels(study: Study, language: str) -> str:
    capacities: dict[str, float | None] = {}
    for asset in study.plan.spec.assets:
        if isinstance(asset, Buffer | Storage):
            unlimited = asset.capacity == "unlimited"
            capacities[asset.id] = None if unlimited else float(asset.capacity)
    content = charts.levels(study.results[0], capacities, _names(study, language), language)
    return _section("levels", content, language)


def _assets(study: Study, language: str) -> str:
    heads = [message("report.asset", language)]
    heads += [message(f"report.state_{state}", language) for state in states]
    heads += [message(f"report.{key}", language) for key in ("made", "scrapped", "level", *ratios)]
    rows = []
    names, chief = _names(study, language), study.summary.bottleneck
    for name, asset in study.summary.assets.items():
        works = name in _working(study)
        shares = [_share(asset.fractions[state].mean) if works else "" for state in states]
        rows.append(
            [
                f"{names[name]}\n{name} · {kind_name(asset.kind, language)}",
                *shares,
                number(asset.made.mean),
                number(asset.scrapped.mean) if asset.scrapped.mean else "",
                number(asset.level.mean, unknown=""),
                *(percent(asset.ratios[ratio].mean, unknown="") for ratio in ratios),
            ]
        )
    place = list(study.summary.assets).index(chief) if chief else None
    content = _table(heads, rows, chief=place)
    return _section("assets", content, language)


def _assumptions(study: Study, language: str) -> str:
    heads = [message(f"report.{key}", language) for key in ("asset", "kind", "times", "source")]
    rows = [
        ["\n".join(one.assets), one.kind, "\n".join(one.figures), one.source]
        for one in assumptions(study.plan.spec, language)
    ]
    source = study.plan.spec.source
    said = f"<p>{escape(source)}</p>" if source else ""
    return _section("assumptions", said + _table(heads, rows, words=True), language)


def _colophon(study: Study, language: str, command: str) -> str:
    summary = study.summary
    machine = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    entries = [
        ("line", f"{study.plan.spec.id} ({study.plan.spec.schema_})"),
        ("seed", str(summary.seed)),
        ("versions", f"Pilotline {__version__}, {machine}, {', '.join(_versions())}"),
        ("effort", _effort(study, language)),
    ]
    terms = "".join(
        f"<dt>{escape(message(f'report.{key}', language))}</dt><dd>{escape(words)}</dd>"
        for key, words in entries
    )
    methods = escape(message("report.methods", language))
    again = f"<pre><code>{escape(command)}</code></pre>"
    return _section("repeat", f'{again}<dl>{terms}</dl><p class="about">{methods}</p>', language)


def _effort(study: Study, language: str) -> str:
    summary = study.summary
    return message(
        "report.effort_is",
        language,
        events=f"{summary.events:,}",
        wall=duration_text(summary.wall_s, language),
    )


def _versions() -> list[str]:
    known = []
    for library in libraries:
        try:
            known.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return known


def _working(study: Study) -> list[str]:
    """Return the assets whose states say something: those that do not idle all the time."""
    return [
        name
        for name, asset in study.summary.assets.items()
        if asset.kind not in ("sink", "buffer") and asset.fractions["idle"].mean < 1
    ]


def _legend(language: str) -> str:
    return legend([(state, message(f"report.state_{state}", language)) for state in states])


def _table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    chief: int | None = None,
    words: bool = False,
) -> str:
    kind = ' class="words"' if words else ""
    head = "".join(f"<th{kind}>{escape(one)}</th>" for one in heads)
    body = ""
    for place, row in enumerate(rows):
        shown = [_lines(cell) if words else _named(cell) for cell in row]
        cells = "".join(f"<td{kind}>{cell}</td>" for cell in shown)
        body += tag("tr", cells, class_="chief" if place == chief else "other")
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _lines(cell: str) -> str:
    return escape(cell).replace("\n", "<br>")


def _named(cell: str) -> str:
    name, _, about = cell.partition("\n")
    return escape(name) + (f"<br><small>{escape(about)}</small>" if about else "")


def _share(share: float) -> str:
    return percent(share) if share else "·"


def _names(study: Study, language: str) -> dict[str, str]:
    """Return how people call each asset."""
    return {
        asset.id: asset.title.get(language) if asset.title else asset.id
        for asset in study.plan.spec.assets
    }
