"""The KPI tables that end `twin run`."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from twin.spec.line import LineSpec
from twin.spec.messages import kind_name, message
from twin.study.present import duration_text, figures, number, percent, remarks, warmup_text
from twin.study.summary import AssetSummary, Summary, states

unbounded = 1000
"""Columns: wider than any table."""
asset_columns = ("made", "level", "availability", "oee", "bottleneck")

colours = {
    "busy": "green",
    "starved": "cyan",
    "blocked": "yellow",
    "down": "red",
    "setup": "magenta",
    "idle": "dim",
}


def show(
    summary: Summary, spec: LineSpec, language: str, *, console: Console | None = None
) -> None:
    """Write the line's figures, the assets' and what there is to say about them."""
    screen = console or Console(highlight=False)
    assets = _asset_table(summary, language, with_kinds=True)
    needed = screen.measure(assets, options=screen.options.update(width=unbounded)).maximum
    if not screen.is_terminal:
        screen.width = max(screen.width, needed)
    elif needed > screen.width:
        assets = _asset_table(summary, language, with_kinds=False)
    screen.print(_headline(summary, spec, language))
    screen.print(_line_table(summary, language))
    screen.print(assets)
    for remark in remarks(summary, language):
        screen.print(Text(remark.text, style="bold red" if remark.loud else ""))


def _headline(summary: Summary, spec: LineSpec, language: str) -> Text:
    title = spec.title.get(language) if spec.title else spec.id
    total_s = summary.simulated_s * summary.replications
    about = message(
        "report.headline",
        language,
        replications=summary.replications,
        duration=duration_text(summary.simulated_s, language),
        warmup=warmup_text(summary.warmup, language),
        seed=summary.seed,
        wall=duration_text(summary.wall_s, language),
        speed=f"{total_s / max(summary.wall_s, 1e-9):,.0f}",
    )
    return Text.assemble((title, "bold"), "\n", (about, "dim"))


def _line_table(summary: Summary, language: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(message("report.figure", language))
    table.add_column(message("report.mean", language), justify="right")
    table.add_column(message("report.interval", language), justify="right")
    table.add_column("±", justify="right")
    table.add_column(message("report.unit", language))
    for figure in figures(summary, language):
        low, high, width = figure.estimate.low, figure.estimate.high, figure.estimate.relative_width
        table.add_row(
            figure.name,
            number(figure.estimate.mean),
            "" if low is None or high is None else f"{number(low)} … {number(high)}",
            "" if width is None else percent(width),
            figure.unit,
        )
    return table


def _asset_table(summary: Summary, language: str, *, with_kinds: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(message("report.asset", language), no_wrap=True)
    if with_kinds:
        table.add_column(message("report.kind", language), style="dim", no_wrap=True)
    for key in (*(f"state_{state}" for state in states), *asset_columns):
        table.add_column(message(f"report.{key}", language), justify="right", no_wrap=True)
    for name, asset in summary.assets.items():
        chief = name == summary.bottleneck
        table.add_row(
            Text(name, style="bold" if chief else ""),
            *([kind_name(asset.kind, language)] if with_kinds else []),
            *_fractions(asset),
            number(asset.made.mean),
            number(asset.level.mean, unknown=""),
            percent(asset.ratios["availability"].mean, unknown=""),
            percent(asset.ratios["oee"].mean, unknown=""),
            Text(percent(asset.bottleneck.mean) if asset.bottleneck.mean else "", "bold"),
        )
    return table


def _fractions(asset: AssetSummary) -> list[Text]:
    if asset.kind in ("source", "sink", "buffer", "operator") and asset.fractions["idle"].mean == 1:
        return [Text("")] * len(states)
    cells = []
    for state in states:
        share = asset.fractions[state].mean
        cells.append(Text(percent(share) if share else "·", colours[state] if share else "dim"))
    return cells
