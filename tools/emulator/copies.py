"""Another emulator that begins with all that this one has: a process forked off.

What a test needs at its beginning takes seconds to plant, and a copy of it takes none.
"""

import gc
import json
import os
import threading
import time


def fork(serve):
    """Begins another emulator and returns where it listens. Nothing else must be asked meanwhile."""
    reading, writing = os.pipe()
    gc.freeze()
    if os.fork() == 0:
        os.dup2(writing, 3)
        # What the first one listens to and is asked through stays its own.
        os.closerange(4, 4096)
        end_with_parent()
        serve(0, tell)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        return json.loads(answer.read())


def tell(port):
    os.write(3, json.dumps({"port": port}).encode())
    os.close(3)


def end_with_parent():
    """Ends the process once the one that started it has ended."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
