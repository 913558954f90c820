"""What a function might do to the process that calls it. Imported by that process: no Django here, and no pytest."""

import ctypes
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass

FUNCTION = "newsreader.intake.archives:shown"  # takes a name letter by letter, which is all that a Misdeed needs


@dataclass
class Misdeed:
    """Done when somebody looks at its letters; what they are is what came of it.

    `tell` is a named pipe, into which the process says first which one it is.
    """

    what: str
    tell: str = ""

    def __iter__(self):
        if self.tell:
            with open(self.tell, "w") as pipe:
                pipe.write(f"{os.getpid()}")
        done = getattr(self, self.what)()
        return iter("" if done is None else str(done))

    def fine(self):
        return "fine"

    def sleeps(self):
        time.sleep(600)

    def turns(self):
        while True:
            pass

    def turns_in_c(self):
        re.match(r"(a|a)*b", "a" * 60)  # holds the interpreter's lock for centuries

    def fills_memory(self):
        return len([b"x" * 1_000_000 for _ in range(20_000)])

    def keeps_memory(self):
        sys.kept = b"x" * 250_000_000
        return os.getpid()

    def hides_its_hunger(self):
        try:
            self.fills_memory()
        except MemoryError:
            os.kill(os.getpid(), signal.SIGKILL)  # as the system does when memory is short

    def crashes(self):
        ctypes.string_at(0)

    def leaves(self):
        os._exit(0)

    def goes_deep(self):
        return self.goes_deep()

    def stumbles(self):
        return {}["nothing"]

    def prints(self):
        print("words")
        sys.stdout.flush()
        os.write(1, b"more words")
        return "printed"

    def reads_stdin(self):
        return len(sys.stdin.read())

    def connects(self):
        socket.create_connection(("127.0.0.1", 9))

    def starts_a_program(self):
        subprocess.run(["true"], check=False)

    def opens_a_database(self):
        sqlite3.connect(":memory:")

    def writes(self):
        with open(os.environ.get("TMPDIR", "/tmp") + f"/misdeed-{os.getpid()}", "wb") as file:
            os.unlink(file.name)
            file.write(b"words")

    def tells_its_environment(self):
        return " ".join(sorted(os.environ))

    def tells_what_is_imported(self):
        return "django" in sys.modules

    def tells_who_it_is(self):
        return os.getpid()
