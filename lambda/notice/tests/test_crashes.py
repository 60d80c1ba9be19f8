"""The program is killed at chosen moments, and what is left is taken up without a second message."""

import threading

from scene import SWEEP, Scene, notice


class Crashes(Scene):
    def killed(self, event):
        """Gives an event during which the environment dies."""
        invocation = self.environment.invoke(event)
        self.assertEqual(invocation.kind, "killed", invocation)

    def kill(self, *_):
        """Kills the program, and lets whoever asked it hear nothing."""
        self.environment.kill()
        return "hang up"

    def test_killed_after_the_database_and_before_anything_was_taken(self):
        # The first message asks for the secret of its channel before it goes anywhere.
        self.cloud.before = lambda service, body: self.kill() if service == "ssm" and b"/notice/push" in body else None
        self.killed(self.cloud.put("in/a.json", notice(channels=("push", "slack"))))
        self.cloud.before = lambda service, body: None
        self.assertEqual(self.database.value("SELECT COUNT(*) FROM notices"), "1")
        self.assertEqual(self.push.requests, {})
        self.end_leases()
        self.handled(SWEEP)
        self.assertEqual(list(self.push.delivered.values()), [1])
        # Of the message to Slack nobody knows: once is the most.
        self.assertEqual(self.states(), {"push": "sent", "slack": "uncertain"})
        self.assertLessEqual(sum(self.slack.shown.values()), 1)

    def test_killed_when_pending_rows_are_left_behind(self):
        self.database.run("DELETE FROM outbox")
        self.handled(self.cloud.put("in/a.json", notice(channels=("slack",), publish_from="2026-12-31T00:00:00+09:00")))
        # As a crash right behind the transaction leaves it: written, due, claimed by nobody.
        self.environment.kill()
        self.database.run("UPDATE outbox SET due_at = UTC_TIMESTAMP(6)")
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 1)
        self.assertEqual(sum(self.slack.shown.values()), 1)

    def test_killed_when_a_message_with_a_key_was_taken_and_not_yet_marked(self):
        self.push.after = self.kill
        self.killed(self.cloud.put("in/a.json", notice()))
        self.push.after = lambda key: None
        self.assertEqual(self.states(), {"push": "sending"})
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 0, "the lease still runs")
        self.end_leases()
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 1)
        self.assertEqual((list(self.push.requests.values()), list(self.push.delivered.values())), ([2], [1]))

    def test_killed_when_a_topic_had_taken_a_message(self):
        self.cloud.after = lambda service, body: self.kill() if service == "sns" else None
        self.killed(self.cloud.put("in/a.json", notice(channels=("sns",))))
        self.cloud.after = lambda service, body: None
        self.end_leases()
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 1)
        self.assertEqual(list(self.cloud.publications.values()), [2])
        self.assertEqual(list(self.cloud.published().values()), [1])

    def test_after_the_five_minutes_of_a_topic_its_message_is_uncertain(self):
        self.cloud.after = lambda service, body: self.kill() if service == "sns" else None
        self.killed(self.cloud.put("in/a.json", notice(channels=("sns",))))
        self.cloud.after = lambda service, body: None
        self.database.run("UPDATE outbox SET due_at = due_at - INTERVAL 6 MINUTE, "
                          "tried_at = tried_at - INTERVAL 6 MINUTE")
        self.assertEqual(self.handled(SWEEP)["messages"]["uncertain"], 1)
        self.assertEqual(list(self.cloud.publications.values()), [1])

    def test_killed_when_slack_or_mail_had_taken_a_message(self):
        for channel in ("slack", "email"):
            with self.subTest(channel):
                self.slack.after = self.kill
                self.cloud.after = lambda service, body: self.kill() if service == "ses" else None
                self.killed(self.cloud.put(f"in/{channel}.json", notice(channel, channels=(channel,))))
                self.slack.after = lambda text: None
                self.cloud.after = lambda service, body: None
                self.end_leases()
                self.assertEqual(self.handled(SWEEP)["messages"]["uncertain"], 1)
                self.assertEqual(self.handled(SWEEP)["messages"]["uncertain"], 0)
        self.assertEqual(self.states(), {"slack": "uncertain", "email": "uncertain"})
        self.assertEqual((sum(self.slack.shown.values()), sum(self.cloud.mails.values())), (1, 1))

    def test_killed_when_a_refusal_was_taken(self):
        self.cloud.after = lambda service, body: self.kill() if service == "sqs" else None
        event = self.cloud.put("in/bad.json", "{")
        self.killed(event)
        self.cloud.after = lambda service, body: None
        self.end_leases()
        self.handled(event)
        # A queue that is not FIFO knows no key; a refusal that is told twice does no harm.
        self.assertIn(len(self.cloud.refusals()), (1, 2))
        self.assertEqual(self.states(), {"dead-letter": "sent"})

    def test_a_connection_that_breaks_is_no_reason_for_a_second_message(self):
        self.slack.after = self.push.after = lambda _: "hang up"
        report = self.handled(self.cloud.put("in/a.json", notice(channels=("push", "slack"))))
        self.assertEqual((report["messages"]["uncertain"], report["messages"]["again"]), (1, 1))
        self.push.after = lambda _: None
        self.make_due()
        self.handled(SWEEP)
        self.assertEqual(self.states(), {"push": "sent", "slack": "uncertain"})
        self.assertEqual((list(self.push.delivered.values()), sum(self.slack.shown.values())), ([1], 1))

    def test_a_push_service_that_sends_every_message_is_never_given_one_twice(self):
        self.environment = self.stage.environment(NOTICE_PUSH_REPEATS="sent")
        self.push.drops_repeats = False
        self.push.after = self.kill
        self.killed(self.cloud.put("in/a.json", notice()))
        self.push.after = lambda key: None
        self.end_leases()
        self.assertEqual(self.handled(SWEEP)["messages"]["uncertain"], 1)
        self.assertEqual(list(self.push.delivered.values()), [1])

    def test_a_channel_that_is_busy_gets_the_message_later(self):
        self.slack.status = 429
        report = self.handled(self.cloud.put("in/a.json", notice(channels=("slack",))))
        self.assertEqual(report["messages"]["again"], 1)
        self.slack.status = 200
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 0, "its pause still runs")
        self.make_due()
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 1)
        self.assertEqual(list(self.slack.shown.values()), [1])

    def test_a_channel_that_refuses_gets_the_message_never(self):
        self.slack.status = 400
        report = self.handled(self.cloud.put("in/a.json", notice(channels=("slack",))))
        self.assertEqual(report["messages"]["failed"], 1)
        self.assertEqual(self.states(), {"slack": "failed"})

    def test_killed_in_the_middle_of_making_the_tables(self):
        self.database.run("DROP TABLE files, notices, outbox, refusals; DELETE FROM _sqlx_migrations;"
                          "CREATE TABLE files (file_id INT); DROP TABLE files;"
                          "INSERT INTO _sqlx_migrations VALUES (1, 'notices', NOW(), FALSE, 'x', -1)")
        self.assertEqual(self.handled(self.cloud.put("in/a.json", notice()))["published"], 1)

    def test_two_environments_send_a_message_once(self):
        rows = "id,title,body,audience,channels,publish_from\n" + "".join(
            f"n-{n},제목 {n},본문,all,push;slack,2026-12-31T00:00:00Z\n" for n in range(40))
        self.handled(self.cloud.put("in/a.csv", rows))
        self.database.run("UPDATE outbox SET due_at = UTC_TIMESTAMP(6)")
        both = [self.environment, self.stage.environment()]
        threads = [threading.Thread(target=self.handled, args=(SWEEP, one)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((set(self.push.requests.values()), len(self.push.requests)), ({1}, 40))
        self.assertEqual((set(self.slack.shown.values()), len(self.slack.shown)), ({1}, 40))
