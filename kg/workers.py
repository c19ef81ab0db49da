"""Other processes that read and extract: results in the order of the work, a few pieces at a time, nothing left behind when it ends."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, get_start_method, parent_process
from types import TracebackType
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


class Workers:
    """A pool that starts when it is first needed; use it in a `with` statement.

    Args:
        processes: How many; 0 takes one for each core. One works in this process.
        prepare: Called once in each process before its first piece of work; where processes are made as copies of this one, only here.
    """

    def __init__(self, processes: int, prepare: Callable[[], None] | None = None) -> None:
        self.processes = processes or _cores()
        self._prepare = prepare
        self._pool: ProcessPoolExecutor | None = None
        self._is_prepared = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Callable[[Work], Result], pieces: Iterable[Work], *, serial: bool = False) -> Iterator[Result]:
        """The result of each piece, in order; at most three pieces for each process are held. `serial` starts no process."""
        if serial or self.processes == 1:
            self._prepare_here()
            yield from map(work, pieces)
            return
        pool = self._started()
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= 3 * self.processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            is_copied = get_start_method() == "fork"
            if is_copied:
                self._prepare_here()
            self._pool = ProcessPoolExecutor(self.processes, initializer=_begin, initargs=(None if is_copied else self._prepare,))
        return self._pool

    def _prepare_here(self) -> None:
        if self._prepare is not None and not self._is_prepared:
            self._prepare()
        self._is_prepared = True


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(prepare: Callable[[], None] | None) -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone."""
    gc.freeze()  # what the parent made is never searched for cycles, so its memory stays shared
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
