"""Proves that no engine hangs, dies or gives a digest when a device or the system fails.

Every engine meets every fault of faults.py: an error at a block, short reads, a file that changes
its size, a device that hangs, too little memory, too few descriptors, no such system call.
"""
import aiobench_cli as cli
import faults
import slow_file

NO_RIG = slow_file.why_unavailable()


class FaultsTest(cli.ProgramTest):
    def meet(self, fault):
        for engine in cli.engines():
            if not faults.applies(fault, engine):
                continue
            with self.subTest(fault=fault.title, engine=engine):
                source = self.make(f"{engine}", faults.SIZE)
                try:
                    fault.attempt(faults.Case(fault, engine, source))
                except faults.Wrong as wrong:
                    self.fail(wrong)


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
