"""A picture of the line at work, for the report; without OpenGL there is none, and a reason."""

import io
from contextlib import suppress

from twin.control.attend import press_start
from twin.control.line import build
from twin.kernel.errors import TraceEnded
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.study.plan import Plan
from twin.study.report import Picture
from twin.wire.model import SignalState, Snapshot

size_px = (1600, 900)


def picture_of(plan: Plan, moment_s: float, language: str) -> Picture:
    """Draw the line as it stands at a moment of the first replication.

    Args:
        plan: the study's.
        moment_s: simulation time.
        language: of the writing in the picture.
    """
    try:
        from viewer.window.errors import ViewError
        from viewer.window.picture import shot
    except ImportError as error:
        return Picture(why_not=str(error))
    try:
        image = shot(plan.spec, _snapshot(plan, moment_s), size=size_px, language=language)
    except ViewError as error:
        return Picture(why_not=str(error))
    except Exception as error:  # noqa: BLE001 - the report of a long study is worth more than its picture
        return Picture(why_not=f"{type(error).__name__}: {error}")
    data = io.BytesIO()
    image.save(data, format="PNG", optimize=True)
    return Picture(data.getvalue())


def _snapshot(plan: Plan, moment_s: float) -> Snapshot:
    line = build(plan.spec, seed=plan.seed, replication=0)
    runner = Runner(line, Header(line={}, seed=plan.seed))
    runner.watch()
    press_start(runner)
    with suppress(TraceEnded):  # the moment at which it ends is as good
        runner.run_until(moment_s)
    runner.publish()
    readings = runner.signals.readings()
    return Snapshot(
        run="report",
        line=plan.spec.id,
        seq=0,
        time_s=line.env.time_s,
        rate=0.0,
        signals={
            path: SignalState(one.value, str(one.quality), one.time_s)
            for path, one in readings.items()
        },
        bodies=line.bodies(),
        joints={name: path for a in line.assets.values() for name, path in a.joints()},
        alarms=[],
        kpis={},
    )
