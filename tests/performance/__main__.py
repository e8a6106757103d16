"""`python -m tests.performance [name …] [--rounds N]`: measures, prints, and keeps the results of each bench.

Writes `.data/bench.json` and `.data/bench.md`; a bench that does not run this time keeps its last result there.
Ends with status 1 when a target was missed.
"""

import argparse
import importlib
import json
import os
import pkgutil
import signal
import sys
from pathlib import Path

import django

from tests import performance
from tests.performance.harness import Bench, run, table

DATA = Path(__file__).parents[2] / ".data"


def benches() -> dict[str, Bench]:
    modules = (
        importlib.import_module(f"{performance.__name__}.{found.name}")
        for found in pkgutil.iter_modules(performance.__path__)
        if found.name != "__main__"
    )
    return {module.__name__.rpartition(".")[2]: module.BENCH for module in modules if hasattr(module, "BENCH")}


def main() -> int:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that benches clean up
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("TEST_PREPARED", "false")
    django.setup()
    known = benches()
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--rounds", type=int, help="instead of each bench's own number")
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    measured = {}
    for name in options.names or known:
        print(f"{name}: {known[name].title}", flush=True)
        measured[name] = run(known[name], rounds=options.rounds)
        keep(name, measured[name])
    print(f"\n{table(measured)}")
    return 0 if all(target["is_met"] for report in measured.values() for target in report["targets"]) else 1


def keep(name: str, report: dict) -> None:
    file = DATA / "bench.json"
    reports = json.loads(file.read_text()) if file.exists() else {}
    reports[name] = report
    DATA.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(reports, indent=2, ensure_ascii=False))
    (DATA / "bench.md").write_text(table(reports))


if __name__ == "__main__":
    sys.exit(main())
