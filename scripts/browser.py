"""Sees that the tests find a Chromium: the distribution's own, installed from its packages where it is missing."""

import os
import shutil
import subprocess
import sys

# The build without a window comes first: it starts and paints in half the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
# How each package manager installs one; where a distribution has no such package, the next line is tried.
MANAGERS = {
    "apt-get": [
        "apt-get update -qq && apt-get install -y -qq chromium-headless-shell",
        "apt-get install -y -qq chromium",
    ],
    "dnf": ["dnf install -y -q chromium-headless", "dnf install -y -q chromium"],
    "pacman": ["pacman -Sy --noconfirm --needed chromium"],
    "apk": ["apk add --quiet chromium"],
}


def find() -> str | None:
    """The path of a Chromium on this machine; CHROMIUM names another one than the first that is found."""
    return shutil.which(os.environ.get("CHROMIUM", "")) or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install it as root or with a sudo that asks nothing. Ends with one line that says what to do when it may not."""
    manager = next(filter(shutil.which, MANAGERS), None)
    if manager is None:
        sys.exit("The browser tests need Chromium: install it, or name one as in make test CHROMIUM=/path/to/chromium")
    sudo: list[str] = []
    if os.geteuid():
        if not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode:
            by_hand = MANAGERS[manager][-1]
            sys.exit(f"The browser tests need Chromium, and only root may install it: sudo {by_hand}")
        sudo = ["sudo", "-n"]
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.DEVNULL
    for command in MANAGERS[manager]:
        answer = subprocess.run([*sudo, "sh", "-c", command], env=environment, stdin=quiet, stdout=quiet)
        if answer.returncode == 0 and find():
            return
    sys.exit(f"Chromium could not be installed ({MANAGERS[manager][-1]} failed): install it, then run this again.")


if __name__ == "__main__":
    if find() is None:
        install()
