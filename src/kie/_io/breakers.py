"""IO: the circuit breakers of a client, and their public interface. May import `_core`, `_exchange`, `_policy`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from kie._core.errors import CircuitOpen
from kie._core.shared import Shared
from kie._exchange.breaking import origin_of
from kie._io.forks import renewed_after_fork
from kie._policy.breaker import Admission, BreakerState, BreakerStats, Change, Circuit, CircuitBreaker


class Circuits:
    """The circuits of one client, one for each policy and origin. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._circuits: dict[tuple[CircuitBreaker, str], Circuit] = {}
        self._latest: dict[str, Circuit] = {}
        renewed_after_fork(self)

    def renew(self) -> None:
        """Make a new lock after a fork, because the old one may stay locked forever."""
        self._lock = threading.Lock()

    def _circuit(self, policy: CircuitBreaker, origin: str) -> Circuit:
        found = self._latest.get(origin)
        if found is None or found.policy is not policy:
            found = self._latest[origin] = self._circuits.setdefault((policy, origin), Circuit(policy))
        return found

    def admit(self, policy: CircuitBreaker, origin: str, now: float) -> Admission:
        """Admit one attempt. Raises `CircuitOpen`."""
        with self._lock:
            circuit = self._circuit(policy, origin)
            admission = circuit.admit(now)
            if admission is None:
                raise CircuitOpen(origin, retry_after=circuit.stats(now).retry_after)
            return admission

    def report(self, admission: Admission, success: bool | None, now: float) -> Change | None:
        """Report the outcome of an attempt. Returns the change of state, if any."""
        with self._lock:
            return admission.circuit.report(admission, success, now)

    def stats(self, policy: CircuitBreaker, now: float) -> dict[str, BreakerStats]:
        """The state of every origin that was called under a policy."""
        with self._lock:
            return {
                origin: circuit.stats(now) for (under, origin), circuit in self._circuits.items() if under == policy
            }

    def reset(self, policy: CircuitBreaker, origin: str | None) -> dict[str, Change]:
        """Close one circuit, or all. Returns the changes of those that were not closed."""
        with self._lock:
            changes = {
                at: circuit.reset()
                for (under, at), circuit in self._circuits.items()
                if under == policy and origin in (None, at)
            }
        return {at: change for at, change in changes.items() if change is not None}


class Breaker(Shared):
    """The circuit breaker of a client, one circuit per origin, such as `https://api.kie.ai`. See `CircuitBreaker`.

    A URL selects its origin; without one, `state` is that of the API.
    """

    _not_pickled = "it belongs to a client of this process; make a client there, whose client.breaker it is"

    def __init__(
        self,
        policy: CircuitBreaker | None,
        circuits: Circuits,
        *,
        home: str,
        now: Callable[[], float],
        changed: Callable[[str, Change], object],
    ) -> None:
        self.policy = policy
        self._circuits = circuits
        self._home = home
        self._now = now
        self._changed = changed

    def state(self, url: str | None = None) -> BreakerState:
        """The state of one origin.

        Args:
            url: Any URL of the origin; by default the API.

        Returns:
            `closed`, `open` or `half_open`. The circuit of an origin that was never called is closed.
        """
        found = self.stats().get(origin_of(url or self._home))
        return found.state if found else "closed"

    def stats(self) -> Mapping[str, BreakerStats]:
        """The state and counts of every origin that was called so far.

        Returns:
            The origins, each with its counts; empty without a breaker.
        """
        return self._circuits.stats(self.policy, self._now()) if self.policy is not None else {}

    def reset(self, url: str | None = None) -> None:
        """Close circuits, so that calls go through at once. Observers are notified.

        Args:
            url: Any URL of the origin; by default all origins.
        """
        if self.policy is None:
            return
        for origin, change in self._circuits.reset(self.policy, origin_of(url) if url else None).items():
            self._changed(origin, change)

    def __repr__(self) -> str:
        return f"<Breaker { ({origin: found.state for origin, found in self.stats().items()}) }>"
