"""The job that runs by the clock: it removes notices that have expired, once for every time."""

import re

JOB = "remove-expired-notices"
# What is left for the last batch, in milliseconds.
MARGIN_MS = 5000
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def create_handler(*, mode, lease_seconds, runs, log):
    is_live = mode == "live"

    def remove_all(before, context):
        removed = 0
        while True:
            count, is_all = runs.remove_expired(before)
            removed += count
            if is_all:
                return removed
            if context.get_remaining_time_in_millis() < MARGIN_MS:
                raise TimeoutError(f"the time is over after {removed}; the next try goes on")

    def handler(event, context):
        scheduled_for = time_of(event)
        if not is_live:
            expired = runs.count_expired(scheduled_for)
            log.info("would be removed", scheduled_for=scheduled_for, expired=expired)
            return {"state": "shadow", "expired": expired}
        # The clock may call twice for one time, and Lambda tries again after a failure.
        state = runs.claim(JOB, scheduled_for, lease_seconds)
        if state == "finished":
            log.info("was run before", scheduled_for=scheduled_for)
            return {"state": "repeated"}
        if state == "running":
            # Failing brings this try back later: by then the other one has finished, or its lease is over.
            raise RuntimeError("another invocation runs the job")
        try:
            removed = remove_all(scheduled_for, context)
            runs.finish(JOB, scheduled_for, removed)
        except Exception as cause:
            log.error("could not finish the job", scheduled_for=scheduled_for, reason=str(cause))
            runs.release(JOB, scheduled_for)
            raise
        log.info("removed", scheduled_for=scheduled_for, removed=removed)
        return {"state": "finished", "removed": removed}

    return handler


def time_of(event):
    """Returns the time for which the clock called, as MySQL writes it."""
    time = event.get("time") if isinstance(event, dict) else None
    if not isinstance(time, str) or not TIME.fullmatch(time):
        raise ValueError("the event has no time")
    return time[:19].replace("T", " ")
