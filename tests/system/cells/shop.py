"""A cell as a shop sees it: its reference program, somebody at the panel, people who walk by."""

import re

from twin.control.line import build
from twin.kernel.command import Command
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.spec.load import load_line
from twin.spec.motion import Robot, Workcell

HOUR_S = 3600.0
INTERLOCK = re.compile(r"^(\s*)(\w+)(\s*):=.*?;(\s*)// interlock", re.MULTILINE)
RAPID_INTERLOCK = re.compile(r"^.*! interlock: (\w+)$", re.MULTILINE)


def spec_of(name):
    return load_line(name)


def workcell_of(spec):
    return next(asset for asset in spec.assets if isinstance(asset, Workcell))


def program_of(name):
    return workcell_of(spec_of(name)).control.program.text


def interlocks(name):
    """The names of the conditions that the reference program marks, each once."""
    return list(dict.fromkeys(match[2] for match in INTERLOCK.finditer(program_of(name))))


def without(program, interlock):
    """The same program with one condition always met."""

    def removed(match):
        indent, name, space, _ = match.groups()
        return f"{indent}{name}{space}:= TRUE;" if name == interlock else match[0]

    return INTERLOCK.sub(removed, program)


def with_program(spec, text):
    assets = tuple(
        asset.model_copy(
            update={
                "control": asset.control.model_copy(
                    update={"program": asset.control.program.model_copy(update={"text": text})}
                )
            }
        )
        if isinstance(asset, Workcell)
        else asset
        for asset in spec.assets
    )
    return spec.model_copy(update={"assets": assets})


def robots_of(spec):
    return [body for body in workcell_of(spec).bodies if isinstance(body, Robot)]


def rapid_of(name):
    """The reference program of the robots of a cell: all of them run the same one."""
    (text,) = {robot.program.text for robot in robots_of(spec_of(name))}
    return text


def rapid_interlocks(name):
    """The names of the lines that the robots' program marks, each once."""
    return list(dict.fromkeys(RAPID_INTERLOCK.findall(rapid_of(name))))


def without_line(program, interlock):
    """The same RAPID program without one line."""
    return RAPID_INTERLOCK.sub(lambda match: "" if match[1] == interlock else match[0], program)


def with_rapid(spec, text):
    def changed(body):
        if not isinstance(body, Robot):
            return body
        return body.model_copy(update={"program": body.program.model_copy(update={"text": text})})

    return with_bodies(spec, changed)


def with_bodies(spec, changed):
    """The same line with each body of its workcell as `changed` returns it."""
    assets = tuple(
        asset.model_copy(update={"bodies": tuple(changed(body) for body in asset.bodies)})
        if isinstance(asset, Workcell)
        else asset
        for asset in spec.assets
    )
    return spec.model_copy(update={"assets": assets})


class Shop:
    """A run of a cell, with its operator."""

    def __init__(self, name, *, program=None, rapid=None, bodies=None, seed=1):
        spec = spec_of(name)
        spec = spec if bodies is None else with_bodies(spec, bodies)
        spec = spec if program is None else with_program(spec, program)
        self.spec = spec if rapid is None else with_rapid(spec, rapid)
        self.line = build(self.spec, seed)
        self.runner = Runner(self.line, Header(self.spec.document(), seed))
        self.cell = self.line.assets[workcell_of(self.spec).id]
        self.by = "operator"

    @property
    def incidents(self):
        return list(self.cell.world.incidents)

    def told(self):
        """The incidents in words, for a failed assertion."""
        return [(round(i.time_s, 2), i.kind, i.body, i.part, i.cause) for i in self.incidents[:8]]

    def give(self, verb, target, at_s=None, **args):
        return self.runner.apply(Command(verb, target, args, self.by), at_s=at_s)

    def write(self, point, value, at_s=None):
        self.give("write", f"{self.cell.path}/{point}", at_s, value=value)

    def press(self, button, at_s, rest=False):
        self.write(f"panel_{button}", not rest, at_s)
        self.write(f"panel_{button}", rest, at_s + 0.3)

    def start(self, at_s=0.5):
        self.press("start", at_s)

    def run_until(self, time_s):
        self.runner.run_until(time_s)
        return self

    def until_incident(self, limit_s, *, step_s=20.0, people=()):
        """Run until something goes wrong, or for so long; `people` are (time, what to do)."""
        plan = sorted(people, key=lambda entry: entry[0])
        while not self.incidents and self.runner.time_s < limit_s:
            goal_s = min(self.runner.time_s + step_s, limit_s)
            while plan and plan[0][0] <= goal_s:
                at_s, act = plan.pop(0)
                act(self, at_s)
            self.runner.run_until(goal_s)
        return self.incidents


# ---- people


def steps(zone, *, inside):
    def act(shop, at_s):
        shop.give("enter" if inside else "leave", shop.cell.id, at_s, zone=zone)

    return act


def door(name, *, closed):
    def act(shop, at_s):
        shop.write(f"{name}_closed", closed, at_s)

    return act


def pressed(button):
    def act(shop, at_s):
        shop.press(button, at_s)

    return act


def visits(first_s, every_s, until_s, stay_s, come, go):
    """Somebody comes again and again."""
    at_s = first_s
    while at_s < until_s:
        for number, act in enumerate(come):
            yield at_s + 0.5 * number, act
        for number, act in enumerate(go):
            yield at_s + stay_s + 0.5 * number, act
        at_s += every_s
