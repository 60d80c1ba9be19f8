import re
import unittest

import start  # noqa: F401
from fakes import FakeLog
from notice import parse_notice
from notices import Arrival, Notices

WRITTEN = ["insert handled", "insert notice", "update notice", "select notice"]


class FakeConnection:
    """A database that writes down what it is asked, and fails where it is told to."""

    def __init__(self, steps, failures, ours, known):
        self.steps = steps
        self.failures = failures
        self.rows = {"select notice": (ours,), "select handled": (known,)}

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        return False

    def execute(self, statement, values):
        if statement.count("%s") != len(values):
            raise AssertionError(statement)
        step = " ".join(re.match(r"(\w+).*?\b(handled|notice)\b", statement).groups())
        self.steps.append(step)
        if step in self.failures:
            raise self.failures[step]

    def fetchone(self):
        return self.rows[self.steps[-1]]

    def begin(self):
        self.steps.append("begin")

    def commit(self):
        self.steps.append("commit")

    def rollback(self):
        self.steps.append("rollback")

    def close(self):
        self.steps.append("close")


class NoticesTest(unittest.TestCase):
    def save(self, keep=True, failures=None, ours=1, known="d", body="d"):
        steps = []
        notices = Notices(lambda: FakeConnection(steps, failures or {}, ours, known), FakeLog())
        notice = parse_notice('{"id": "n-1", "title": "t", "body": "b"}')
        try:
            return notices.save(notice, Arrival(key="k", sent_ms=1, body=body), keep), steps
        except ConnectionError:
            return "failed", steps

    def test_the_key_and_the_notice_are_one_transaction_and_what_is_old_is_forgotten_after_it(self):
        after = ["commit", "delete handled", "close"]
        self.assertEqual(self.save(), ("new", ["begin", *WRITTEN, *after]))

    def test_a_notice_is_written_though_what_is_old_cannot_be_forgotten(self):
        state, steps = self.save(failures={"delete handled": ConnectionError("gone")})
        self.assertEqual((state, steps[-3:]), ("new", ["commit", "delete handled", "close"]))

    def test_what_is_not_kept_is_rolled_back_and_nothing_is_forgotten(self):
        self.assertEqual(self.save(keep=False), ("new", ["begin", *WRITTEN, "rollback", "close"]))

    def test_what_is_older_than_what_is_there_is_remembered_and_never_announced(self):
        state, steps = self.save(ours=0)
        self.assertEqual((state, steps[5:7]), ("older", ["update handled", "commit"]))

    def test_a_key_that_is_there_writes_nothing(self):
        there = {"insert handled": Exception(1062, "Duplicate entry")}
        asked = ["begin", "insert handled", "select handled", "rollback", "close"]
        for known, body, expected in (
            ("d", "d", "repeated"),
            (None, "d", "repeated"),
            ("e", None, "repeated"),
            ("e", "d", "other"),
        ):
            state, steps = self.save(failures=there, known=known, body=body)
            self.assertEqual((state, steps), (expected, asked))

    def test_a_failure_is_rolled_back_and_raised(self):
        state, steps = self.save(failures={"insert notice": ConnectionError("gone")})
        self.assertEqual((state, steps[-2:]), ("failed", ["rollback", "close"]))


if __name__ == "__main__":
    unittest.main()
