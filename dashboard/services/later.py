"""Answers that take seconds, computed beside the pages: one at a time, each kept by its key."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import Any


class Later:
    """A thread that works through what is asked for.

    Parameters
    ----------
    most : int
        Answers that are kept; the longest unasked one goes first.
    """

    def __init__(self, *, most: int = 16) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="gridguard-later")
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def ask(self, key: Hashable, work: Callable[[], Any], *, wait_s: float = 0.0) -> Any | None:
        """The answer to a key, begun at the first asking; None while it is computed.

        Parameters
        ----------
        key : hashable
            Says everything that the answer depends on.
        work : callable
            Gives the answer, which is not None.
        wait_s : float
            Seconds to wait for it here.

        Raises
        ------
        Exception
            What the work raised; the next asking tries again.
        """
        answer = self._future(key, work)
        try:
            return answer.result(timeout=wait_s)
        except NotYet:
            return None
        finally:
            if answer.done() and answer.exception() is not None:
                self._forget(key)

    def _future(self, key: Hashable, work: Callable[[], Any]) -> "Future[Any]":
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._pool.submit(work)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)[1].cancel()
            return self._kept[key]

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._kept.pop(key, None)
