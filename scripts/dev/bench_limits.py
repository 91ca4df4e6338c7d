"""Figures of aiobench alone that scripts/bench_peers takes, and what they must not exceed."""
import bench_measure as measure
from bench_table import KIB, MIB, Limit, format_size, median

NULL_LIMIT_NS = 60
NULL_DEPTHS = (1, 8, 32)
START_LIMIT_MS = 15
STARTS_A_PAIR = 7
MEMORY_ALLOWANCE = 30 * MIB
MEMORY_SHAPES = (("io_uring", 1, 4 * KIB), ("io_uring", 8, MIB), ("io_uring", 256, 64 * KIB),
                 ("io_uring", 64, 4 * MIB), ("io_uring", 4096, 4 * KIB), ("sync", 32, MIB),
                 ("threadpool", 32, MIB))


def null_costs(aiobench, path, pairs):
    """Nanoseconds a request, of the tool itself: no I/O, no hash, one thread."""
    limits = []
    for depth in NULL_DEPTHS:
        result = measure.run_json([aiobench, "-e", "null", "-H", "none", "-b", "4KiB", "-t", "1",
                                   "-d", str(depth), "--warmup", "1", "--repeat", str(pairs),
                                   "--format", "json", path])
        costs = [r["wall_seconds"] * 1e9 / r["requests"]
                 for r in result["runs"][0]["repetitions"]]
        limits.append(Limit(f"null, depth {depth}", median(costs), NULL_LIMIT_NS, "ns"))
    return limits


def peak_memories(aiobench, path, _):
    """Peak resident memory against depth x block and an allowance for all the rest."""
    limits = []
    for engine, depth, block in MEMORY_SHAPES:
        peak = measure.peak_memory_bytes([aiobench, "-q", "-e", engine, "-d", str(depth), "-b",
                                          str(block), "--format", "xxhsum", path])
        name = f"{engine}, depth {depth}, block {format_size(block)}"
        limits.append(Limit(name, peak, depth * block + MEMORY_ALLOWANCE, "B"))
    return limits


def start_up(aiobench, _, pairs):
    """Of the whole process, from before it is made until it has ended."""
    times = [measure.run_timed([aiobench, "--version"])[0].wall_seconds * 1e3
             for _ in range(STARTS_A_PAIR * pairs)]
    return [Limit("aiobench --version", median(times), START_LIMIT_MS, "ms")]


# By the id of --only: what the table is headed with, and who measures.
LIMITS = {"limit.null": ("cost of a request", null_costs),
          "limit.memory": ("peak memory", peak_memories),
          "limit.start": ("start-up", start_up)}
