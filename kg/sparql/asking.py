"""Start, ask and end the process that answers."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

_DYING = 5.0  # seconds


class Worker:
    """A process that has opened something, and the pipes to it."""

    def __init__(self, opening: dict[str, Any]) -> None:
        self._opening = opening
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}
        self._run = subprocess.Popen(
            [sys.executable, "-m", "kg.sparql.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, start_new_session=True,
        )  # fmt: skip

    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._run.poll() is None

    def is_open(self, opening: dict[str, Any]) -> bool:
        """Whether it is alive and holds what this request would open."""
        return self.is_alive() and self._opening == opening

    def has_overflown(self) -> bool:
        """Whether it died because its stack did not suffice."""
        return self._run.returncode == -signal.SIGSEGV

    def kill(self) -> None:
        """End it at once."""
        self._run.kill()
        self._run.wait()
        for pipe in (self._run.stdin, self._run.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()

    def ask(self, request: dict[str, Any], deadline: float | None) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for the answer; TimeoutError (after which it is dead) or EOFError (it died) where none comes."""
        assert self._run.stdin
        try:
            self._run.stdin.write(json.dumps(request).encode() + b"\n")
            self._run.stdin.flush()
            received = b""
            while b"\n" not in received:
                received += self._read(deadline)
            line, _, body = received.partition(b"\n")
            head: dict[str, Any] = json.loads(line)
            parts, size = [body], len(body)
            while size < head["length"]:
                parts.append(self._read(deadline))
                size += len(parts[-1])
            return head, b"".join(parts)
        except (BrokenPipeError, EOFError):
            with suppress(subprocess.TimeoutExpired):
                self._run.wait(_DYING)  # so that it is known what it died of
            self.kill()
            raise EOFError from None
        except BaseException:  # an interrupt too leaves half an answer in the pipe
            self.kill()
            raise

    def _read(self, deadline: float | None) -> bytes:
        assert self._run.stdout
        wait = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([self._run.stdout], [], [], wait)[0]:
            raise TimeoutError
        part = os.read(self._run.stdout.fileno(), 1 << 20)
        if not part:
            raise EOFError
        return part
