"""Other processes that read and extract: results in the order of the work, a few pieces at a time, nothing left behind when it ends."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import Semaphore as new_semaphore
from multiprocessing import connection, get_start_method, parent_process
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore

_HELD = 8  # pieces for each process, so that none waits while this one is busy with something else
_PATIENCE = 0.5  # seconds after which is looked whether the work has failed before it began
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of glibc's `mallopt`
Work = TypeVar("Work")
Result = TypeVar("Result")


class Workers:
    """A pool that starts when it is first needed; use it in a `with` statement.

    Args:
        processes: How many; 0 takes one for each core. One works in this process.
        prepare: Called once in each process before its first piece of work; where processes are made as copies of this one, only here.
        meanwhile: Called once here while others do the first pieces of work, where copies of this process shall have what it makes.
    """

    def __init__(self, processes: int, prepare: Callable[[], None] | None = None, meanwhile: Callable[[], None] | None = None) -> None:
        self.processes = processes or _cores()
        self._prepare = prepare
        self._meanwhile = meanwhile if _is_copied() else None
        self._pool: ProcessPoolExecutor | None = None
        self._is_prepared = False
        self._begun: Semaphore | None = None  # made with the processes: not every system has one

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Callable[[Work], Result], pieces: Iterable[Work], *, serial: bool = False) -> Iterator[Result]:
        """The result of each piece, in order; at most eight pieces for each process are held. `serial` starts no process."""
        if serial or self.processes == 1:
            self._prepare_here()
            yield from map(work, pieces)
            return
        pool = self._started()
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= _HELD * self.processes:
                self._do_meanwhile()
                yield waiting.popleft().result()
        self._do_meanwhile()
        while waiting:
            yield waiting.popleft().result()

    def start(self, work: Callable[[Work], Result], piece: Work) -> Future[Result]:
        """Let a process work on a piece meanwhile, where processes have started; else it is done here at once.

        Returns when the work has called `note_begun`.
        """
        if self._pool is None or self._begun is None:
            done: Future[Result] = Future()
            done.set_result(work(piece))
            return done
        working = self._pool.submit(work, piece)
        while not self._begun.acquire(timeout=_PATIENCE):
            if working.done():
                self._begun.acquire(block=False)
                break
        return working

    @property
    def has_started(self) -> bool:
        """Whether other processes are there."""
        return self._pool is not None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            if _is_copied():
                self._prepare_here()
            self._begun = new_semaphore(0)
            prepare = None if _is_copied() else self._prepare
            self._pool = ProcessPoolExecutor(self.processes, initializer=_begin, initargs=(prepare, self._begun))
        return self._pool

    def _do_meanwhile(self) -> None:
        if self._meanwhile is not None:
            self._meanwhile()
        self._meanwhile = None

    def _prepare_here(self) -> None:
        if self._prepare is not None and not self._is_prepared:
            self._prepare()
        self._is_prepared = True


def _is_copied() -> bool:
    """Whether processes are made as copies of this one."""
    return get_start_method() == "fork"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_told: list[Semaphore] = []  # where a process of a pool notes that it has begun


def note_begun() -> None:
    """Tell the process that waits in `Workers.start` that the work has begun."""
    for begun in _told:
        begun.release()


def _begin(prepare: Callable[[], None] | None, begun: Semaphore) -> None:
    """Hold memory, leave Ctrl-C to the parent, and end when the parent is gone."""
    _hold_memory()
    gc.freeze()  # what the parent made is never searched for cycles, so its memory stays shared
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _told[:] = [begun]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


def _hold_memory() -> None:
    """Keep the memory of large arrays for the next ones: given back to the system each time, it is cleared anew, a twentieth of all time."""
    if mallopt := _from_allocator("mallopt"):
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, 256 << 20)


def give_back_memory() -> None:
    """Give the system back what this process held and needs no more, where other work with other needs begins."""
    if malloc_trim := _from_allocator("malloc_trim"):
        malloc_trim(0)


def _from_allocator(function: str) -> Callable[..., int] | None:
    """A function of the system's allocator of memory; only glibc has those that are asked for."""
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), function, None) if os.name == "posix" else None
    return found


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
