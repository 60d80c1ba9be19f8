import json
import unittest

import start  # noqa: F401
from connection import connection_options
from log import Log
from secrets_cache import TIME_TO_LIVE_SECONDS, Secrets

SECRET = {"host": "db", "port": 3307, "user": "u", "password": "p", "schema": "s"}


class SecretsTest(unittest.TestCase):
    def test_a_secret_is_read_again_when_its_time_is_over(self):
        now = [0]
        values = iter(["first", "second"])
        secrets = Secrets(lambda name: next(values), now=lambda: now[0])
        self.assertEqual(secrets.read("/a"), "first")
        now[0] = TIME_TO_LIVE_SECONDS - 1
        self.assertEqual(secrets.read("/a"), "first")
        now[0] = TIME_TO_LIVE_SECONDS
        self.assertEqual(secrets.read("/a"), "second")

    def test_a_secret_that_is_empty_fails(self):
        with self.assertRaisesRegex(ValueError, "/a is empty"):
            Secrets(lambda name: "").read("/a")


class ConnectionTest(unittest.TestCase):
    def test_the_database_is_reached_over_tls_unless_the_secret_says_otherwise(self):
        safe = connection_options(json.dumps(SECRET), lambda: "context")
        self.assertEqual(safe["ssl"], "context")
        self.assertEqual(safe["port"], 3307)
        bare = connection_options(json.dumps({**SECRET, "tls": "off"}), lambda: "context")
        self.assertNotIn("ssl", bare)

    def test_a_broken_secret_fails_without_being_repeated(self):
        with self.assertRaises(ValueError) as raised:
            connection_options("hunter2")
        self.assertNotIn("hunter2", str(raised.exception))
        with self.assertRaisesRegex(ValueError, "has no user"):
            connection_options('{"host": "db"}')


class LogTest(unittest.TestCase):
    def test_a_line_is_one_json_object(self):
        lines = []
        Log(lines.append).info("written", id="a\nb")
        self.assertNotIn("\n", lines[0])
        self.assertEqual(json.loads(lines[0]), {"level": "info", "message": "written", "id": "a\nb"})


if __name__ == "__main__":
    unittest.main()
