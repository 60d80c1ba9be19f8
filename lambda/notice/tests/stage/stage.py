"""Everything together, made once for all tests of a run."""

import os
from pathlib import Path

from .cloud import REGION, Cloud
from .database import Database
from .receivers import Push, Slack
from .runtime import Environment

HERE = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or HERE / "target")
PROGRAM = Path(os.environ.get("NOTICE_PROGRAM") or TARGET / "debug" / "bootstrap")


class Stage:
    """A database, an emulated AWS, receivers, and as many environments as are asked for."""

    def __init__(self):
        self.database = Database()
        self.cloud = Cloud()
        self.push = Push()
        self.slack = Slack()
        self.environments = []
        self.write_parameters()

    def write_parameters(self):
        """Writes the secrets as they are now."""
        self.cloud.parameter("/notice/database", self.database.address())
        self.cloud.parameter("/notice/push", self.push.address())
        self.cloud.parameter("/notice/slack", self.slack.address())

    def variables(self, **changes):
        """Returns the function's environment variables: names, and no secret."""
        return {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "NOTICE_DATABASE_PARAMETER": "/notice/database",
            "NOTICE_DATABASE_CERTIFICATES": str(self.database.certificates),
            "NOTICE_PUSH_PARAMETER": "/notice/push",
            "NOTICE_PUSH_REPEATS": "dropped",
            "NOTICE_SLACK_PARAMETER": "/notice/slack",
            "NOTICE_EMAIL_FROM": "notice@example.com",
            "NOTICE_EMAIL_TO": "players@example.com",
            "NOTICE_TOPIC": self.cloud.topic,
            "NOTICE_DEAD_LETTER_URL": self.cloud.dead_letter_url,
        } | changes

    def environment(self, command=None, directory=None, **changes):
        """Returns a new environment of the program, or of another command."""
        environment = Environment(command or [str(PROGRAM)], self.variables(**changes), directory)
        self.environments.append(environment)
        return environment

    def clear(self):
        """Ends the environments and empties whatever a test filled."""
        for environment in self.environments:
            environment.close()
        self.environments = []
        self.database.clear()
        for url in (self.cloud.events_url, self.cloud.dead_letter_url, self.cloud.subscriber_url):
            self.cloud.drain(url)
        self.cloud.mails.clear()
        self.cloud.publications.clear()
        self.cloud.before = self.cloud.after = lambda service, body: None
        push, slack = self.push, self.slack
        push.requests.clear()
        push.delivered.clear()
        push.messages.clear()
        push.drops_repeats = True
        slack.shown.clear()
        slack.status = 200
        push.before = push.after = slack.before = slack.after = lambda text: None

    def outbox(self):
        """Returns channel and state of every message, in order."""
        return self.database.run("SELECT channel, state FROM outbox ORDER BY channel, state")

    def close(self):
        """Ends everything."""
        for environment in self.environments:
            environment.close()
        self.database.close()
        self.cloud.close()
        self.push.server.close()
        self.slack.server.close()
