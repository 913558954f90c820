"""Makes .venv and installs the locks named on the command line, only when something changed. Standard library only.

Run by the machine's own Python, whichever it is: so the check of its version comes first, in words old Pythons read.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 this file is what tells a person so
    sys.exit(
        "Newsreader needs Python 3.11 or newer, and this is %d.%d: install a newer one and name it, "  # noqa: UP031
        "as in: make run PYTHON=python3.12" % sys.version_info[:2]
    )

import hashlib
import importlib.util
import json
import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"  # which Python, and the hash of each lock as it was installed


def main(names: list[str]) -> None:
    """Install requirements/NAME.txt for every name. Ends with one line that says what to do when it can't."""
    if "run" in names and os.environ.get("DATABASE_URL", "").startswith("postgres"):
        names = [*names, "postgres"]
    locks = {name: ROOT / "requirements" / f"{name}.txt" for name in names}
    wanted = {name: hashlib.sha256(lock.read_bytes()).hexdigest() for name, lock in locks.items()}
    installed, python = stamp(), python_version()
    if not python or installed.get("python", python) != python:
        installed = {}
        make_environment()
    missing = [name for name in names if installed.get(name) != wanted[name]]
    if not missing:
        return
    for name in missing:
        install(locks[name])
    STAMP.write_text(json.dumps({**installed, **wanted, "python": python_version()}, indent=1) + "\n")


def stamp() -> dict[str, str]:
    """What an earlier run installed; nothing when there was none or its note can't be read."""
    try:
        installed: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return installed


def python_version() -> str:
    """The environment's Python as in 3.11; empty when it is none to work with, as after an upgrade of the system."""
    look = "import pip, sys; assert sys.version_info >= (3, 11); print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([VENV / "bin/python", "-c", look], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def make_environment() -> None:
    """A fresh .venv of this very Python."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        sys.exit("Python's venv module is missing: sudo apt install python3-venv, then run this again.")
    print("Making a virtual environment in .venv …", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"The virtual environment {VENV} can't be made ({reason}): make the folder writable.")


def install(lock: Path) -> None:
    """Install one lock with pip, which checks every hash. The lock is complete: pip has nothing to resolve."""
    print(f"Installing {lock.relative_to(ROOT)} …", flush=True)
    pip = [VENV / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, "--no-deps", "--require-hashes", "--requirement", lock], cwd=ROOT).returncode:
        sys.exit(
            f"The packages in {lock.relative_to(ROOT)} could not be installed: is there a network? Then run this again."
        )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
