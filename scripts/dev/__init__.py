"""The tools of those who work on aiobench, and what scripts/bench_peers, perf_regression, test and
lint are made of. `scripts/dev/dev` lists the tools and starts them.

  process, machine, storage  run programs; ask about the machine; page cache and disks
  figures, comparison        sizes and tables; two programs side by side
  peers, peer_rows           scripts/bench_peers
  gate, gate_*               scripts/perf_regression
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
# The rigs and the fault matrix belong to the tests, which use them too.
sys.path += [str(ROOT / "tests/rigs"), str(ROOT / "tests/cli")]
