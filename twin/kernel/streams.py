"""Random streams with an address: seed, replication, name, block, place in the block.

Each block of a stream has its own generator, Philox (Salmon et al. 2011) with the stream's key and
the block's number as counter. So a position is two integers, streams never touch each other, and
going back to a position costs one block.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from math import inf

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from .errors import TraceEnded

BLOCK = 128
WORD = np.uint64
Sampler = Callable[[Generator, int], list[float]]
"""Draws so many values of one law from a generator."""


class Blocks:
    """The one generator of a run. It is set to a stream's key and a block's number for each block.

    To set one takes a tenth of the time that making one does.
    """

    def __init__(self) -> None:
        self._bits = Philox(key=0)
        self._generator = Generator(self._bits)

    def fill(self, sampler: Sampler, key: np.ndarray, block: int) -> list[float]:
        """Return the values of one block of the stream with this key."""
        self._bits.state = {
            "bit_generator": "Philox",
            "state": {"counter": np.array([0, 0, 0, block], WORD), "key": key},
            "buffer": np.zeros(4, WORD),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        return sampler(self._generator, BLOCK)


class Stream:
    """Numbers drawn from one law. `draw()` gives the next."""

    __slots__ = ("_ahead", "_block", "_blocks", "_key", "_start", "name", "sampler")

    def __init__(self, name: str, key: np.ndarray, sampler: Sampler, blocks: Blocks) -> None:
        self.name = name
        self.sampler = sampler
        self._key = key
        self._blocks = blocks
        self._ahead: list[float] = []
        """Values of the block that are still to come, the next one last."""
        self._block = -1
        self._start = BLOCK
        """Where to go on in the block when nothing is ahead; at its end, with the next block."""

    def draw(self) -> float:
        """Return the next value."""
        return self._ahead.pop() if self._ahead else self._next_block()

    def _next_block(self) -> float:
        if self._start == BLOCK:
            self._block += 1
            self._start = 0
        values = self._blocks.fill(self.sampler, self._key, self._block)
        self._ahead = values[self._start :][::-1]
        self._start = BLOCK
        return self._ahead.pop()

    @property
    def position(self) -> tuple[int, int]:
        """Block and place in it."""
        return self._block, BLOCK - len(self._ahead) if self._ahead else self._start

    def go_to(self, block: int, index: int) -> None:
        """Go to a position that `position` gave. The block is drawn when it is needed."""
        self._ahead = []
        self._block, self._start = block, index


class Series:
    """Measured values, taken in order as if they were drawn."""

    __slots__ = ("_place", "_streams", "_values", "name")

    def __init__(self, name: str, values: Sequence[float], streams: "Streams") -> None:
        self.name = name
        self._values = values
        self._streams = streams
        self._place = 0

    def draw(self) -> float:
        """Return the next value.

        Raises:
            TraceEnded: There is none, and nobody has said what to do then.
        """
        if self._place == len(self._values):
            # What has begun comes to rest: this lasts for ever, and the run ends at this instant.
            if self._streams.run_out is None:
                raise TraceEnded(self.name)
            self._streams.run_out(self.name)
            return inf
        self._place += 1
        return self._values[self._place - 1]

    @property
    def position(self) -> tuple[int, int]:
        """Place in the series, in the form of a stream's."""
        return 0, self._place

    def go_to(self, _block: int, index: int) -> None:
        """Go to a position that `position` gave."""
        self._place = index


class Streams:
    """All random streams of a run, made by name."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed = seed
        self.replication = replication
        self._blocks = Blocks()
        self._streams: dict[str, Stream | Series] = {}
        self.run_out: Callable[[str], None] | None = None
        """Called with the name of a measured series that is at its end."""

    def make(self, name: str, sampler: Sampler) -> Stream:
        """Make the stream called `name`; each name once."""
        digest = int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "little")
        words = [(digest >> shift) & 0xFFFFFFFF for shift in (0, 32, 64, 96)]
        seeds = SeedSequence(self.seed, spawn_key=(self.replication, *words))
        key = seeds.generate_state(2, np.uint64)
        stream = Stream(name, key, sampler, self._blocks)
        self._add(name, stream)
        return stream

    def series(self, name: str, values: Sequence[float]) -> Series:
        """Make a stream that gives measured values in order."""
        series = Series(name, values, self)
        self._add(name, series)
        return series

    def _add(self, name: str, stream: Stream | Series) -> None:
        if name in self._streams:
            raise ValueError(f"there is a stream {name} already")
        self._streams[name] = stream

    def positions(self) -> dict[str, tuple[int, int]]:
        """Return where each stream stands."""
        return {name: stream.position for name, stream in self._streams.items()}

    def restore(self, positions: dict[str, tuple[int, int]]) -> None:
        """Put each stream where it stood."""
        for name, (block, index) in positions.items():
            self._streams[name].go_to(block, index)


def uniform(generator: Generator, count: int) -> list[float]:
    """Draw from [0, 1)."""
    values: list[float] = generator.random(count).tolist()
    return values
