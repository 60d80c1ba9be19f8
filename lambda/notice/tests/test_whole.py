"""From an upload to the receiver: MiniStack stores the file, sends the event and starts the program itself."""

import io
import json
import os
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

import boto3

from scene import notice
from stage import until
from stage.cloud import KEYS, REGION
from stage.database import Database
from stage.ports import answers, free_port
from stage.receivers import Push
from stage.stage import PROGRAM

TOOLS = Path(os.environ.get("TRIMTAB_TOOLS_DIR") or Path.home() / ".cache" / "trimtab" / "tools")
EMULATOR = TOOLS / "lambda-emulator" / "bin" / "python"
BUCKET = "service-notifications"


def archive():
    """Returns the program as Lambda takes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
        entry.external_attr = 0o755 << 16
        packed.writestr(entry, PROGRAM.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@unittest.skipUnless(EMULATOR.exists(), "MiniStack is not installed; ./setup installs it")
class Whole(unittest.TestCase):
    def setUp(self):
        self.database, self.push = Database(), Push()
        self.port = free_port()
        self.dir = tempfile.TemporaryDirectory(prefix="notice-whole-")
        given = {"PATH": os.environ["PATH"], "HOME": self.dir.name, "GATEWAY_PORT": str(self.port),
                 "BIND_HOST": "127.0.0.1", "LAMBDA_EXECUTOR": "local", "TMPDIR": self.dir.name}
        self.log = open(Path(self.dir.name) / "emulator.log", "wb")
        self.emulator = subprocess.Popen([EMULATOR, "-m", "ministack"], env=given, cwd=self.dir.name, stdout=self.log,
                                         stderr=self.log, start_new_session=True)
        until(lambda: answers(self.port), "the emulator answers", 60)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.s3, self.sqs, self.ssm, self.awslambda = map(self.client, ("s3", "sqs", "ssm", "lambda"))

    def tearDown(self):
        os.killpg(self.emulator.pid, 15)
        self.emulator.wait(20)
        self.log.close()
        self.database.close()
        self.push.server.close()
        self.dir.cleanup()

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, **KEYS)

    def deploy(self):
        """Makes what deploy/serverless.yml makes, as far as a file needs it."""
        refused = self.sqs.create_queue(QueueName="refused")["QueueUrl"]
        for name, value in (("/notice/database", self.database.address()), ("/notice/push", self.push.address())):
            self.ssm.put_parameter(Name=name, Value=json.dumps(value), Type="SecureString")
        function = self.awslambda.create_function(
            FunctionName="notice", Runtime="provided.al2023", Handler="bootstrap", Code={"ZipFile": archive()},
            Role="arn:aws:iam::000000000000:role/notice", Timeout=300, MemorySize=256,
            Environment={"Variables": {
                "AWS_ENDPOINT_URL": self.endpoint, "NOTICE_DATABASE_PARAMETER": "/notice/database",
                "NOTICE_DATABASE_CERTIFICATES": str(self.database.certificates),
                "NOTICE_PUSH_PARAMETER": "/notice/push", "NOTICE_PUSH_REPEATS": "dropped",
                "NOTICE_DEAD_LETTER_URL": refused,
            }})
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": function["FunctionArn"],
                                              "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}]})
        return refused

    def told(self, queue):
        """Returns the messages of a queue."""
        return self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])

    def test_an_upload_becomes_a_row_and_a_message(self):
        refused = self.deploy()
        try:
            self.s3.put_object(Bucket=BUCKET, Key="in/12월 점검+1.json", Body=notice().encode())
            until(lambda: self.push.delivered, "the message", 60)
            self.assertEqual(self.database.run("SELECT title, state FROM notices"), [("점검 안내 a", "published")])
            self.s3.put_object(Bucket=BUCKET, Key="in/bad.json", Body=b"{")
            (message,) = until(lambda: self.told(refused), "the refusal", 60)
            self.assertEqual(json.loads(message["Body"])["key"], "in/bad.json")
            self.s3.delete_object(Bucket=BUCKET, Key="in/12월 점검+1.json")
            until(lambda: self.database.value("SELECT state FROM notices") == "withdrawn", "the withdrawal", 60)
            self.assertEqual(list(self.push.requests.values()), [1])
        except AssertionError as error:
            self.log.flush()
            raise AssertionError(f"{error}\n{Path(self.log.name).read_text()[-4000:]}") from None
