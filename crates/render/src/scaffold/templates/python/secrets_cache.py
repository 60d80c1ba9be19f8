"""Secrets of SSM Parameter Store, kept in memory for a few minutes.

A parameter that is changed is read again after the time to live; no secret is in the
environment, in a file or in a log.
"""

import time

TIME_TO_LIVE_SECONDS = 300


class Secrets:
    def __init__(self, fetch, now=time.monotonic):
        self._fetch = fetch
        self._now = now
        self._kept = {}

    def read(self, name):
        known = self._kept.get(name)
        if known is not None and self._now() < known[1]:
            return known[0]
        value = self._fetch(name)
        if not isinstance(value, str) or value == "":
            raise ValueError(f"parameter {name} is empty")
        self._kept[name] = (value, self._now() + TIME_TO_LIVE_SECONDS)
        return value
