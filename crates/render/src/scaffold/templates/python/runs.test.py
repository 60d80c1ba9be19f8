import unittest

import start  # noqa: F401
from fakes import FakeLog
from runs import Runs


class FakeConnection:
    """A database that answers each statement by the first word of it."""

    def __init__(self, answers):
        self.answers = answers

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        return False

    def execute(self, statement, _values):
        answer = self.answers[statement.split()[0]]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def fetchone(self):
        return self.answers["row"]

    def close(self):
        pass


TAKEN = Exception(1062, "Duplicate entry")


class RunsTest(unittest.TestCase):
    def claim(self, **answers):
        runs = Runs(lambda: FakeConnection(answers), FakeLog())
        return runs.claim("job", "2030-01-31 18:00:00", 330)

    def test_who_inserts_the_row_has_the_run(self):
        self.assertEqual(self.claim(insert=1), "ours")

    def test_a_lease_that_is_over_is_taken_over(self):
        self.assertEqual(self.claim(insert=TAKEN, update=1), "ours")

    def test_a_run_of_another_is_left(self):
        self.assertEqual(self.claim(insert=TAKEN, update=0, select=1, row=(None,)), "running")

    def test_a_finished_run_is_left(self):
        row = ("2030-01-31 18:01:00",)
        self.assertEqual(self.claim(insert=TAKEN, update=0, select=1, row=row), "finished")

    def test_another_failure_is_raised(self):
        with self.assertRaisesRegex(ConnectionError, "gone"):
            self.claim(insert=ConnectionError("gone"))

    def test_a_run_is_finished_though_old_ones_cannot_be_forgotten(self):
        log = FakeLog()
        answers = {"update": 1, "delete": ConnectionError("gone")}
        Runs(lambda: FakeConnection(answers), log).finish("job", "2030-01-31 18:00:00", 3)
        self.assertEqual(log.lines, ["could not forget old runs"])

    def test_the_last_batch_is_the_one_that_is_not_full(self):
        for removed, expected in ((500, (500, False)), (3, (3, True))):
            runs = Runs(lambda: FakeConnection({"delete": removed}), FakeLog())
            self.assertEqual(runs.remove_expired("2030-01-31 18:00:00"), expected)


if __name__ == "__main__":
    unittest.main()
