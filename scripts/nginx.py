"""Sees that the tests of machines behind a proxy find an nginx.

Debian's package starts one on port 80 of every address, so there it is unpacked beside the tests' other tools instead
of installed: for that nobody has to be root. Without one, those tests are skipped and say so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.postgres import SEARCHED, may_install

UNPACKED = Path(sys.prefix) / "nginx"
# The program lies in nginx, in older releases in nginx-core; its list of media types in nginx-common.
PACKAGES = (("nginx", "nginx-common"), ("nginx-core", "nginx-common"))
MANAGERS = {
    "dnf": "dnf install -y -q nginx",
    "pacman": "pacman -Sy --noconfirm --needed nginx",
    "apk": "apk add --quiet nginx",
}


def find() -> str | None:
    """The path of an nginx on this machine that starts."""
    for found in (shutil.which("nginx", path=SEARCHED), UNPACKED / "usr/sbin/nginx"):
        if found and Path(found).exists() and subprocess.run([found, "-v"], stderr=subprocess.DEVNULL).returncode == 0:
            return str(found)
    return None


def media_types() -> Path:
    """Its list of media types."""
    return next(filter(Path.exists, (Path("/etc/nginx/mime.types"), UNPACKED / "etc/nginx/mime.types")))


def unpack() -> None:
    """Debian's packages into UNPACKED, as far as that goes."""
    with tempfile.TemporaryDirectory(prefix="newsreader-nginx-") as folder:
        for packages in PACKAGES:
            if _quietly("apt-get", "download", "-qq", *packages, folder=folder):
                for package in Path(folder).glob("*.deb"):
                    _quietly("dpkg", "-x", str(package), str(UNPACKED), folder=folder)
            if find():
                return


def install() -> None:
    """Get one where that asks nothing."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        unpack()
        if not find() and may_install() and _quietly(*sudo, "apt-get", "update", "-qq"):
            unpack()
    elif may_install() and (manager := next(filter(shutil.which, MANAGERS), None)):
        _quietly(*sudo, *MANAGERS[manager].split())


def _quietly(*command: str, folder: str = "/") -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet).returncode == 0


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        print("There is no nginx, and it could not be had: its tests are skipped.", file=sys.stderr)
