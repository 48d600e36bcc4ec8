"""A fleet of example servers to be killed, senders that retry as the vendor does, and the judgement of what came of it:
what the servers' applications wrote."""

import heapq
import itertools
import random
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from places import ACCOUNT, Journal, Place
from running_server import RunningServer
from signing import bearer
from wire import Connection, post


class Fleet:
    """`size` servers on one place. A killed one is started again at once, on another port."""

    def __init__(self, place: Place, size: int, options: Sequence[str]) -> None:
        self._place = place
        self._options = options
        self._logs: list[str] = []
        self.kills = 0
        self.servers: list[RunningServer] = []
        try:
            for _ in range(size):
                self.servers.append(place.server(*options))
        except BaseException:
            self.__exit__()
            raise

    def kill(self, index: int) -> None:
        """kill -9, and a new server in its place."""
        server = self.servers[index]
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        self._logs.append(server.log())
        self.servers[index] = self._place.server(*self._options)
        server.__exit__()
        self.kills += 1

    def log(self) -> str:
        """What all of them wrote, those that are gone included."""
        return "".join(self._logs + [server.log() for server in self.servers])

    def verdicts(self) -> Counter[str]:
        return Counter(re.findall(r"^server: \d+ (\S+) ", self.log(), re.MULTILINE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            server.__exit__()


@dataclass(order=True)
class Delivery:
    """One sending of a token; it is repeated until it is answered with a 2xx."""

    due: float
    serial: int
    jti: str = field(compare=False)
    request: bytes = field(compare=False)


class Senders:
    """Threads that send each token several times, at once or a moment later, to servers taken at random."""

    COPIES = (1, 2, 2, 3, 4)
    MOST_OPEN = 400

    def __init__(self, fleet: Fleet, journal: Journal, threads: int, seed: int) -> None:
        self._fleet = fleet
        self._journal = journal
        self._source = random.Random(seed)
        self._lock = threading.Lock()
        self._heap: list[Delivery] = []
        self._open = 0
        self._serial = itertools.count()
        self._more = True
        self._stopped = False
        self.tokens: list[str] = []
        # By jti: the length of the journal when the first 2xx for it was in.
        self.answered: dict[str, int] = {}
        self.answers: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._send, args=(seed + n,)) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def _add_token(self) -> None:
        body = self._source.randbytes(self._source.randrange(1500))
        jti = f"stress-{len(self.tokens)}-{self._source.getrandbits(64):x}"
        target = self._source.choice((b"/hook", b"/hook", b"/voice/answer"))
        request = post(bearer(ACCOUNT, body, jti=jti), body, target=target)
        self.tokens.append(jti)
        now = time.monotonic()
        for _ in range(self._source.choice(self.COPIES)):
            delay = self._source.choice((0, 0, 0.005, 0.05, 1))
            heapq.heappush(self._heap, Delivery(now + delay, next(self._serial), jti, request))
            self._open += 1

    def _next(self) -> Delivery | None:
        """What is due; None when everything is done."""
        while True:
            with self._lock:
                if self._stopped or (not self._more and self._open == 0):
                    return None
                if self._more and self._open < self.MOST_OPEN:
                    self._add_token()
                if self._heap and self._heap[0].due <= time.monotonic():
                    return heapq.heappop(self._heap)
            time.sleep(0.002)

    def _send(self, seed: int) -> None:
        source = random.Random(seed)
        connections: dict[int, Connection] = {}
        while (delivery := self._next()) is not None:
            port = source.choice(self._fleet.servers).port
            status = self._attempt(connections, port, delivery.request)
            length = self._journal.path.stat().st_size if self._journal.path.exists() else 0
            with self._lock:
                self.answers[str(status)] += 1
                if status == 200:
                    self.answered.setdefault(delivery.jti, length)
                    self._open -= 1
                else:
                    delivery.due = time.monotonic() + source.uniform(0.05, 0.4)
                    heapq.heappush(self._heap, delivery)
        for connection in connections.values():
            connection.close()

    @staticmethod
    def _attempt(connections: dict[int, Connection], port: int, request: bytes) -> int | None:
        """The status, None when no whole answer came."""
        try:
            if port not in connections:
                connections[port] = Connection(port)
            connections[port].send(request)
            answer = connections[port].answer_or_end()
            if answer is not None:
                return answer.status
        except (OSError, ValueError, IndexError):
            pass
        if port in connections:
            connections.pop(port).close()
        return None

    def finish(self, seconds: float) -> int:
        """Sends no new tokens and waits for what is open; how many deliveries still are."""
        self._more = False
        end = time.monotonic() + seconds
        while self._open > 0 and time.monotonic() < end:
            time.sleep(0.02)
        return self._open

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        for thread in self._threads:
            thread.join()


@dataclass
class Findings:
    """What the journal says, against what the senders saw."""

    tokens: int
    confirmed: int
    # Worked on more than once, though never after a confirm or a 2xx: a server died, or its lease ended, in between.
    at_least_once: int
    # Their confirm did not reach the store, so that nothing is promised for them.
    unconfirmed: int
    # Their lease ended before their work did, which takes a server that stood still for that long: next to none.
    overtaken: int
    # Each of these is a broken promise.
    worked_on_after_confirm: list[str]
    worked_on_after_answer: list[str]
    confirmed_twice: list[str]
    never_worked_on: list[str]

    def broken(self) -> dict[str, list[str]]:
        return {name: found for name, found in vars(self).items() if isinstance(found, list) and found}


def judge(journal: Journal, senders: Senders) -> Findings:
    words: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, list[int]] = defaultdict(list)
    position = 0
    for word, jti in journal.lines():
        position += len(word) + len(jti) + 2
        words[jti].append(word)
        if word == "handled":
            ends[jti].append(position)
    assert set(words) <= set(senders.tokens)

    after_confirm, after_answer, twice = [], [], []
    for jti, said in words.items():
        if "handled" in itertools.dropwhile(lambda word: word != "confirmed", said):
            after_confirm.append(jti)
        if said.count("confirmed") > 1:
            twice.append(jti)
        # A line that stood there before the 2xx was in ends within that length.
        late = jti in senders.answered and max(ends[jti], default=0) > senders.answered[jti]
        if late and "unconfirmed" not in said:
            after_answer.append(jti)
    return Findings(
        tokens=len(senders.tokens),
        confirmed=sum("confirmed" in said for said in words.values()),
        at_least_once=sum(said.count("handled") > 1 for said in words.values()),
        unconfirmed=sum("unconfirmed" in said for said in words.values()),
        overtaken=sum("overtaken" in said for said in words.values()),
        worked_on_after_confirm=after_confirm,
        worked_on_after_answer=after_answer,
        confirmed_twice=twice,
        never_worked_on=[jti for jti in senders.tokens if "handled" not in words[jti]],
    )
