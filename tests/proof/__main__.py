"""Proofs that take minutes: `python -m tests.proof [kill] [faults] [fuzz] [soak] [durable]`, all without a name.

Each prints what it did and found, and the program ends with 1 if one of them failed.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.proof import durable, faults, fuzz, kill, soak

PROOFS = {"kill": kill.main, "faults": faults.main, "fuzz": fuzz.main, "soak": soak.main, "durable": durable.main}


def main(names: list[str]) -> int:
    """Run the proofs with these names, or all."""
    failed = 0
    for name in names or PROOFS:
        started = time.monotonic()
        faults_found = PROOFS[name]()
        for fault in faults_found[:20]:
            print(f"  FAULT {fault}", flush=True)
        failed += bool(faults_found)
        verdict = f"{len(faults_found)} faults" if faults_found else "held"
        print(f"{name}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description="Proofs that take minutes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(PROOFS)}; all without a name")
    chosen: list[str] = parser.parse_args().names
    if unknown := sorted({*chosen} - {*PROOFS}):
        parser.error(f"there is no proof {', '.join(unknown)}: choose from {', '.join(PROOFS)}")
    sys.exit(main(chosen))
