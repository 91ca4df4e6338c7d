"""A fake aiobench for the tests of scripts/perf_regression.

Files in the directory of the program control it:
  engines.NAME  the engines that the program NAME has
  fail, hang    the name of the program whose runs fail, or never end
  verdicts      line n has the verdicts of the n-th comparison
  refuse        the message with which `compare` refuses its input
  method        the method that `compare` reports
Each run is written to `log`. The shell script of fake_program.py answers measured runs.
"""
import json
import os
import sys

HERE, NAME = os.path.split(os.environ["FAKE_PROGRAM"])
HOST = {"cpu_model": "CPU", "cpus": 2, "memory_bytes": 1 << 30, "hash_instructions": "none"}


def setting(name, otherwise=""):
    path = os.path.join(HERE, name)
    return open(path, encoding="utf-8").read() if os.path.exists(path) else otherwise


def value_of(option, otherwise=None):
    return sys.argv[sys.argv.index(option) + 1] if option in sys.argv else otherwise


def log(line):
    with open(os.path.join(HERE, "log"), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def engines():
    print("ENGINE       SYSTEM   AVAILABLE DETAILS")
    for name in setting(f"engines.{NAME}", "sync io_uring libaio").split():
        print(f"{name:<12} Linux    yes       here")


def compare():
    base, new = sys.argv[2:4]
    log(f"compare {os.path.basename(base)} {os.path.basename(new)} "
        f"allow {value_of('--allow', 'nothing')}")
    if setting("refuse"):
        print(setting("refuse"), file=sys.stderr)
        return 2
    if "--json" not in sys.argv:
        return 0
    count = setting("log").count("compare base new") or 1
    lines = setting("verdicts").splitlines()
    said = dict(word.split("=") for word in lines[count - 1].split()) if lines else {}
    configurations = []
    for configuration in sorted({name.rsplit(".", 2)[0] for name in os.listdir(new)}):
        job, engine = configuration.split(".")
        verdict = said.get(configuration, said.get("all", "no_change"))
        configurations.append({
            "job": {"random": "read"}.get(job, job), "path": "file",
            "config": {"engine": "mmap" if engine == "auto" else engine,
                       "requested_engine": "auto" if engine == "auto" else None},
            "method": setting("method", "pairs"),
            "comparisons": [{"metric": metric, "ratio": 0.9, "ratio_low": 0.85,
                             "ratio_high": 0.94, "verdict": verdict}
                            for metric in value_of("--metric").split(",")]})
    incompatibilities = [{"kind": "digest", "message": "other data", "allowed": False}]
    document = {"schema": "aiobench/comparison/1", "configurations": configurations,
                "incompatibilities": incompatibilities if "not_comparable" in said.values() else []}
    with open(value_of("--json"), "w", encoding="utf-8") as file:
        json.dump(document, file)
    print(f"comparison {count} in Markdown")
    verdicts = {each["verdict"] for one in configurations for each in one["comparisons"]}
    undecided = {"not_comparable", "inconclusive"}
    return 1 if "regression" in verdicts else 5 if verdicts & undecided else 0


def create():
    with open(sys.argv[4], "wb") as file:
        file.truncate(int(value_of("--size")))
    return 0


def main():
    word = sys.argv[1]
    if word == "--version":
        print(f"aiobench 1 ({NAME})")
    elif word == "engines":
        engines()
    elif "--help" in sys.argv:
        print("--pattern --manifest")
    elif "--format" in sys.argv and word != "compare":
        print(json.dumps({"host": HOST, "runs": [{"warnings": []}]}))
    else:
        return {"compare": compare, "create": create}[word]()
    return 0


sys.exit(main())
