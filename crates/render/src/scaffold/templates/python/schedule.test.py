import unittest

import start  # noqa: F401
from fakes import FakeLog
from handler import create_handler, time_of

EVENT = {"time": "2030-01-31T18:00:00Z"}


class Context:
    def __init__(self, left=60000):
        self.left = left

    def get_remaining_time_in_millis(self):
        return self.left


class FakeRuns:
    def __init__(self, expired):
        self.expired = expired
        self.claimed = {}
        self.finished = []

    def claim(self, _job, time, _lease):
        if time in self.claimed:
            return self.claimed[time]
        self.claimed[time] = "running"
        return "ours"

    def finish(self, _job, time, removed):
        self.claimed[time] = "finished"
        self.finished.append(removed)

    def release(self, _job, time):
        self.claimed.pop(time)

    def count_expired(self, _before):
        return self.expired

    def remove_expired(self, _before):
        removed = min(2, self.expired)
        self.expired -= removed
        return removed, removed < 2


class World:
    def __init__(self, mode="live", expired=3):
        self.runs = FakeRuns(expired)
        self.log = FakeLog()
        self.handler = create_handler(mode=mode, lease_seconds=300, runs=self.runs, log=self.log)


class HandlerTest(unittest.TestCase):
    def test_what_has_expired_is_removed_in_batches(self):
        world = World()
        self.assertEqual(world.handler(EVENT, Context()), {"state": "finished", "removed": 3})
        self.assertEqual(world.runs.expired, 0)

    def test_one_time_is_run_once(self):
        world = World()
        world.handler(EVENT, Context())
        self.assertEqual(world.handler(EVENT, Context()), {"state": "repeated"})
        self.assertEqual(world.runs.finished, [3])

    def test_a_run_that_another_invocation_has_comes_again(self):
        world = World()
        world.runs.claimed["2030-01-31 18:00:00"] = "running"
        with self.assertRaisesRegex(RuntimeError, "another invocation"):
            world.handler(EVENT, Context())
        self.assertEqual(world.runs.expired, 3)

    def test_what_was_not_finished_is_given_back_and_goes_on(self):
        world = World(expired=5)
        with self.assertRaises(TimeoutError):
            world.handler(EVENT, Context(left=0))
        self.assertEqual(world.handler(EVENT, Context()), {"state": "finished", "removed": 3})

    def test_in_shadow_it_is_counted_and_nothing_is_removed(self):
        world = World(mode="shadow")
        self.assertEqual(world.handler(EVENT, Context()), {"state": "shadow", "expired": 3})
        self.assertEqual(world.runs.expired, 3)

    def test_an_event_without_a_time_fails(self):
        with self.assertRaisesRegex(ValueError, "no time"):
            time_of({})
        self.assertEqual(time_of(EVENT), "2030-01-31 18:00:00")


if __name__ == "__main__":
    unittest.main()
