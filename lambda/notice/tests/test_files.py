"""Files that come, change, go, or cannot be read."""

import json

from scene import SWEEP, Scene, moment, notice

ALL = ("push", "slack", "email", "sns")


class Files(Scene):
    def test_a_file_becomes_rows_and_one_message_for_each_channel(self):
        report = self.handled(self.cloud.put("in/12월 점검+1.json", notice(channels=ALL)))
        self.assertEqual((report["published"], report["messages"]["sent"]), (1, 4))
        self.assertEqual(self.database.run("SELECT id, title, state, revision FROM notices"),
                         [("notice-a", "점검 안내 a", "published", "1")])
        self.assertEqual(self.states(), {"push": "sent", "slack": "sent", "email": "sent", "sns": "sent"})
        self.assertEqual(list(self.push.delivered.values()), [1])
        self.assertEqual(list(self.slack.shown.values()), [1])
        self.assertEqual(list(self.cloud.mails.values()), [1])
        self.assertEqual(list(self.cloud.published().values()), [1])

    def test_a_table_and_a_page_are_read_too(self):
        rows = "id,title,body,audience,channels,publish_from,time_zone\n" + "".join(
            f"row-{n},행 {n},본문 {n},segment:vip;platform:ios,push,2026-11-01 10:00,Asia/Seoul\n" for n in range(3))
        self.handled(self.cloud.put("in/table.csv", rows))
        page = "---\nid: page\ntitle: '쪽: 하나'\naudience: [all]\nchannels:\n  - slack\n---\n# 제목\n\n본문\n"
        self.handled(self.cloud.put("in/page.md", page))
        self.assertEqual(self.database.value("SELECT COUNT(*) FROM notices WHERE state = 'published'"), "4")
        begins = self.database.value("SELECT publish_from FROM notices WHERE id = 'row-0'")
        self.assertEqual(begins, "2026-11-01 01:00:00.000000")
        condition = {message["condition"] for message in self.push.messages.values()}
        self.assertEqual(condition, {"'segment-vip' in topics && 'platform-ios' in topics"})
        self.assertEqual(list(self.slack.shown), ["*쪽: 하나*\n# 제목\n\n본문"])

    def test_an_event_that_comes_twice_does_nothing_the_second_time(self):
        event = self.cloud.put("in/a.json", notice(channels=ALL))
        self.handled(event)
        report = self.handled(event)
        self.assertEqual((report["known"], report["messages"]["sent"]), (1, 0))
        self.assertEqual(self.database.value("SELECT revision FROM notices"), "1")
        self.assertEqual(sum(self.slack.shown.values()), 1)

    def test_a_corrected_file_changes_the_notice_and_is_not_announced_again(self):
        self.handled(self.cloud.put("in/a.json", notice()))
        self.handled(self.cloud.put("in/a.json", notice(title="고친 제목")))
        self.assertEqual(self.database.run("SELECT title, revision FROM notices"), [("고친 제목", "2")])
        self.assertEqual(sum(self.push.requests.values()), 1)

    def test_a_correction_before_the_hour_changes_what_is_sent(self):
        self.handled(self.cloud.put("in/a.json", notice(publish_from=moment(3600))))
        self.handled(self.cloud.put("in/a.json", notice(title="고친 제목", publish_from=moment(-1))))
        self.assertEqual([message["notification"]["title"] for message in self.push.messages.values()], ["고친 제목"])

    def test_a_deleted_file_withdraws_and_cancels(self):
        self.handled(self.cloud.put("in/a.json", notice(publish_from=moment(3600))))
        report = self.handled(self.cloud.delete("in/a.json"))
        self.assertEqual(report["withdrawn"], 1)
        self.assertEqual(self.database.run("SELECT state FROM notices"), [("withdrawn",)])
        self.assertEqual(self.states(), {"push": "cancelled"})

    def test_a_notice_that_leaves_a_table_is_withdrawn_and_the_others_stay(self):
        rows = "id,title,body,audience,channels\na,t,b,all,push\nb,t,b,all,push\n"
        self.handled(self.cloud.put("in/a.csv", rows))
        self.handled(self.cloud.put("in/a.csv", rows.replace("b,t,b,all,push\n", "")))
        self.assertEqual(self.database.run("SELECT id, state FROM notices ORDER BY id"),
                         [("a", "published"), ("b", "withdrawn")])

    def test_a_deletion_that_comes_before_its_file_wins(self):
        written = self.cloud.put("in/a.json", notice())
        deleted = self.cloud.delete("in/a.json")
        self.handled(deleted)
        self.handled(written)
        self.assertEqual(self.database.value("SELECT COUNT(*) FROM notices"), "0")
        self.assertEqual(self.push.requests, {})

    def test_a_correction_that_comes_before_its_file_wins(self):
        first = self.cloud.put("in/a.json", notice(title="처음"))
        second = self.cloud.put("in/a.json", notice(title="나중"))
        self.handled(second)
        report = self.handled(first)
        self.assertEqual(report["known"], 1)
        self.assertEqual(self.database.run("SELECT title, revision FROM notices"), [("나중", "1")])

    def test_in_a_bucket_with_versions_each_event_reads_its_own(self):
        self.keep_versions("Enabled")
        try:
            first = self.cloud.put("in/v.json", notice(title="처음"))
            first["Records"][0]["s3"]["object"]["versionId"] = self.version("in/v.json")
            second = self.cloud.put("in/v.json", "{")
            second["Records"][0]["s3"]["object"]["versionId"] = self.version("in/v.json")
            self.handled(second)
            self.handled(first)
        finally:
            self.keep_versions("Suspended")
        # The newest content that is good is shown, whatever the order.
        self.assertEqual(self.database.run("SELECT title, state FROM notices"), [("처음", "published")])
        self.assertEqual(len(self.cloud.refusals()), 1)

    def test_deleting_an_old_version_leaves_what_is_there(self):
        self.keep_versions("Enabled")
        try:
            self.handled(self.cloud.put("in/v.json", notice(title="처음")))
            old = self.version("in/v.json")
            event = self.cloud.put("in/v.json", notice(title="나중"))
            self.handled(event)
            event["Records"][0]["eventName"] = "ObjectRemoved:Delete"
            for version in (old, self.version("in/v.json")):
                self.cloud.s3.delete_object(Bucket="service-notifications", Key="in/v.json", VersionId=version)
                event["Records"][0]["s3"]["object"]["versionId"] = version
                self.handled(self.cloud.with_sequencer(event))
                expected = ("나중", "published" if version == old else "withdrawn")
                self.assertEqual(self.database.run("SELECT title, state FROM notices"), [expected])
        finally:
            self.keep_versions("Suspended")

    def keep_versions(self, status):
        self.cloud.s3.put_bucket_versioning(Bucket="service-notifications", VersioningConfiguration={"Status": status})

    def version(self, key):
        return self.cloud.s3.head_object(Bucket="service-notifications", Key=key)["VersionId"]

    def test_a_poison_file_is_told_once_with_its_place_and_never_retried(self):
        event = self.cloud.put("in/bad.csv", "id,title,body,audience,channels\na,,b,all,fax\n")
        self.assertEqual(self.handled(event)["refused"], 1)
        self.assertEqual(self.handled(event)["refused"], 0)
        (refusal,) = self.cloud.refusals()
        self.assertEqual(refusal["key"], "in/bad.csv")
        places = [(problem["line"], problem["column"], problem["field"]) for problem in refusal["problems"]]
        self.assertEqual(places, [(2, 2, "title"), (2, 5, "channels")])
        kept = json.loads(self.database.value("SELECT problems FROM refusals").replace("\\\\", "\\"))
        self.assertEqual(kept, refusal["problems"])
        self.assertEqual(self.database.value("SELECT state FROM files"), "refused")

    def test_a_broken_correction_takes_nothing_away(self):
        self.handled(self.cloud.put("in/a.json", notice()))
        self.handled(self.cloud.put("in/a.json", "{"))
        self.assertEqual(self.database.run("SELECT state, revision FROM notices"), [("published", "1")])
        self.assertEqual(len(self.cloud.refusals()), 1)

    def test_a_file_that_is_too_large_is_refused_unread(self):
        self.assertEqual(self.handled(self.cloud.put("in/a.json", " " * (1024 * 1024 + 1)))["refused"], 1)

    def test_an_event_of_nobody_is_an_error_that_lambda_sees(self):
        invocation = self.environment.invoke({"hello": 1})
        self.assertEqual(invocation.kind, "error")
        self.assertIn("neither a notification of S3", invocation.body["errorMessage"])

    def test_a_notice_goes_out_at_its_hour(self):
        self.handled(self.cloud.put("in/a.json", notice(publish_from=moment(2))))
        self.assertEqual(self.states(), {"push": "pending"})
        self.database.run("UPDATE outbox SET due_at = UTC_TIMESTAMP(6)")
        self.assertEqual(self.handled(SWEEP)["messages"]["sent"], 1)

    def test_a_notice_that_ended_before_it_went_out_stays(self):
        self.handled(self.cloud.put("in/a.json", notice(publish_from=moment(3600), publish_until=moment(7200))))
        self.database.run("UPDATE outbox SET due_at = UTC_TIMESTAMP(6);"
                          "UPDATE notices SET publish_until = UTC_TIMESTAMP(6)")
        self.assertEqual(self.handled(SWEEP)["messages"]["expired"], 1)
        self.assertEqual(self.push.requests, {})
