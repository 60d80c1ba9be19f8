import json
import unittest

import start  # noqa: F401
from fakes import FakeLog, FakeNotices
from handler import create_handler


def body(identifier):
    return json.dumps({"id": identifier, "title": "Maintenance", "body": "From 02:00"})


def message(identifier, text, sent="1000"):
    return {"messageId": identifier, "body": text, "attributes": {"SentTimestamp": sent}}


class World:
    def __init__(self, mode="live", failing=()):
        self.notices = FakeNotices(failing)
        self.log = FakeLog()
        self.handler = create_handler(mode=mode, notices=self.notices, log=self.log)


class HandlerTest(unittest.TestCase):
    def test_a_batch_is_written(self):
        world = World()
        answer = world.handler({"Records": [message("1", body("a")), message("2", body("b"))]})
        self.assertEqual(answer, {"batchItemFailures": []})
        self.assertEqual(len(world.notices.saved), 2)

    def test_only_those_that_fail_come_again(self):
        world = World(failing=("b",))
        records = [
            message("1", body("a")),
            message("2", body("b")),
            message("3", "{"),
            message("4", body("c")),
        ]
        answer = world.handler({"Records": records})
        failed = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        self.assertEqual(failed, ["2", "3"])
        self.assertEqual(len(world.notices.saved), 2)

    def test_a_batch_of_which_nothing_could_be_handled_fails_and_is_counted(self):
        world = World(failing=("a", "b"))
        with self.assertRaisesRegex(RuntimeError, "no message"):
            world.handler({"Records": [message("1", body("a")), message("2", body("b"))]})

    def test_the_same_message_again_changes_nothing(self):
        world = World()
        world.handler({"Records": [message("1", body("a")), message("1", body("a"))]})
        self.assertEqual(len(world.notices.saved), 1)

    def test_a_message_says_when_it_was_sent_so_that_the_older_of_two_loses(self):
        world = World()
        batch = [message("1", body("a"), "2000"), message("2", body("a"), "1000")]
        world.handler({"Records": batch})
        self.assertEqual([one.sent_ms for one in world.notices.arrivals], [2000, 1000])
        answer = world.handler({"Records": [message("3", body("a")), message("4", body("a"), "")]})
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "4"}]})

    def test_in_shadow_nothing_is_kept(self):
        world = World(mode="shadow")
        world.handler({"Records": [message("1", body("a"))]})
        self.assertEqual(world.notices.saved, {})
        self.assertEqual(world.log.lines, ["would be written"])

    def test_an_event_without_records_fails(self):
        with self.assertRaisesRegex(ValueError, "no records"):
            World().handler({})


if __name__ == "__main__":
    unittest.main()
