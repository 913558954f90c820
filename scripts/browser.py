"""Sees that the tests find a Chromium: the distribution's own, installed from its packages where it is missing."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MANAGERS = {
    "apt-get": [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]],
    "dnf": [["dnf", "install", "-y", "-q", "chromium"]],
    "pacman": [["pacman", "-Sy", "--noconfirm", "--needed", "chromium"]],
    "apk": [["apk", "add", "--quiet", "chromium"]],
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
            by_hand = " && ".join(f"sudo {' '.join(command)}" for command in MANAGERS[manager])
            sys.exit(f"The browser tests need Chromium, and only root may install it: {by_hand}")
        sudo = ["sudo", "-n"]
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in MANAGERS[manager]:
        command = [*sudo, *step]
        quiet = subprocess.DEVNULL
        if subprocess.run(command, env=environment, stdin=quiet, stdout=quiet).returncode:
            sys.exit(f"Chromium could not be installed ({' '.join(command)} failed): install it, then run this again.")


if __name__ == "__main__":
    if find() is None:
        install()
        if find() is None:
            sys.exit("Chromium was installed but can't be found: name it as in make test CHROMIUM=/path/to/chromium")
