"""Small cells with a robot, and a stand-in for its program: what tests of robots share."""

from math import radians

from tests.unit.motion.motion_world import body, make, spec_of, write
from twin.kernel.command import Command
from twin.plant.plain import Stateful
from twin.plant.robot.order import Move, Tool
from twin.plant.robot.placement import Placement

ROBOT = (
    "- {{id: r, kind: robot, arm: six, at_m: [0, 0, 0.5], pedestal_m: 0.5, runs: true{more}}}\n"
    "- {{id: grip, kind: gripper, type: vacuum, on: r, at_m: [0, 0, -0.1]}}\n"
)
SEATS = (
    "- {id: a, kind: seat, at_m: [0.5, -0.2, 0.5], size_m: [0.2, 0.2]}\n"
    "- {id: b, kind: seat, at_m: [0.5, 0.25, 0.5], size_m: [0.2, 0.2]}\n"
)
CUP = Tool("cup", Placement(0.0, 0.0, 0.1), 0.5)
"""The point of the gripper on the flange."""
DOWN = (0.0, 0.0, 1.0, 0.0)
"""Orientation of a tool that points straight down."""
TOP = 0.55
"""Height of the top of a box on a seat."""


class Program(Stateful):
    """Hears what a robot tells its program; with `moves` in hand it gives the next at each."""

    STATE = ("told", "moves", "running")
    error = None
    verbs = frozenset({"rapid_run"})

    def __init__(self, robot):
        self.robot = robot
        self.address = f"{robot.address}/program"
        self.told = []
        self.moves = []
        self.running = True
        robot.program = self

    def arrived(self):
        self.note("arrived")
        if self.moves:
            self.robot.mover.go(self.moves.pop(0))

    def note(self, *what):
        self.told.append([self.robot.env.time_s, *what])

    def rested(self):
        self.note("rested")

    def signal_changed(self, name):
        self.note("signal", name)

    def stopped(self, why):
        self.running = False
        self.note("stopped", why.key)

    def ready_changed(self):
        self.note("ready", self.robot.mover.ready)

    def apply(self, command):
        self.note("command", command.verb)

    def run(self):
        self.running = True
        self.note("run")
        self.robot.mover.resume()

    def halt(self):
        self.note("halt")

    def to_main(self):
        self.note("main")

    def tool(self, name):
        return CUP if name == "cup" else None

    def wobj(self, name):
        return None

    def tools(self):
        return ("cup",)

    def wobjs(self):
        return ()

    def hand(self):
        return Tool(), "wobj0", None

    def teach(self, name, at, configuration, external):
        self.note("teach", name, list(at.place), list(configuration))

    def target(self, name):
        return None

    def words(self):
        return [entry[1] for entry in self.told]


def bodies(more="", robot=""):
    return ROBOT.format(more=robot) + SEATS + more


def robot_cell(more="", robot="", *, command=None, **kwargs):
    """Begin a run of a robot with a cup over two seats; return the run, the robot, its program."""
    runner = make(bodies(more, robot), **kwargs)
    robot_body = body(runner, "r")
    return runner, robot_body, Program(robot_body)


def spec(more="", robot="", **kwargs):
    return spec_of(bodies(more, robot), **kwargs)


def reborn(runner, line):
    """Return a fresh run that goes on where this one is, with the same stand-in for the program."""
    import json

    from tests.unit.plant.lives import alive

    fresh = alive(line, runner.header.seed)
    program = Program(body(fresh, "r"))
    fresh.restore(json.loads(json.dumps(runner.snapshot())))
    return fresh, body(fresh, "r"), program


def at(x, y, z):
    """Return the tool's point there, pointing down, in the workcell."""
    return Placement(x, y, z, *DOWN)


def line(x, y, z, **kwargs):
    return Move("linear", at(x, y, z), tool=CUP, **kwargs)


def joint(x, y, z, **kwargs):
    return Move("joint", at(x, y, z), tool=CUP, **{"speed_m_s": 1.5, "turn_rad_s": 5.0, **kwargs})


def axes(*degrees, **kwargs):
    given = tuple(radians(each) for each in degrees)
    return Move("axes", axes=given, **{"speed_m_s": 1.5, "turn_rad_s": 5.0, **kwargs})


def command(runner, verb, at_s=None, **args):
    """Give a command to the robot."""
    runner.apply(Command(verb, "cell/r", args, "test"), at_s=at_s)


def manual(runner, *, enabling=True):
    """Turn the key, and hold the enabling switch."""
    write(runner, "r_manual", value=True)
    write(runner, "r_enabling", value=enabling)


def go(runner, robot, move, wait_s=5.0):
    """Let the robot move, and wait."""
    robot.mover.go(move)
    runner.run_until(runner.time_s + wait_s)


def tip(robot, tool=CUP):
    return robot.mover.tip(tool)
