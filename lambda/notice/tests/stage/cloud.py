"""An emulated AWS, with a relay in front of it that checks signatures, counts what was taken, and can stand still.

The emulator is moto. It checks no signature; the relay does. Its events of S3 have no sequencer and no owner, so the
stage adds the sequencer: it is what the order of events hangs on. Its queues and topics drop repeats as FIFO ones do.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import boto3

from .ports import answers, free_port, until
from .servers import Server
from .signature import is_genuine

REGION = "ap-northeast-2"
BUCKET = "service-notifications"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
# Hop-by-hop headers, and those that the relay writes by itself.
NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding", "host", "date", "server"}


class Cloud:
    """S3, SQS, SNS, SSM and SES on loopback."""

    def __init__(self):
        self.port = free_port()
        program = Path(sys.executable).parent / "moto_server"
        self.process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: answers(self.port), "the emulated AWS answers", 60)
        self.lock = threading.Lock()
        self.mails = Counter()
        self.publications = Counter()
        self.reads = Counter()
        self.forged = []
        self.before = lambda service, body: None
        self.after = lambda service, body: None
        self.relay = Server(self.pass_on)
        self.endpoint = f"http://127.0.0.1:{self.relay.port}"
        self.sequencers = itertools.count(0x5EED)
        self.sequencer_lock = threading.Lock()
        self._set_up()

    def client(self, service):
        """Returns a client that goes around the relay."""
        return boto3.client(service, endpoint_url=f"http://127.0.0.1:{self.port}", **KEYS)

    def _set_up(self):
        self.s3, self.sqs, self.sns, self.ssm = map(self.client, ("s3", "sqs", "sns", "ssm"))
        self.events_url = self.sqs.create_queue(QueueName="events")["QueueUrl"]
        self.dead_letter_url = self.sqs.create_queue(QueueName="notice-refused")["QueueUrl"]
        fifo = {"FifoQueue": "true"}
        self.subscriber_url = self.sqs.create_queue(QueueName="subscriber.fifo", Attributes=fifo)["QueueUrl"]
        self.topic = self.sns.create_topic(Name="notices.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=self._arn(self.subscriber_url))
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        queue = {"QueueArn": self._arn(self.events_url), "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
        self.s3.put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [queue]}
        )
        self.client("ses").verify_email_identity(EmailAddress="notice@example.com")
        self.drain(self.events_url)

    def _arn(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def parameter(self, name, value):
        """Writes a SecureString."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.ssm.put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True)

    def drain(self, url):
        """Takes every message out of a queue."""
        texts = []
        while True:
            messages = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                return texts
            entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
            self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            texts += [message["Body"] for message in messages]

    def put(self, key, text):
        """Writes an object and returns the event of it."""
        data = text if isinstance(text, bytes) else text.encode()
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data)
        return self.next_event()

    def delete(self, key):
        """Deletes an object and returns the event of it."""
        self.s3.delete_object(Bucket=BUCKET, Key=key)
        return self.next_event()

    def next_event(self):
        """Returns the one event that waits."""
        events = [json.loads(text) for text in self.drain(self.events_url)]
        events = [event for event in events if "Records" in event]
        assert len(events) == 1, events
        return self.with_sequencer(events[0])

    def with_sequencer(self, event):
        """Adds what the emulator leaves out."""
        with self.sequencer_lock:
            event["Records"][0]["s3"]["object"]["sequencer"] = f"{next(self.sequencers):018X}"
        return event

    def refusals(self):
        """Takes the messages about refused files out of their queue."""
        return [json.loads(text) for text in self.drain(self.dead_letter_url)]

    def published(self):
        """Takes what the topic delivered, and counts by key."""
        return Counter(json.loads(json.loads(text)["Message"])["key"] for text in self.drain(self.subscriber_url))

    def pass_on(self, handler, body):
        """Hands a request to the emulator, and counts what that took."""
        service = service_of(handler)
        if not is_genuine(handler, body, KEYS):
            self.forged.append(f"{handler.command} {handler.path}")
            return 403, {"content-type": "application/json"}, b'{"__type": "InvalidSignatureException"}'
        if self.before(service, body) == "hang up":
            return None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in NOT_PASSED_ON}
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        passed = {name: value for name, value in answer.getheaders() if name.lower() not in NOT_PASSED_ON}
        connection.close()
        with self.lock:
            self.reads[service] += 1
            if answer.status == 200 and service == "ses":
                self.mails[json.loads(body)["EmailTags"][0]["Value"]] += 1
            if answer.status == 200 and service == "sns":
                self.publications[body.decode().split("MessageDeduplicationId=")[1].split("&")[0]] += 1
        if self.after(service, body) == "hang up":
            return None
        return answer.status, passed, text

    def close(self):
        """Stops both."""
        self.relay.close()
        self.process.terminate()
        self.process.wait(20)


def service_of(handler):
    """Returns the service that a request is signed for."""
    signature = handler.headers.get("authorization", "")
    scope = signature.split("Credential=")[-1].split(",")[0].split("/")
    return scope[3] if len(scope) > 3 else "?"
