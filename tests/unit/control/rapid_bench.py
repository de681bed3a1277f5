"""A robot that does as told in a second a movement, and a clock: what programs are tried on."""

from types import SimpleNamespace

from twin.control.rapid import RapidController
from twin.control.rapid.link import check_rapid, compile_rapid
from twin.control.rapid.machine import Machine
from twin.kernel.command import Command
from twin.kernel.environment import Environment
from twin.plant.plain import Stateful
from twin.plant.robot.mover import SignalKind
from twin.plant.robot.order import MoveRefused
from twin.plant.robot.placement import HERE, Placement

SIGNALS = (
    SignalKind("di1", False, bool),
    SignalKind("di2", False, bool),
    SignalKind("do1", True, bool),
    SignalKind("do2", True, bool),
    SignalKind("gi1", False, int),
    SignalKind("go1", True, int),
    SignalKind("ai1", False, float),
    SignalKind("ao1", True, float),
)


class FakeChannel:
    """The PLC's end: it answers what was sent to it, 0.1 s later, byte for byte."""

    plugged = True

    def __init__(self, env):
        self.env = env
        self.open = False
        self.inbox, self.sent = [], []
        self.client = None
        self.echo = env.timer("arm/echo", self._echo)

    def connect_robot(self):
        if self.open:
            return False
        self.open = True
        return True

    def close(self):
        self.open = False
        self.inbox.clear()

    def send(self, data):
        self.sent += data
        self.echo.arm(0.1)
        return self.open

    def take(self, most):
        taken = self.inbox[:most]
        del self.inbox[:most]
        return taken

    def _echo(self):
        self.inbox += self.sent
        self.sent.clear()
        if self.client is not None:
            self.client.heard(self)


class FakeMover(Stateful):
    """Each movement takes `takes_s`; a fly-by one is in its zone after 80 % of it."""

    STATE = ("values", "moves", "log", "now", "moving", "connected", "left", "begun")
    id = "arm"
    external = ()
    external_kinds = ()
    tracks = ("belt",)
    world = HERE
    kinds = ("turn",) * 6

    def __init__(self, env, takes_s=1.0):
        self.env = env
        self.takes_s = takes_s
        self.signals = {s.name: s for s in SIGNALS}
        self.values = {s.name: s.type() for s in SIGNALS}
        self.ready = True
        self.client = None
        self.moves = []
        self.log = []
        self.zone = env.timer("arm/zone", self._zone)
        self.end = env.timer("arm/end", self._end)
        self.now = Placement(0.5, 0.0, 0.6, 0.0, 0.0, 1.0, 0.0)
        self.moving = False
        self.connected = False
        self.left = None
        self.begun = 0.0
        self.refuse = None
        self.plc = FakeChannel(env)
        self.script = env.timer("arm/script", self._script)
        self.plan = []
        """Times at which a signal changes: (time, signal, value), in order."""

    def _script(self):
        now = self.env.time_s
        for at, name, value in self.plan:
            if at == now:
                self.values[name] = value
                self.client.signal_changed(name)
        self._next()

    def _next(self):
        ahead = [at for at, _, _ in self.plan if at > self.env.time_s]
        if ahead:
            self.script.arm_at(min(ahead))

    def will(self, *plan):
        self.plan = list(plan)
        self._next()

    def go(self, move):
        if self.refuse is not None:
            raise MoveRefused(self.refuse, **self.refuse_values)
        self.moves.append(move)
        self.log.append((round(self.env.time_s, 6), move.kind, move.name))
        self.moving = True
        takes = move.duration_s or self.takes_s
        if not move.fine:
            self.zone.arm(takes * 0.8)
        self.end.arm(takes)

    def _zone(self):
        self.client.arrived()

    def _end(self):
        self.moving = False
        if self.moves[-1].target is not None:
            self.now = self.moves[-1].target
        if self.moves[-1].fine:
            self.client.arrived()
        self.client.rested()

    def joints(self):
        return (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)

    def places(self, *, ahead=False):
        return ()

    def tip(self, tool):
        return self.now

    def inverse(self, tip, tool, configuration=None):
        if tip.x > 2.0:
            raise MoveRefused("rapid.run.no_speed")
        return (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)

    def forward(self, joints, tool):
        return Placement(0.1, 0.2, 0.3)

    def configuration(self):
        return (0, 1, -1, 0)

    def pause(self):
        self.log.append((round(self.env.time_s, 6), "pause", ""))
        self.left = (self.zone.left_s if self.zone.pending else None, self.end.left_s)
        self.zone.cancel()
        self.end.cancel()
        self.moving = False

    def resume(self):
        self.log.append((round(self.env.time_s, 6), "resume", ""))
        self.moving = True
        if self.left[0] is not None:
            self.zone.arm(self.left[0])
        self.end.arm(self.left[1])

    def forget(self):
        self.zone.cancel()
        self.end.cancel()
        self.moving = False

    def signal(self, name):
        return self.values[name]

    def set_signal(self, name, value):
        self.log.append((round(self.env.time_s, 6), name, value))
        self.values[name] = value
        if self.client is not None:
            self.client.signal_changed(name)

    def connect(self, belt):
        return self.connected

    def drop(self, belt):
        self.connected = False

    def belt_frame(self, belt):
        return Placement(1.0, 0.0, 0.0) if self.connected else None

    def channel(self, port):
        return self.plc if port == 2000 else None

    def program_changed(self):
        pass


def module(body, *, data="", around=""):
    return f"MODULE m\n{data}\nPROC main()\n{body}\nENDPROC\n{around}\nENDMODULE\n"


def bench(source, until_s=1000.0, *, takes_s=1.0, run=True, continuous=False):
    """Return env, robot and machine, after the program has run."""
    env = Environment()
    mover = FakeMover(env, takes_s)
    machine = Machine(mover, env, "arm/program")
    mover.client = machine
    machine.hearer = SimpleNamespace(heard=lambda channel: machine.signal_changed(""))
    machine.put_in(compile_rapid(source, SIGNALS, mover.tracks))
    if run:
        machine.start(continuous=continuous)
        env.run_through(until_s)
    return SimpleNamespace(env=env, mover=mover, machine=machine, source=source)


def value(b, name):
    for datum in b.machine.program.data:
        if datum.name.lower() == name.lower():
            return b.machine.data[datum.slot]
    raise KeyError(name)


def keys(source):
    return [d.key for d in check_rapid(source, SIGNALS, ("belt",))]


class Station:
    """A robot with its controller."""

    def __init__(self, source, *, plan=(), takes_s=1.0, runs=False):
        self.env = Environment()
        self.mover = FakeMover(self.env, takes_s)
        self.program = RapidController(self.mover, self.env, "arm/program", source, runs=runs)
        self.mover.client = self.program
        self.program.start()
        self.mover.will(*plan)

    @property
    def machine(self):
        return self.program.machine

    def give(self, verb, **args):
        self.program.apply(Command(verb, "cell/arm", args, "student"))

    def until(self, time_s):
        self.env.run_through(time_s)
        self.env.time_s = time_s

    def value(self, name):
        return next(v.value for v in self.program.variables() if v.name == name)

    def snapshot(self):
        return {
            "clock": (self.env.time_s, self.env.next_order(), self.env.pending(), self.env.events),
            "mover": self.mover.save(),
            "program": self.program.save(),
        }

    def restore(self, data):
        self.mover.load_state(data["mover"], {})
        self.program.load_state(data["program"], {})
        time_s, order, pending, events = data["clock"]
        self.env.restore(time_s, order, [tuple(entry) for entry in pending], events)
