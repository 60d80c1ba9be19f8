"""What the measurements share: the binary, and running a command with a clock."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def build():
    """Builds the release binary; returns its path."""
    subprocess.run(["cargo", "build", "--locked", "--release", "-p", "trimtab"], cwd=ROOT, check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "trimtab"


def timed(command, env=None):
    """Runs a command; returns its output, wall seconds, CPU seconds and peak memory in MiB.

    The peak is the largest of the process and its children, as the kernel accounts it.
    """
    read, write = os.pipe()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        # A process of its own, so that the peak of an earlier command is not counted.
        os.close(read)
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = {"code": done.returncode, "out": done.stdout, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}
        with os.fdopen(write, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = json.load(pipe)
    os.waitpid(pid, 0)
    wall = time.monotonic() - start
    if answer["code"] not in (0, 4):
        raise SystemExit(f"bench: {' '.join(map(str, command))} ended with {answer['code']}")
    return answer["out"], wall, answer["cpu"], answer["peak"]
