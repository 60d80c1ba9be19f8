import unittest

import start  # noqa: F401
from notice import parse_notice
from notices import Notices


class FakeConnection:
    """A database that writes down what it is asked, and fails where it is told to."""

    def __init__(self, steps, failures):
        self.steps = steps
        self.failures = failures

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        return False

    def execute(self, statement, _values):
        table = "handled" if "handled" in statement else "notice"
        self.steps.append(table)
        if table in self.failures:
            raise self.failures[table]

    def begin(self):
        self.steps.append("begin")

    def commit(self):
        self.steps.append("commit")

    def rollback(self):
        self.steps.append("rollback")

    def close(self):
        self.steps.append("close")


class NoticesTest(unittest.TestCase):
    def save(self, keep=True, **failures):
        steps = []
        notices = Notices(lambda: FakeConnection(steps, failures))
        notice = parse_notice('{"id": "n-1", "title": "t", "body": "b"}')
        try:
            return notices.save(notice, "k", keep), steps
        except ConnectionError:
            return "failed", steps

    def test_the_key_and_the_notice_are_one_transaction(self):
        self.assertEqual(self.save(), ("new", ["begin", "handled", "notice", "commit", "close"]))

    def test_what_is_not_kept_is_rolled_back(self):
        state, steps = self.save(keep=False)
        self.assertEqual((state, steps[-2:]), ("new", ["rollback", "close"]))

    def test_a_key_that_is_there_writes_nothing(self):
        state, steps = self.save(handled=Exception(1062, "Duplicate entry"))
        self.assertEqual((state, steps), ("repeated", ["begin", "handled", "rollback", "close"]))

    def test_a_failure_is_rolled_back_and_raised(self):
        state, steps = self.save(notice=ConnectionError("gone"))
        self.assertEqual((state, steps[-2:]), ("failed", ["rollback", "close"]))


if __name__ == "__main__":
    unittest.main()
