"""Does a run end in order at whatever moment it is interrupted? Many runs, each interrupted at a random one.

Exit code 1 where one did not, and 0 where all did.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.commands import Command
from tests.faults.interruption import faults_of, interruptions

COUNT, SEED = 100, 1


def main(count: int, seed: int) -> int:
    """Interrupt so many runs, and print what was wrong; return the exit code."""
    # A shell ignores SIGINT for what it starts in the background, and a run would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    wrong = 0
    for number, interruption in enumerate(interruptions(count, seed), start=1):
        with tempfile.TemporaryDirectory() as folder:
            faults = faults_of(Command(Path(folder)), interruption)
        wrong += bool(faults)
        said = "; ".join(faults) or "in order"
        print(f"{number}: {interruption.number.name} after {interruption.moment:.2f} s: {said}", flush=True)
    print(f"{wrong} of {count} runs did not end in order (seed {seed})")
    return 1 if wrong else 0


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*[*words, *(COUNT, SEED)[len(words) :]]))
