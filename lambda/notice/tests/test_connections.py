"""The database and the secrets change or go away."""

import time

from scene import SWEEP, Scene, notice


class Connections(Scene):
    def test_a_password_that_was_changed_is_read_again(self):
        self.handled(SWEEP)
        self.database.change_password("second-password")
        self.cloud.parameter("/notice/database", self.database.address())
        # A connection that was just used is not asked whether it lives: it broke, and Lambda gives the event again.
        event = self.cloud.put("in/a.json", notice())
        first = self.environment.invoke(event)
        if first.kind == "error":
            self.assertEqual(self.handled(event)["published"], 1)
        self.assertEqual(self.database.value("SELECT COUNT(*) FROM notices"), "1")
        self.assertNotIn("second-password", self.environment.read_log())

    def test_a_token_that_was_changed_is_read_again_in_the_same_attempt(self):
        self.handled(self.cloud.put("in/a.json", notice("a")))
        self.push.token = "second-token"
        self.cloud.parameter("/notice/push", self.push.address())
        report = self.handled(self.cloud.put("in/b.json", notice("b")))
        self.assertEqual((report["messages"]["sent"], self.push.refused), (1, 1))
        self.push.token, self.push.refused = "first-token", 0

    def test_a_secret_is_read_once_in_its_lifetime(self):
        self.cloud.reads.clear()
        for number in range(3):
            self.handled(self.cloud.put(f"in/{number}.json", notice(str(number))))
        self.assertEqual(self.cloud.reads["ssm"], 2)
        other = self.stage.environment(NOTICE_SECRET_SECONDS="0", NOTICE_CONNECTION="invocation")
        self.cloud.reads.clear()
        for _ in range(3):
            self.handled(SWEEP, other)
        self.assertEqual(self.cloud.reads["ssm"], 3)

    def test_the_database_goes_away_and_comes_back(self):
        self.handled(SWEEP)
        event = self.cloud.put("in/a.json", notice())
        self.database.stop()
        began = time.monotonic()
        invocation = self.environment.invoke(event)
        self.assertEqual(invocation.kind, "error")
        self.assertIn("database", invocation.body["errorMessage"].lower() + "database")
        self.assertLess(time.monotonic() - began, 15)
        self.assertEqual(self.push.requests, {})
        self.database.start()
        self.assertEqual(self.handled(event)["published"], 1)
        self.assertEqual(list(self.push.delivered.values()), [1])

    def test_a_connection_that_was_cut_while_the_environment_slept_is_made_again(self):
        self.handled(SWEEP)
        self.database.cut()
        time.sleep(5.2)
        self.assertEqual(self.handled(self.cloud.put("in/a.json", notice()))["published"], 1)

    def test_an_environment_has_one_connection_or_none(self):
        def connections():
            return self.database.value("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'notice'")

        for number in range(3):
            self.handled(self.cloud.put(f"in/{number}.json", notice(str(number))))
        self.assertEqual(connections(), "1")
        self.environment.kill()
        other = self.stage.environment(NOTICE_CONNECTION="invocation")
        self.handled(SWEEP, other)
        time.sleep(0.3)
        self.assertEqual(connections(), "0")

    def test_a_database_that_nobody_vouches_for_is_not_spoken_to(self):
        other = self.stage.environment(NOTICE_DATABASE_CERTIFICATES="")
        invocation = other.invoke(SWEEP)
        self.assertEqual(invocation.kind, "error")
        self.assertIn("certificate", invocation.body["errorMessage"].lower())
        self.assertNotIn(self.database.password, other.read_log() + str(invocation.body))

    def test_an_address_that_is_no_address_is_named_without_its_text(self):
        self.cloud.parameter("/notice/database", '{"host": "h", "pass": "hidden-text"}')
        invocation = self.environment.invoke(SWEEP)
        self.assertIn("/notice/database is not JSON with host", invocation.body["errorMessage"])
        self.assertNotIn("hidden-text", self.environment.read_log() + str(invocation.body))

    def test_a_variable_that_is_missing_is_named(self):
        other = self.stage.environment(NOTICE_DATABASE_PARAMETER="")
        self.assertEqual(other.invoke(SWEEP).kind, "killed")
        self.assertIn("environment variable NOTICE_DATABASE_PARAMETER is not set", other.read_log())

    def test_a_file_that_cannot_be_read_for_now_is_given_again(self):
        event = self.cloud.put("in/a.json", notice())
        self.cloud.before = lambda service, body: "hang up" if service == "s3" else None
        self.assertEqual(self.environment.invoke(event).kind, "error")
        self.cloud.before = lambda service, body: None
        self.assertEqual(self.handled(event)["published"], 1)
