"""Every bench of this folder in the order of their names, or those named: `python -m bench serving pages`.

Each runs in a process of its own, so that none warms or fills another's caches. With --full first, those named (or
the search) measure at their largest: BENCH_FULL is set for them.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run them all, even when one fails; how many failed."""
    if names[:1] == ["--full"]:
        os.environ["BENCH_FULL"] = "1"
        names = names[1:] or ["search"]
    found = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("__"))
    if unknown := sorted(set(names) - set(found)):
        sys.exit(f"There is no bench called {unknown[0]}. There are: {', '.join(found)}")
    failed = 0
    for name in names or found:
        print(f"\n── {name} " + "─" * (96 - len(name)), flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
