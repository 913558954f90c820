"""How long `make run` takes until the first answer: into an empty folder, and again when there is nothing to do.

The packages are installed already; what pip takes to fetch them depends on the network.
"""

import http.client
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.harness.load import HOST, free_port

ROOT = Path(__file__).parent.parent
AGAIN = 5
GOAL = 3.0  # seconds, for a second start


def main() -> None:
    """Print the first start and the later ones."""
    with tempfile.TemporaryDirectory() as var:
        first = start(var)
        again = sorted(start(var) for _ in range(AGAIN))
    print("make run until the first answer, in seconds")
    print(f"  first, empty folder      {first:5.2f}")
    print(f"  again, median of {AGAIN}       {again[AGAIN // 2]:5.2f}   (slowest {again[-1]:.2f}, goal {GOAL:.0f})")


def start(var: str) -> float:
    """Start it, wait for an answer, stop it; the seconds that the answer took."""
    port = free_port()
    environment = os.environ | {"NEWSREADER_VAR": var, "HOST": HOST, "PORT": str(port)}
    begin = time.perf_counter()
    with subprocess.Popen(
        ["make", "run"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as make:
        try:
            while not answers(port):
                if make.poll() is not None:
                    raise SystemExit("make run ended without an answer: run it by hand to see why")
                time.sleep(0.01)
            seconds = time.perf_counter() - begin
        finally:
            make.send_signal(signal.SIGTERM)
            make.wait(30)
    while answers(port):  # make may be gone before the server is
        time.sleep(0.01)
    return seconds


def answers(port: int) -> bool:
    """Whether something answers there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    main()
