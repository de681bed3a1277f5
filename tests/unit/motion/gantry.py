"""A gantry of two axes with a gripper, over two seats: what tests of tools have in common."""

from tests.unit.motion.motion_world import make, put, spec_of, write

AXES = """\
- {{id: x, kind: axis, direction: x, at_m: [0, 0, 1], high: 2, speed: 1, accel: 4, \
needs_homing: false}}
- {{id: z, kind: axis, on: x, direction: -z, high: 0.8, speed: 1, accel: 4, needs_homing: false}}
- {{id: grip, kind: gripper, on: z{gripper}}}
- {{id: a, kind: seat, at_m: [0, 0, 0.5]}}
- {{id: b, kind: seat, at_m: [1, 0, 0.5]}}
"""
TOP = 0.45
"""The place of z at which the gripper is on a box on a seat."""


def bodies(more="", gripper=""):
    return AXES.format(gripper=gripper) + more


def gantry(more="", gripper="", **kwargs):
    """Begin a run with the axes enabled and a box on seat `a`; return it and the box."""
    runner = make(bodies(more, gripper), **kwargs)
    for axis in "xz":
        write(runner, f"{axis}_enable", True)
    part = put(runner, "a")
    return runner, part


def spec(more="", gripper="", **kwargs):
    return spec_of(bodies(more, gripper), **kwargs)


def go(runner, axis, target, wait_s=5.0):
    """Let an axis go to a place, and wait."""
    write(runner, f"{axis}_start", False)
    write(runner, f"{axis}_target", float(target))
    write(runner, f"{axis}_start", True)
    if wait_s:
        runner.run_until(runner.time_s + wait_s)


def grip(runner, on=True, wait_s=2.0):
    write(runner, "grip_grip", on)
    runner.run_until(runner.time_s + wait_s)


def pick(runner):
    """Go down to the box on the seat below, grip it, go up."""
    go(runner, "z", TOP)
    grip(runner)
    go(runner, "z", 0.0)
