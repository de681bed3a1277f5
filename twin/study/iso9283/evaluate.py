"""From what was measured to the standard's characteristics, with verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twin.spec.messages import Phrase

from .corner import cornering
from .distance import Distance, distance
from .limits import CHARACTERISTICS
from .path import PathFigures, crossings, path_figures
from .pose import PoseAccuracy, PoseRepeatability, accuracy, repeatability, variation
from .programme import PLACES, Programme, Section, corner_ways
from .sample import Array, row
from .stabilisation import Stabilisation, attained, stabilisation
from .stand import Recording, Recordings
from .velocity import Velocity, velocity

STEADY = (0.25, 0.75)
"""The share of a path where the commanded speed counts as constant."""
WINDOW_S = 0.04
"""A speed is the way of so long a time: shorter, and it would be the tracker's noise."""
LEAST_M, USUAL_M = 1e-5, 1e-4
"""Limit bands: not below this; and where poses were not tested."""
NEAR_M = 0.05
"""How far about a corner a path is looked at, at most."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of one characteristic at one place and speed."""

    id: str
    share: float
    """Of the rated speed."""
    place: str
    """`P1` …, or the path."""
    value: float
    """SI, or percent."""
    limit: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether it keeps its limit; None without one."""
        return None if self.limit is None else abs(self.value) <= self.limit


@dataclass(frozen=True, slots=True)
class PoseResult:
    """All of one pose."""

    name: str
    attained: Array
    """(n, 6), m, rad."""
    commanded: Array
    """(6,)."""
    accuracy: PoseAccuracy
    repeatability: PoseRepeatability


@dataclass(frozen=True, slots=True)
class PathResult:
    """All of one path."""

    kind: str
    figures: PathFigures
    velocity: Velocity
    speed_m_s: float
    cycles: Array
    """(n, m, 6)."""
    places: Array
    """(m, 3), commanded, m."""
    length_m: float

    @property
    def worst_m(self) -> float:
        """How far along it the place is that gives AT."""
        offs = self.figures.offs_m
        return self.length_m * (float(np.argmax(offs)) + 0.5) / len(offs)


@dataclass(frozen=True, slots=True)
class SettleResult:
    """How the arm came to rest at one pose."""

    name: str
    figures: Stabilisation
    band_m: float
    curve: tuple[Array, Array]
    """Of the first cycle: times from the first entry into the band, s; distance from rest, m."""


@dataclass(slots=True)
class Inspection:
    """The outcome of an inspection."""

    programme: Programme
    figures: list[Figure]
    poses: dict[float, list[PoseResult]]
    """By share of the speed."""
    paths: dict[float, list[PathResult]]
    settles: dict[float, list[SettleResult]]
    distances: dict[float, Distance]
    remarks: list[Phrase] = field(default_factory=list)
    """What a reader must know: why something is missing."""

    @property
    def passed(self) -> bool | None:
        """Whether every limit was kept; None when nobody declared any."""
        known = [one.passed for one in self.figures if one.passed is not None]
        return all(known) if known else None

    def worst(self) -> list[Figure]:
        """Return for each characteristic and speed the worst place, in the standard's order."""
        best: dict[tuple[int, float], Figure] = {}
        order = list(CHARACTERISTICS)
        for one in self.figures:
            key = (order.index(one.id), -one.share)
            if key not in best or abs(one.value) > abs(best[key].value):
                best[key] = one
        return [best[key] for key in sorted(best)]


def evaluate(programme: Programme, found: Recordings, limits: Mapping[str, float]) -> Inspection:
    """Return the characteristics of what was measured.

    Args:
        programme: what was driven.
        found: what was measured.
        limits: SI, by characteristic.

    Raises:
        StudyError: there are too few measurements of something.
    """
    work = _Work(programme, found, limits, Inspection(programme, [], {}, {}, {}, {}))
    order = {kind: at for at, kind in enumerate(_EVALUATORS)}
    # Poses first: their repeatability is the band in which others must come to rest.
    for section in sorted(programme.sections, key=lambda one: order[one.kind]):
        _EVALUATORS[section.kind](work, section)
    work.variations()
    return work.outcome


