"""The processes of a sequence: each has a store of its own, or its own way to the one file of all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hookproof import FileStore, MemoryStore

_BUDGET = 10.0
"""Vectors ask what a store answers, not how fast a busy machine does."""


class Processes:
    """All processes of a sequence, by number. Without a capacity their store is a file."""

    def __init__(self, capacity: int | None) -> None:
        self.is_down = False
        self._capacity = capacity
        self._directory = Path(tempfile.mkdtemp(prefix="hookproof-replay-"))
        self._begun: dict[int, MemoryStore | FileStore] = {}
        # When the present processes began, if they refuse what was issued before.
        self._cold_until: int | None = None
        if capacity is None:
            # The file is there before anything can move it.
            self._open()

    def end(self) -> None:
        self._begun.clear()
        shutil.rmtree(self._directory)

    def store(self, number: int) -> MemoryStore | FileStore:
        """The store of the process of that number, which begins when it is first asked for."""
        if number not in self._begun:
            self._begun[number] = self._open()
        return self._begun[number]

    def restart(self, cold_until: int | None) -> None:
        """Ends every process, and begins it anew."""
        self._cold_until = cold_until
        numbers = list(self._begun)
        # The old store is closed before the new one opens the same file.
        self._begun.clear()
        self._begun = {number: self._open() for number in numbers}

    def switch(self, up: bool) -> None:
        """Lets the store of every process answer, or not."""
        if self.is_down != up:
            return
        old, new = ("away", "replay") if up else ("replay", "away")
        os.rename(self._directory / old, self._directory / new)
        self.is_down = not up

    def _open(self) -> MemoryStore | FileStore:
        if self._capacity is not None:
            if self._cold_until is None:
                return MemoryStore(self._capacity)
            return MemoryStore(self._capacity, cold_start="refuse", now=self._cold_until)
        # While the file is away it is made by nobody: a process that begins then looks at it where it belongs, and
        # finds it gone like the others when it first asks it.
        was_down = self.is_down
        self.switch(up=True)
        store = FileStore(self._directory / "replay", budget=_BUDGET)
        if was_down:
            self.switch(up=False)
        return store
