"""Token buckets: how often somebody may ask. Pure: `now` is an argument (monotonic seconds).

Used by the state machine of a connection, by the HTTP guards and by the sign-in. It must not know who is behind a key.
"""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """`rate` per second in the long run, `burst` at once."""

    rate: float
    burst: int


class TokenBucket:
    __slots__ = ("_allowance", "_at", "_tokens")

    def __init__(self, allowance: Allowance, now: float) -> None:
        self._allowance = allowance
        self._tokens = float(allowance.burst)
        self._at = now

    def take(self, now: float) -> float:
        """0.0 when this one is within the allowance, otherwise the seconds after which the next one is."""
        elapsed = max(0.0, now - self._at)
        self._tokens = min(float(self._allowance.burst), self._tokens + elapsed * self._allowance.rate)
        self._at = max(self._at, now)
        if self._tokens >= 1.0:
            self._tokens -= 1.0
            return 0.0
        return (1.0 - self._tokens) / self._allowance.rate


class BucketTable:
    """One bucket a key; the key that was idle longest is forgotten when there are too many."""

    def __init__(self, allowance: Allowance, max_keys: int = 20_000) -> None:
        self._allowance = allowance
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._allowance, now)
            while len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket.take(now)

    def __len__(self) -> int:
        return len(self._buckets)
