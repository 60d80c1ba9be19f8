import base64
import json
import unittest

import start  # noqa: F401
from fakes import FakeLog, FakeNotices
from handler import create_handler

NOTICE = json.dumps({"id": "n-1", "title": "Maintenance", "body": "From 02:00"})


def post(body=NOTICE, time=1000, **headers):
    return {
        "rawPath": "/notices",
        "requestContext": {"http": {"method": "POST"}, "timeEpoch": time},
        "headers": {"authorization": "Bearer right", "idempotency-key": "request-1", **headers},
        "body": body,
    }


class World:
    def __init__(self, mode="live", failing=()):
        self.notices = FakeNotices(failing)
        self.log = FakeLog()
        self.handler = create_handler(
            mode=mode, token=lambda: "right", notices=self.notices, log=self.log
        )


class HandlerTest(unittest.TestCase):
    def test_a_notice_is_written_once_for_a_key(self):
        world = World()
        self.assertEqual(world.handler(post())["statusCode"], 201)
        again = world.handler(post())
        self.assertEqual(again["statusCode"], 200)
        self.assertEqual(json.loads(again["body"]), {"id": "n-1", "state": "repeated"})
        self.assertEqual(len(world.notices.saved), 1)

    def test_the_same_key_with_another_body_is_refused(self):
        world = World()
        world.handler(post())
        answer = world.handler(post(NOTICE.replace("Maintenance", "Another")))
        self.assertEqual(answer["statusCode"], 422)
        self.assertIn("another body", json.loads(answer["body"])["error"])
        self.assertEqual(len(world.notices.saved), 1)

    def test_what_the_api_took_earlier_is_told_that_a_newer_notice_is_there(self):
        world = World()
        world.handler(post(time=2000))
        late = world.handler(post(time=1000, **{"idempotency-key": "request-2"}))
        self.assertEqual(late["statusCode"], 200)
        self.assertEqual(json.loads(late["body"]), {"id": "n-1", "state": "older"})
        with self.assertRaisesRegex(ValueError, "no time"):
            world.handler(post(time=None))

    def test_a_body_in_base64_is_read(self):
        event = post(base64.b64encode(NOTICE.encode()).decode())
        event["isBase64Encoded"] = True
        self.assertEqual(World().handler(event)["statusCode"], 201)

    def test_whoever_has_no_token_or_another_one_is_refused(self):
        for given in (None, "", "right", "Bearer wrong", "Bearer right "):
            world = World()
            self.assertEqual(world.handler(post(authorization=given))["statusCode"], 401)
            self.assertEqual(world.notices.saved, {})

    def test_what_is_not_valid_is_refused_with_its_reason(self):
        for body, reason in (
            ("{", "not JSON"),
            ("[]", "not an object"),
            ('{"id": "n-1", "title": " ", "body": "b"}', "title has"),
            ('{"id": "n-1", "title": "t", "body": "b", "more": 1}', 'no field "more"'),
            (
                '{"id": "n-1", "title": "t", "body": "b", "expires_at": "2030-02-31T00:00:00Z"}',
                "a time such",
            ),
        ):
            answer = World().handler(post(body))
            self.assertEqual(answer["statusCode"], 400, body)
            self.assertIn(reason, json.loads(answer["body"])["error"])

    def test_a_key_is_needed(self):
        answer = World().handler(post(**{"idempotency-key": "short"}))
        self.assertEqual(answer["statusCode"], 400)

    def test_health_answers_without_a_token(self):
        event = {"rawPath": "/health", "requestContext": {"http": {"method": "GET"}}}
        answer = World(mode="shadow").handler(event)
        self.assertEqual(json.loads(answer["body"]), {"status": "ok", "mode": "shadow"})

    def test_other_routes_are_not_there(self):
        event = {"rawPath": "/health", "requestContext": {"http": {"method": "PUT"}}}
        self.assertEqual(World().handler(event)["statusCode"], 404)

    def test_in_shadow_nothing_is_kept(self):
        world = World(mode="shadow")
        self.assertEqual(world.handler(post())["statusCode"], 201)
        self.assertEqual(world.notices.saved, {})
        self.assertEqual(world.log.lines, ["would be written"])

    def test_a_failure_is_raised_so_that_it_is_counted(self):
        with self.assertRaises(ConnectionError):
            World(failing=("n-1",)).handler(post())


if __name__ == "__main__":
    unittest.main()
