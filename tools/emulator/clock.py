"""The clock of the emulator: ahead of the machine's, or faster, as a test wants it."""

import time
from datetime import datetime, timezone

# Seconds that it is ahead, and since when it runs faster and how much.
ahead = 0
faster = {"since": 0.0, "factor": 1}


def set_clock(wanted):
    global ahead
    if isinstance(wanted, dict):
        faster.update(wanted)
    else:
        ahead = int(wanted)


def second():
    since, factor = faster["since"], faster["factor"]
    return since + (time.time() - since) * factor + ahead


def now():
    return datetime.fromtimestamp(second(), timezone.utc)
