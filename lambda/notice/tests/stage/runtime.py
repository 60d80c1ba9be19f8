"""Lambda's Runtime API, and environments in which the real program runs and can be killed."""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass

from .servers import Server

# How long the function may run, as its deployment says.
TIMEOUT_SECONDS = 300


@dataclass
class Invocation:
    """What became of one event: `response`, `error` or `killed`."""

    kind: str
    body: dict
    seconds: float


class Environment:
    """One execution environment: one process, one event at a time."""

    def __init__(self, command, variables, directory=None):
        self.command = command
        self.variables = variables
        self.directory = directory
        self.process = None
        self.starts = 0
        self.log = tempfile.TemporaryFile()
        self.waiting = queue.Queue()
        self.running = None
        self.asked = threading.Event()
        self.server = Server(self.answer)

    def start(self):
        """Starts the program unless it runs."""
        if self.process and self.process.poll() is None:
            return
        # An event that the old process was given and never answered is not given to the new one.
        self.waiting = queue.Queue()
        self.asked.clear()
        self.starts += 1
        given = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.port}",
            "AWS_LAMBDA_FUNCTION_NAME": "notice",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/notice",
            "AWS_LAMBDA_LOG_STREAM_NAME": "test",
        }
        self.process = subprocess.Popen(
            self.command, env=given | self.variables, cwd=self.directory, stdout=self.log, stderr=self.log
        )

    def invoke(self, event, seconds=60):
        """Gives the program an event and waits for what becomes of it."""
        began = time.perf_counter()
        self.start()
        process, answer = self.process, queue.Queue()
        self.running = (str(uuid.uuid4()), answer)
        self.waiting.put((self.running[0], event))
        while True:
            try:
                kind, body = answer.get(timeout=0.02)
                return Invocation(kind, body, time.perf_counter() - began)
            except queue.Empty:
                if process.poll() is not None and answer.empty():
                    return Invocation("killed", {"status": process.returncode}, time.perf_counter() - began)
                if time.perf_counter() - began > seconds:
                    self.kill()
                    raise AssertionError(f"no answer within {seconds} seconds:\n{self.read_log()}") from None

    def answer(self, handler, body):
        """Speaks the Runtime API."""
        path = handler.path.removeprefix("/2018-06-01/runtime/")
        if path == "invocation/next":
            self.asked.set()
            waiting = self.waiting
            number, event = waiting.get()
            deadline = int((time.time() + TIMEOUT_SECONDS) * 1000)
            headers = {
                "lambda-runtime-aws-request-id": number,
                "lambda-runtime-deadline-ms": str(deadline),
                "lambda-runtime-invoked-function-arn": "arn:aws:lambda:ap-northeast-2:123456789012:function:notice",
                "lambda-runtime-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
                "content-type": "application/json",
            }
            return 200, headers, json.dumps(event).encode()
        kind = path.rsplit("/", 1)[-1]
        running = self.running
        if running and (f"invocation/{running[0]}/" in path or path == "init/error"):
            running[1].put((kind, json.loads(body or b"{}")))
        return 202, {"content-type": "application/json"}, b'{"status":"OK"}'

    def kill(self):
        """Ends the process as Lambda or the kernel would: without a word."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def read_log(self):
        """Returns what the program printed."""
        self.log.flush()
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def close(self):
        """Ends the process and the server."""
        self.kill()
        self.server.close()
        self.log.close()


class Function:
    """Several environments behind a queue, as Lambda invokes a function for events: three attempts, then given up."""

    def __init__(self, environments):
        self.environments = environments
        self.events = queue.Queue()
        self.dropped = []
        self.done = []
        self.killed = 0
        self.unfinished = 0
        self.changed = threading.Condition()
        for environment in environments:
            threading.Thread(target=self.work, args=(environment,), daemon=True).start()

    def send(self, event):
        """Takes an event."""
        with self.changed:
            self.unfinished += 1
        self.events.put((event, 1))

    def work(self, environment):
        """Gives one environment events for ever."""
        while True:
            event, attempt = self.events.get()
            invocation = environment.invoke(event)
            with self.changed:
                if invocation.kind == "response":
                    self.done.append(invocation)
                elif invocation.kind == "killed":
                    # Lambda counts this as an attempt; the test kills more often than Lambda would try.
                    self.killed += 1
                    self.events.put((event, attempt))
                    continue
                elif attempt < 3:
                    self.events.put((event, attempt + 1))
                    continue
                else:
                    self.dropped.append((event, invocation.body))
                self.unfinished -= 1
                self.changed.notify_all()

    def wait(self, seconds):
        """Waits until every event has been handled or given up."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.unfinished == 0, seconds):
                raise AssertionError(f"{self.unfinished} events were not handled within {seconds} seconds")
