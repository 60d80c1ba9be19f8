"""Receivers that count: a push service, and a room of Slack."""

import json
import threading
from collections import Counter

from .servers import Server


class Push:
    """A push service that takes a message of a key once, and counts."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = Counter()
        self.delivered = Counter()
        self.messages = {}
        self.token = "first-token"
        self.refused = 0
        # Called with the key before the message is taken, and after, before the answer leaves.
        self.before = lambda key: None
        self.after = lambda key: None
        self.drops_repeats = True
        self.server = Server(self.answer)

    def answer(self, handler, body):
        key = handler.headers.get("idempotency-key", "")
        if handler.headers.get("authorization") != f"Bearer {self.token}":
            self.refused += 1
            return 401, {}, b"{}"
        if self.before(key) == "hang up":
            return None
        message = json.loads(body)["message"]
        with self.lock:
            self.requests[key] += 1
            if not self.drops_repeats or key not in self.delivered:
                self.delivered[key] += 1
            self.messages[key] = message
        if self.after(key) == "hang up":
            return None
        return 200, {"content-type": "application/json"}, json.dumps({"name": f"messages/{key[:8]}"}).encode()

    def address(self):
        """Returns what the parameter with the address says."""
        return {"url": f"http://127.0.0.1:{self.server.port}/send", "token": self.token}


class Slack:
    """A room that shows whatever it is given, and counts by text."""

    def __init__(self):
        self.lock = threading.Lock()
        self.shown = Counter()
        self.status = 200
        self.before = lambda text: None
        self.after = lambda text: None
        self.server = Server(self.answer)

    def answer(self, handler, body):
        text = json.loads(body)["text"]
        if self.status != 200:
            return self.status, {}, b"no"
        if self.before(text) == "hang up":
            return None
        with self.lock:
            self.shown[text] += 1
        if self.after(text) == "hang up":
            return None
        return 200, {}, b"ok"

    def address(self):
        """Returns what the parameter with the address says."""
        return f"http://127.0.0.1:{self.server.port}/hook"
