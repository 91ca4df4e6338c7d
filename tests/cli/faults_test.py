"""Proves that no engine hangs, crashes or prints a digest when a device or the system fails.

Runs every engine with every fault of faults.py: an I/O error at a block, short reads, a file that
changes its size, a device that hangs, too little memory, too few descriptors, a missing system
call.
"""
from concurrent.futures import ThreadPoolExecutor

import aiobench_cli as cli
import faults
import slow_file

NO_RIG = slow_file.why_unavailable()


class FaultsTest(cli.ProgramTest):
    def meet(self, fault):
        cases = [faults.Case(fault, engine, self.make(engine, faults.SIZE))
                 for engine in cli.engines() if faults.applies(fault, engine)]
        if fault.mostly_waits:
            with ThreadPoolExecutor(len(cases)) as pool:
                found = list(pool.map(what_is_wrong, cases))
        else:
            found = map(what_is_wrong, cases)
        for case, wrong in zip(cases, found):
            with self.subTest(fault=fault.title, engine=case.engine):
                self.assertIsNone(wrong)


def what_is_wrong(case):
    try:
        case.fault.attempt(case)
    except faults.Wrong as wrong:
        return str(wrong)
    return None


def add_test(number, fault):
    def test(self):
        if fault.needs_rig and NO_RIG:
            self.skipTest(NO_RIG)
        if cli.WINDOWS and fault.cache == "direct":
            self.skipTest("under Wine, which passes no cache by, the same as without")
        if not any(faults.applies(fault, engine) for engine in cli.engines()):
            self.skipTest("not with this build")
        self.meet(fault)
    words = "".join(c if c.isalnum() else "_" for c in fault.title)
    setattr(FaultsTest, f"test_{number:02}_{words}", test)


for index, each in enumerate(faults.FAULTS):
    add_test(index, each)

if __name__ == "__main__":
    cli.main()
