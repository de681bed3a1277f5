"""Pieces from which tests write line files."""

FEED = "- {id: feed, kind: source}\n"
OUT = "- {id: out, kind: sink}\n"
M = "- {id: m, kind: station, process_s: 4}\n"
N = "- {id: n, kind: station, process_s: 4}\n"
CHECK = "- {id: check, kind: inspection, process_s: 4}\n"
CREW = "- {id: crew, kind: operator, count: 2, skills: [weld, drive]}\n"


def simple(asset, more="", flow="- [feed, m, out]\n"):
    """A line of one machine, `asset`, with something beside it."""
    return f"{more}assets:\n{FEED}{asset}\n{OUT}flow:\n{flow}"


def paced(asset):
    """The same with arrivals every five seconds."""
    return simple(asset).replace("source}", "source, interarrival_s: 5}")


def machine(keys):
    return simple(f"- {{id: m, kind: station, process_s: 4, {keys}}}  # <--")


PARTS = "parts:\n- {id: red}\n- {id: blue}\n"
SHIFTS = "calendar:\n  shifts:\n  - {id: early, from: 06:00, to: 14:00}\n"
RED = "assets:\n- {id: feed, kind: source, part: red}\n"