@dataclass(slots=True)
class _Work:
    programme: Programme
    found: Recordings
    limits: Mapping[str, float]
    outcome: Inspection

    def add(self, id_: str, share: float, place: str, value: float) -> None:
        self.outcome.figures.append(Figure(id_, share, place, value, self.limits.get(id_)))

    def stops(self, label: int) -> Array:
        """Return the attained poses of a label, (n, 6)."""
        found = [one.rows[-1] for one in self.found.get(label, [])]
        return np.array(found, dtype=float).reshape(-1, 6)

    def pose(self, section: Section) -> None:
        results = []
        for label in sorted(section.commanded):
            commanded = np.array(row(section.commanded[label], section.commanded[label]))
            name, attained = f"P{label % 10}", self.stops(label)
            ap, rp = accuracy(attained, commanded), repeatability(attained)
            results.append(PoseResult(name, attained, commanded, ap, rp))
            self.add("AP", section.share, name, ap.position_m)
            self.add("APo", section.share, name, max(ap.abc_rad, key=abs))
            self.add("RP", section.share, name, rp.position_m)
            self.add("RPo", section.share, name, max(rp.abc_rad))
        self.outcome.poses[section.share] = results

    def variations(self) -> None:
        sections = [one for one in self.programme.sections if one.kind == "direction"]
        for share in sorted({one.share for one in sections}, reverse=True):
            same = [one for one in sections if one.share == share]
            if len(same) < 2:
                continue
            for each in (1, 2, 4):
                labels = [key for one in same for key in one.commanded if key % 10 == each]
                vap = variation([self.stops(label) for label in labels])
                self.add("vAP", share, f"P{each}", vap.position_m)
                self.add("vAPo", share, f"P{each}", max(vap.abc_rad))

    def distance(self, section: Section) -> None:
        (one, first), (two, second) = sorted(section.commanded.items())
        found = distance(
            self.stops(one), self.stops(two), np.array(first.place), np.array(second.place)
        )
        self.outcome.distances[section.share] = found
        self.add("AD", section.share, "P2-P4", found.accuracy_m)
        self.add("RD", section.share, "P2-P4", found.repeatability_m)

    def settle(self, section: Section) -> None:
        results = []
        for label in sorted(section.commanded):
            name = f"P{label % 10}"
            band = self._band(section.share, name)
            cycles = [(one.times_s, smoothed(one.rows[:, :3])) for one in self.found.get(label, [])]
            found = stabilisation(cycles, band)
            times, positions = cycles[0]
            off = np.linalg.norm(positions - attained(positions), axis=1)
            curve = times - times[int(np.argmax(off <= band))], off
            results.append(SettleResult(name, found, band, curve))
            self.add("PST", section.share, name, found.time_s)
            self.add("OV", section.share, name, found.overshoot_m)
        self.outcome.settles[section.share] = results

    def _band(self, share: float, name: str) -> float:
        """Return the limit band: the declared repeatability, else that which was found."""
        if "RP" in self.limits:
            return self.limits["RP"]
        same = [one for one in self.outcome.poses.get(share, []) if one.name == name]
        return max(same[0].repeatability.position_m, LEAST_M) if same else USUAL_M

    def path(self, section: Section) -> None:
        assert section.way is not None
        share, kind = section.share, section.kind
        (label,) = section.commanded
        places, along = section.way.places(PLACES)
        recordings = self.found.get(label, [])
        cycles = np.array([crossings(one.rows, places, along) for one in recordings])
        commanded = np.concatenate([places, np.zeros((len(places), 3))], axis=1)
        found = path_figures(cycles.reshape(-1, len(places), 6), commanded)
        if kind == "reorient":
            self.add("ATr", share, kind, found.accuracy_m)
            return
        speeds = velocity([steady(one, section) for one in recordings], section.speed_m_s)
        self.outcome.paths.setdefault(share, []).append(
            PathResult(kind, found, speeds, section.speed_m_s, cycles, places, section.way.length_m)
        )
        self.add("AT", share, kind, found.accuracy_m)
        self.add("ATo", share, kind, max(found.accuracy_rad))
        self.add("RT", share, kind, found.repeatability_m)
        self.add("RTo", share, kind, max(found.repeatability_rad))
        self.add("AV", share, kind, speeds.accuracy_percent)
        self.add("RV", share, kind, speeds.repeatability_percent)
        self.add("FV", share, kind, speeds.fluctuation_m_s)

    def corner(self, section: Section) -> None:
        assert section.way is not None
        (label,) = section.commanded
        for at, (place, before, after) in enumerate(corner_ways(section.way), start=3):
            paths = [one.rows[:, :3] for one in self.found.get(label, [])]
            near = [one[np.linalg.norm(one - place, axis=1) < NEAR_M] for one in paths]
            found = cornering(near, place, before, after)
            self.add("CR", section.share, f"P{at}", found.round_off_m)
            self.add("CO", section.share, f"P{at}", found.overshoot_m)


def steady(one: Recording, section: Section) -> Array:
    """Return the speeds along a path where it should be constant, m/s."""
    assert section.way is not None
    step_s = float(one.times_s[1] - one.times_s[0])
    window = max(round(WINDOW_S / step_s), 1)
    places, rows = one.times_s, one.rows[:, :3]
    if len(rows) <= window:
        return np.empty(0)
    lengths = np.linalg.norm(np.diff(rows, axis=0), axis=1)
    if section.way.cube is None:
        covered = np.linalg.norm(rows[window:] - rows[:-window], axis=1)
    else:
        # On a circle the way is an arc over the chord that was measured.
        chord = np.linalg.norm(rows[window:] - rows[:-window], axis=1)
        diameter = section.way.diameter_m
        covered = diameter * np.arcsin(np.clip(chord / diameter, 0.0, 1.0))
    speeds: Array = covered / (places[window:] - places[:-window])
    gone = np.concatenate([[0.0], np.cumsum(lengths)])
    middle = (gone[window:] + gone[:-window]) / 2.0 / max(gone[-1], 1e-9)
    kept: Array = speeds[(middle >= STEADY[0]) & (middle <= STEADY[1])]
    return kept


def smoothed(positions: Array, width: int = 5) -> Array:
    """Return positions with the instrument's noise averaged over a few samples."""
    if len(positions) < width:
        return positions
    kernel = np.ones(width) / width
    padded = np.pad(positions, ((width // 2, width // 2), (0, 0)), mode="edge")
    columns = [np.convolve(padded[:, k], kernel, mode="valid") for k in range(positions.shape[1])]
    return np.stack(columns, axis=1)


_EVALUATORS = {
    "pose": _Work.pose,
    "direction": lambda *_: None,
    "distance": _Work.distance,
    "settle": _Work.settle,
    "line": _Work.path,
    "circle_large": _Work.path,
    "circle_small": _Work.path,
    "reorient": _Work.path,
    "corner": _Work.corner,
}
