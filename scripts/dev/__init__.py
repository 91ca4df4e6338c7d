"""The maintainers' tools, and the modules behind scripts/bench_peers, perf_regression, test and
lint. `scripts/dev/dev` lists the tools and starts them.

  process, machine, storage  run programs; describe the machine; manage the page cache and disks
  figures, comparison        format sizes and tables; compare two programs
  peers, peer_rows           scripts/bench_peers
  gate, gate_*               scripts/perf_regression
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
# The rigs and the fault matrix are shared with the tests.
sys.path += [str(ROOT / "tests/rigs"), str(ROOT / "tests/cli")]
