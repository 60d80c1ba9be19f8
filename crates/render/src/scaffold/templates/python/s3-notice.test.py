import json
import unittest

import start  # noqa: F401
from fakes import FakeLog, FakeNotices
from handler import create_handler, idempotency_key, object_of

NOTICE = json.dumps({"id": "n-1", "title": "Maintenance", "body": "From 02:00"})


TIME = "2030-01-31T18:00:00.123Z"


def event(key="in/a.json", version="v1", sequencer="00A1"):
    item = {"key": key, "versionId": version, "size": 60, "sequencer": sequencer}
    s3 = {"bucket": {"name": "notices"}, "object": item}
    return {"Records": [{"eventTime": TIME, "s3": s3}]}


class World:
    def __init__(self, mode="live", text=NOTICE):
        self.notices = FakeNotices()
        self.log = FakeLog()
        self.messages = []
        self.is_broken = False
        self.handler = create_handler(
            mode=mode,
            read_object=lambda bucket, key: text,
            notices=self.notices,
            announce=self.announce,
            log=self.log,
        )

    def announce(self, message):
        if self.is_broken:
            raise ConnectionError("the topic does not answer")
        self.messages.append(message)


class HandlerTest(unittest.TestCase):
    def test_an_object_is_written_and_announced(self):
        world = World()
        world.handler(event())
        self.assertEqual(len(world.notices.saved), 1)
        self.assertEqual(world.messages, [{"id": "n-1", "title": "Maintenance"}])

    def test_the_same_object_again_changes_nothing(self):
        world = World()
        world.handler(event())
        world.handler(event())
        self.assertEqual(len(world.messages), 1)

    def test_another_version_is_handled(self):
        world = World()
        world.handler(event(version="v1"))
        world.handler(event(version="v2"))
        self.assertEqual(len(world.notices.saved), 2)

    def test_an_event_that_comes_late_is_not_announced(self):
        world = World()
        world.handler(event(version="v2", sequencer="00a10"))
        world.handler(event(version="v1", sequencer="009FF"))
        self.assertEqual(len(world.messages), 1)
        self.assertEqual(world.log.lines[-1], "a newer one is there")
        newer, older = world.notices.arrivals
        self.assertEqual([newer.sequencer, older.sequencer], ["00A1" + "0" * 60, "009FF" + "0" * 59])
        self.assertEqual((newer.source, newer.sent_ms), (older.source, 1896112800123))

    def test_without_a_sequencer_the_time_of_the_event_is_left_and_has_to_be_there(self):
        record = event(sequencer="not hex")["Records"][0]
        self.assertEqual(object_of(record).sequencer, "")
        for time in (None, "", "2030-01-31"):
            with self.assertRaisesRegex(ValueError, "no eventTime"):
                object_of({**record, "eventTime": time})

    def test_an_object_that_is_gone_is_nothing_to_be_written(self):
        world = World(text=None)
        world.handler(event())
        self.assertEqual((world.notices.saved, world.messages), ({}, []))
        self.assertEqual(world.log.lines, ["the object is gone"])

    def test_what_was_not_announced_is_announced_when_it_comes_again(self):
        world = World()
        world.is_broken = True
        with self.assertRaises(ConnectionError):
            world.handler(event())
        world.is_broken = False
        world.handler(event())
        self.assertEqual(len(world.messages), 1)

    def test_in_shadow_nothing_is_kept_and_nothing_is_announced(self):
        world = World(mode="shadow")
        world.handler(event())
        self.assertEqual(world.notices.saved, {})
        self.assertEqual(world.messages, [])
        self.assertEqual(world.log.lines, ["would be written"])

    def test_a_notice_that_is_not_valid_fails(self):
        world = World(text='{"id": "n 1"}')
        with self.assertRaisesRegex(Exception, "id has 1 to 64"):
            world.handler(event())
        self.assertEqual(world.notices.saved, {})

    def test_an_event_without_records_fails(self):
        with self.assertRaisesRegex(ValueError, "no records"):
            World().handler({})

    def test_keys_are_decoded_and_differ_by_place(self):
        item = object_of(event("in/%EA%B3%B5%EC%A7%80+1.json")["Records"][0])
        self.assertEqual(item.key, "in/공지 1.json")
        for one, other in (
            (("a", "b/c", None, ""), ("a/b", "c", None, "")),
            (("a", "b", "null", "0A"), ("a", "b", "null", "0B")),
        ):
            self.assertNotEqual(idempotency_key(*one), idempotency_key(*other))


if __name__ == "__main__":
    unittest.main()
