"""The trend of throughput and work in process since the page was opened."""

from nicegui import ui

from .words import Words

INK = "#7a8794"
BLUE, ORANGE = "#2f86c9", "#d9822b"
CLOCK = (
    "value => { const s = Math.floor(value); const two = n => String(n).padStart(2, '0');"
    " const days = Math.floor(s / 86400);"
    " const hours = two(Math.floor(s / 3600) % 24), minutes = two(Math.floor(s / 60) % 60);"
    " const clock = `${hours}:${minutes}:${two(s % 60)}`;"
    " return days ? `${days} d ${clock}` : clock; }"
)


def trend_panel(words: Words) -> ui.echart:
    """Build the chart and return it; the browser adds the points."""
    throughput, wip = words("kpi.throughput_per_h"), words("kpi.wip")
    axis = {"nameTextStyle": {"color": INK}, "axisLabel": {"color": INK}, "scale": True}
    soft = {"lineStyle": {"color": INK, "opacity": 0.2}}
    return (
        ui.echart(
            {
                "animation": False,
                "grid": {"left": 55, "right": 55, "top": 34, "bottom": 28},
                "legend": {"data": [throughput, wip], "textStyle": {"color": INK}, "top": 2},
                "tooltip": {"trigger": "axis"},
                "color": [BLUE, ORANGE],
                "xAxis": {
                    "type": "value",
                    "scale": True,
                    "axisLabel": {"color": INK, ":formatter": CLOCK},
                    "splitLine": {"show": False},
                },
                "yAxis": [
                    {
                        **axis,
                        "type": "value",
                        "name": words("kpi.throughput_per_h.unit"),
                        "splitLine": soft,
                    },
                    {
                        **axis,
                        "type": "value",
                        "name": words("kpi.wip.unit"),
                        "splitLine": {"show": False},
                    },
                ],
                "series": [
                    {"name": throughput, "type": "line", "showSymbol": False, "data": []},
                    {"name": wip, "type": "line", "showSymbol": False, "yAxisIndex": 1, "data": []},
                ],
            }
        )
        .classes("trend-chart")
        .props(f'role=img aria-label="{words("trend.about")}"')
    )
