"""What every test of the whole program has: a stage of the run, clean, and notices to write."""

import atexit
import json
import unittest
from datetime import datetime, timedelta, timezone

from stage import Stage

SWEEP = {"sweep": True}
_stages = []


def stage_of_run():
    """Returns the stage that all tests of a run share; it is made with the first."""
    if not _stages:
        _stages.append(Stage())
        atexit.register(_stages[0].close)
    return _stages[0]


def notice(number="a", channels=("push",), **fields):
    """Returns a file of one notice."""
    return json.dumps({
        "id": f"notice-{number}", "title": f"점검 안내 {number}", "body": "12월 1일 점검이 있습니다.",
        "audience": "all", "channels": list(channels),
    } | fields, ensure_ascii=False)


def moment(seconds):
    """Returns a moment so many seconds from now, with the offset of Seoul."""
    return (datetime.now(timezone(timedelta(hours=9))) + timedelta(seconds=seconds)).isoformat()


class Scene(unittest.TestCase):
    """A test against the real program."""

    maxDiff = None

    def setUp(self):
        self.stage = stage_of_run()
        self.stage.clear()
        self.stage.write_parameters()
        self.environment = self.stage.environment()
        self.cloud, self.database = self.stage.cloud, self.stage.database
        self.push, self.slack = self.stage.push, self.stage.slack

    def tearDown(self):
        forged, self.cloud.forged = self.cloud.forged, []
        self.stage.clear()
        self.assertEqual(forged, [], "requests whose signature AWS would refuse")

    def handled(self, event, environment=None):
        """Gives an event and returns the function's report."""
        environment = environment or self.environment
        invocation = environment.invoke(event)
        self.assertEqual(invocation.kind, "response", f"{invocation}\n{environment.read_log()}")
        return invocation.body

    def states(self):
        """Returns how the messages stand."""
        return dict(self.stage.outbox())

    def end_leases(self):
        """Lets a minute pass for every message that somebody has taken."""
        self.database.run("UPDATE outbox SET due_at = due_at - INTERVAL 61 SECOND WHERE state = 'sending'")

    def make_due(self):
        """Lets a quarter of an hour pass for every message that waits."""
        self.database.run("UPDATE outbox SET due_at = due_at - INTERVAL 15 MINUTE WHERE state = 'pending'")
