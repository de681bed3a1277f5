"""The board between a study and its workers: how far each one is, and the wish to stop.

It is one small file that every process maps, because a wish to stop has to reach a worker in
the middle of a replication, and a progress bar has to move while a long one runs.
"""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray


class Board:
    """Shares done of each replication, and a flag that asks all of them to stop."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        self.count = count
        self._cells: NDArray[np.float64] | None = None

    @classmethod
    def create(cls, count: int) -> "Board":
        """Return a new board for so many replications, in a temporary file."""
        with tempfile.NamedTemporaryFile(
            prefix="pilotline-", suffix=".board", delete=False
        ) as file:
            file.write(bytes(8 * (count + 1)))
        return cls(Path(file.name), count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cells = None
        self.path.unlink(missing_ok=True)

    def __getstate__(self) -> tuple[Path, int]:
        return self.path, self.count

    def __setstate__(self, state: tuple[Path, int]) -> None:
        self.path, self.count = state
        self._cells = None

    def _open(self) -> NDArray[np.float64]:
        if self._cells is None:
            self._cells = np.memmap(self.path, np.float64, "r+", shape=(self.count + 1,))
        return self._cells

    def note(self, replication: int, share: float) -> None:
        """Write how much of a replication is done, 0 to 1."""
        self._open()[1 + replication] = share

    @property
    def done(self) -> float:
        """How many replications' worth of work is done, parts of one included."""
        return float(self._open()[1:].sum())

    @property
    def finished(self) -> int:
        """How many replications are done to their ends."""
        return int((self._open()[1:] >= 1.0).sum())

    def stop(self) -> None:
        """Ask every worker to stop soon."""
        self._open()[0] = 1.0

    @property
    def stopped(self) -> bool:
        """True once somebody asked to stop."""
        return bool(self._open()[0])
