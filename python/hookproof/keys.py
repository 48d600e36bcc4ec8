"""Secrets that are loaded when they are needed, such as those of the customers in a database."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

from . import _native
from .errors import ConfigError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from ._native import Keyring, Secrets

    Loaded: TypeAlias = Secrets | Keyring | None
    Load: TypeAlias = Callable[[str], Loaded] | Callable[[str], Awaitable[Loaded]]

__all__ = ["KeySource"]


class KeySource:
    """Loads the secrets of an account by the api_key that a token claims (or by the route, with profiles that choose
    the secret by it). Pass one to `Verifier` in place of keys.

    `load(api_key)` returns one or several secrets, a `Keyring`, or None for an account that is not known; it may be a
    coroutine function, for `averify`, `abegin` and `async with receive(...)`. Anybody may have written that api_key:
    use it as a value, never as a part of a query's text. What it raises, and what takes longer than `timeout`, makes
    the request `key.unavailable`: the sender keeps it.

    At most `max_accounts` accounts are kept, and as many that are not known, each for `max_age` (seconds or a
    timedelta): so long may a change take. One load for each account runs at a time, and at most `max_loads` together.

    >>> from hookproof import Verifier
    >>> from hookproof.testing import Signer
    >>> customers = {"a1b2c3d4": "the signature secret of a customer"}
    >>> verifier = Verifier(KeySource(customers.get))
    >>> signer = Signer("a1b2c3d4", "the signature secret of a customer")
    >>> verifier.verify(b"{}", headers=signer.headers(b"{}")).api_key
    'a1b2c3d4'
    """

    def __init__(
        self,
        load: Load,
        *,
        max_accounts: int = 1024,
        max_age: float | timedelta = 60,
        timeout: float | timedelta = 2,
        max_loads: int = 8,
    ) -> None:
        if not callable(load):
            raise TypeError("load must be a callable of one api_key")
        self._load = load
        self._max_age = _seconds("max_age", max_age)
        self._timeout = _seconds("timeout", timeout)
        if max_accounts < 1:
            raise ConfigError("max_accounts", "must be 1 or more")
        if max_loads < 1:
            raise ConfigError("max_loads", "must be 1 or more")
        self._max_accounts = max_accounts
        self._max_loads = max_loads
        # Most verifiers have no key source, and inspect is a large part of what an import takes.
        from inspect import iscoroutinefunction

        self.is_async: bool = iscoroutinefunction(load) or iscoroutinefunction(
            getattr(load, "__call__", None)  # noqa: B004
        )
        """Whether `load` is a coroutine function."""
        self._lock = threading.Lock()
        # Apart, so that a flood of invented accounts puts out none that is known.
        self._known: OrderedDict[str, tuple[float, Keyring]] = OrderedDict()
        self._unknown: OrderedDict[str, tuple[float, Keyring]] = OrderedDict()
        self._loads: dict[str, _Load] = {}
        self._aloads: dict[tuple[int, str], asyncio.Task[Keyring]] = {}

    def __repr__(self) -> str:
        return f"<KeySource of {len(self._known)} accounts>"

    def clear(self, api_key: str | None = None) -> None:
        """Forgets what was loaded for an account, or everything: the next request loads it anew."""
        with self._lock:
            for kept in (self._known, self._unknown):
                if api_key is None:
                    kept.clear()
                else:
                    kept.pop(api_key, None)

    def load(self, selector: str) -> Keyring:
        """The keyring of an account; that of `Keyring.unavailable()` if it could not be loaded."""
        if self.is_async:
            raise TypeError("the keys are loaded by a coroutine: use averify, abegin or `async with receive(...)`")
        kept = self._kept(selector)
        if kept is not None:
            return kept
        with self._lock:
            load = self._loads.get(selector)
            if load is None:
                if len(self._loads) >= self._max_loads:
                    return _native.Keyring.unavailable()
                load = _Load()
                # A thread of its own can be left behind when its time is over; a daemon keeps no program alive.
                thread = threading.Thread(
                    target=self._run, args=(selector, load), name="hookproof-key-source", daemon=True
                )
                try:
                    thread.start()
                except RuntimeError as error:
                    # No thread is left, and nobody would end this load.
                    _report(error)
                    return _native.Keyring.unavailable()
                self._loads[selector] = load
        if load.done.wait(self._timeout) and load.keyring is not None:
            return load.keyring
        return _native.Keyring.unavailable()

    async def aload(self, selector: str) -> Keyring:
        """As `load`, awaited."""
        import asyncio

        kept = self._kept(selector)
        if kept is not None:
            return kept
        # A task belongs to its loop; several loops may share one source.
        place = (id(asyncio.get_running_loop()), selector)
        task = self._aloads.get(place)
        if task is None:
            if len(self._aloads) >= self._max_loads:
                return _native.Keyring.unavailable()
            task = asyncio.create_task(self._arun(selector))
            self._aloads[place] = task
            task.add_done_callback(lambda _: self._aloads.pop(place, None))
        # Others may be waiting for the same account: one request that is given up must not end their load, and a load
        # that is given up must not end theirs.
        await asyncio.wait((task,), timeout=self._timeout)
        if task.done() and not task.cancelled():
            return task.result()
        task.cancel()
        return _native.Keyring.unavailable()

    def _run(self, selector: str, load: _Load) -> None:
        from inspect import isawaitable

        try:
            loaded = self._load(selector)
            if isawaitable(loaded):
                close = getattr(loaded, "close", None)
                if close is not None:
                    close()
                raise TypeError("load returned an awaitable: make it a coroutine function")
            load.keyring = self._keep(selector, loaded)
        except Exception as error:
            _report(error)
        finally:
            with self._lock:
                self._loads.pop(selector, None)
            load.done.set()

    async def _arun(self, selector: str) -> Keyring:
        from inspect import isawaitable

        try:
            loaded = self._load(selector)
            return self._keep(selector, await loaded if isawaitable(loaded) else loaded)
        except Exception as error:
            _report(error)
            return _native.Keyring.unavailable()

    def _kept(self, selector: str) -> Keyring | None:
        now = time.monotonic()
        with self._lock:
            for kept in (self._known, self._unknown):
                found = kept.get(selector)
                if found is not None:
                    if now < found[0]:
                        kept.move_to_end(selector)
                        return found[1]
                    del kept[selector]
        return None

    def _keep(self, selector: str, loaded: Loaded) -> Keyring:
        if loaded is None:
            keyring = _native.Keyring()
        elif isinstance(loaded, _native.Keyring):
            keyring = loaded
        else:
            keyring = _native.Keyring({selector: loaded})
        with self._lock:
            kept = self._known if selector in keyring else self._unknown
            kept[selector] = (time.monotonic() + self._max_age, keyring)
            kept.move_to_end(selector)
            while len(kept) > self._max_accounts:
                kept.popitem(last=False)
        return keyring


class _Load:
    """One load under way, and what came of it."""

    __slots__ = ("done", "keyring")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.keyring: Keyring | None = None


def _seconds(name: str, value: float | timedelta) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if not 0 < seconds < 86_400 * 365:
        raise ConfigError(name, "must be more than 0 seconds")
    return seconds


def _report(error: Exception) -> None:
    """The application's own failure, without its text: that may hold what was loaded."""
    import logging

    logging.getLogger("hookproof").error("the secrets of an account could not be loaded: %s", type(error).__name__)
