"""The arithmetic of scripts/calibrate: what a device of known speed must give, and verdicts.

Nothing here runs a program. Latencies are in milliseconds.
"""
import heapq
from dataclasses import dataclass

TOLERANCE = 0.03
# Requests by which a count may differ besides: those at the edge of a limit.
EDGE_REQUESTS = 2


@dataclass(frozen=True)
class Check:
    """A figure beside what it must be. `share` is how far it may be off."""
    name: str
    measured: float
    wanted: float
    share: float = TOLERANCE
    slack: float = 0.0

    @property
    def good(self):
        return abs(self.measured - self.wanted) <= self.share * self.wanted + self.slack

    @property
    def ratio(self):
        return self.measured / self.wanted

    def text(self):
        return (f"{self.measured:.4g} / {self.wanted:.4g} = {self.ratio:.3f}"
                f"{'' if self.good else '  MISSED'}")

    def as_json(self):
        return {"check": self.name, "measured": self.measured, "wanted": self.wanted,
                "ratio": self.ratio, "good": self.good}


def percentile(buckets, percent):
    """Of [[lowest, count], ...] as in a result: the lowest value of the bucket that holds it."""
    rank = max(1, -(-sum(count for _, count in buckets) * percent // 100))
    for lowest, count in buckets:
        rank -= count
        if rank <= 0:
            return lowest
    raise ValueError("no latencies")


def count_above(buckets, value):
    return sum(count for lowest, count in buckets if lowest > value)


def requests_per_second(in_flight, latency_ms):
    """Little's law: what so many under way on average complete."""
    return in_flight / latency_ms * 1000


def latencies_through_a_stall(rate, seconds, service_ms, servers, stall_after_ms, stall_ms):
    """Of requests that come `rate` a second to a queue before so many servers, which begin nothing
    during the stall: what each waits from its arrival to its end."""
    free = [0.0] * servers
    latencies = []
    for number in range(int(rate * seconds)):
        arrival = number * 1000 / rate
        start = max(arrival, heapq.heappop(free))
        if stall_after_ms <= start < stall_after_ms + stall_ms:
            start = stall_after_ms + stall_ms
        heapq.heappush(free, start + service_ms)
        latencies.append(start + service_ms - arrival)
    return latencies


def stall_checks(buckets, expected_ms, limits_ms, share=TOLERANCE):
    """How many requests waited longer than each limit: without the whole queue behind a stall in
    the figures there would be as many as were in flight."""
    return [Check(f"requests above {limit} ms", count_above(buckets, limit * 1e6),
                  sum(latency > limit for latency in expected_ms), share, EDGE_REQUESTS)
            for limit in limits_ms]
