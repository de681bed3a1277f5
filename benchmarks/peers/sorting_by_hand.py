"""The sorting cell's logic written by hand in Python: the peer of its Structured Text program."""

from twin.plant.motion.workcell import PLC, Workcell

PERIOD_S = 0.01
SETTLE_S = 0.3
HIGH_FROM_MM = 80.0
RED_FROM = 12.0


class ByHand:
    """Scans at a fixed period on the plant's own clock."""

    def __init__(self, cell: Workcell) -> None:
        self.p = cell.points
        self.env = cell.env
        self.running = self.gate_open = self.pushed = False
        self.start_before = False
        self.passed_before = self.end_before = False
        self.kind = ""
        self.settled_since: float | None = None
        self.turn = 0
        self.timer = cell.env.timer("by_hand/scan", self.scan)

    def start(self) -> None:
        self.timer.arm(0.0)

    def scan(self) -> None:
        p = self.p
        now = self.env.time_s
        start = bool(p["panel_start"].value)
        if start and not self.start_before and p["panel_auto"].value:
            self.running = True
        self.start_before = start
        if not (p["panel_stop"].value and p["panel_power"].value and p["panel_auto"].value):
            self.running = False
        if p["s_stop"].value and p["stopper_extended"].value:
            if self.settled_since is None:
                self.settled_since = now
        else:
            self.settled_since = None
        settled = self.settled_since is not None and now - self.settled_since >= SETTLE_S - 1e-9
        passed, end = bool(p["s_passed"].value), bool(p["s_end"].value)
        gone, ended = self.passed_before and not passed, self.end_before and not end
        self.passed_before, self.end_before = passed, end
        if self.running:
            self._gate(settled=settled, gone=gone)
        self._sorter(ended=ended)
        self._write(passed=passed)
        self.turn += 1
        self.timer.arm_at(self.turn * PERIOD_S)

    def _gate(self, *, settled: bool, gone: bool) -> None:
        p = self.p
        back = p["red_pusher_retracted"].value and p["blue_pusher_retracted"].value
        if self.gate_open:
            self.gate_open = not gone
        elif not self.kind and settled and back:
            if float(p["height"].value) >= HIGH_FROM_MM:
                self.kind = "high"
            else:
                self.kind = "red" if float(p["colour"].value) >= RED_FROM else "blue"
            self.pushed = False
            self.gate_open = True

    def _sorter(self, *, ended: bool) -> None:
        p = self.p
        if self.kind in ("red", "blue"):
            if self.pushed:
                if p[f"{self.kind}_pusher_retracted"].value:
                    self.kind = ""
            elif p[f"{self.kind}_pusher_extended"].value:
                self.pushed = True
        elif self.kind == "high" and ended:
            self.kind = ""

    def _write(self, *, passed: bool) -> None:
        p = self.p
        waits = False
        for colour in ("red", "blue"):
            mine = self.kind == colour and not self.pushed
            seen = bool(p[f"s_{colour}"].value)
            push = p[f"{colour}_pusher_extend"]
            wish = mine and self.running
            go = bool(push.value) or (seen and not p[f"{colour}_full"].value)
            push.set(bool(wish and go), PLC)
            waits = waits or (mine and seen)
        power = bool(p["panel_power"].value)
        p["stopper_extend"].set(not self.gate_open, PLC)
        p["infeed_run"].set(self.running and not (self.gate_open and passed), PLC)
        p["sortbelt_run"].set(self.running and not waits, PLC)
        p["panel_start_lamp"].set(self.running, PLC)
        p["panel_stop_lamp"].set(not self.running and power, PLC)
        p["panel_reset_lamp"].set(not power, PLC)
        p["light_green"].set(self.running, PLC)
        p["light_yellow"].set(not self.running and power, PLC)
        p["light_red"].set(not power, PLC)
