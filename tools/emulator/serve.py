#!/usr/bin/env python3
"""An emulated AWS on loopback for the tests: moto, and what moto lacks for a collector.

usage: serve.py PORT            prints "ready" when it answers

On top of moto, each in a module of its name:
  - faults: calls that are refused, throttled, broken or whose answers are lost, an allow-list of
    IAM actions, a record of every call, a process killed at one of them
  - machines: control planes as strict and as slow as AWS's
  - cloudwatch: series by formula
  - costs: the services that tell what is paid
  - databases, listings, purchases, serverless, storage: what moto lacks of a service
  - quotas: how many vCPUs may run
  - reservations: capacity reservations
  - services: the protocols of services that moto does not have at all

Control (JSON over HTTP):
  POST /emulator/faults   [{"account": "…", "region": "…", "service": "rds", "action": "…",
                            "body": "…", "code": "AccessDenied", "status": 403}, …]; a key that
                          is absent matches everything, "body" is looked for in the request.
                          "delay": 60 in place of a code holds the call back for as many
                          seconds, or until there are other faults; "times": 2 wears it out;
                          "after": true carries the call out, then fails
  POST /emulator/kill     {"pid": 123, "at": 3, "when": "before" or "after"}: kills a process at
                          its third call that changes something
  POST /emulator/pace     {"stop": 2, "start": 2, "database": 4}: seconds that changes take
  POST /emulator/short    ["m6i.large", …]: types and classes without capacity
  POST /emulator/quota    {"L-1216C47A": 32}: how many vCPUs may run
  POST /emulator/allow    ["ec2:DescribeVolumes", …] or null for everything
  POST /emulator/series   [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "value": 12.5 or [24 values by UTC hour], "since": epoch}, …]
  POST /emulator/bought   [{"account", "region", "action": "rds:DescribeReservedDBInstances",
                            "purchase": {…, as the listing has it}, "tags": {…}}, …]: adds to
                          what was bought in advance; moments are ISO 8601
  POST /emulator/costs    what the cost services answer from: see costs.py
  GET  /emulator/calls    [["account", "region", "service:Action", count], …]
  GET  /emulator/changes  ["ec2:StopInstances", …]: the calls that change something, in order
  GET  /emulator/metrics  [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "statistic", "period", "start", "end"}, …]: what GetMetricData was
                          asked for, start and end as epoch
  POST /emulator/clock    seconds that the clock of its answers is ahead, 0 or less included
  POST /emulator/forget   empties both records
"""

import json
import os
import sys
import time
from email.utils import formatdate

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
# Nothing is left beside the sources.
sys.dont_write_bytecode = True

# `databases` to `storage` put right what moto lacks by being imported.
import cloudwatch
import costs
import faults
import purchases
import quotas
import reservations  # noqa: F401
import services
import databases  # noqa: F401
import listings  # noqa: F401
import machines
import serverless  # noqa: F401
import storage  # noqa: F401
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

ahead = 0


def control(path, body):
    global ahead
    if path == "/emulator/faults":
        faults.break_calls(json.loads(body))
    elif path == "/emulator/allow":
        faults.allow(json.loads(body))
    elif path == "/emulator/series":
        cloudwatch.add_series(json.loads(body))
    elif path == "/emulator/clock":
        ahead = int(body)
    elif path == "/emulator/bought":
        purchases.buy(json.loads(body))
    elif path == "/emulator/kill":
        faults.kill(json.loads(body))
    elif path == "/emulator/pace":
        machines.set_pace(json.loads(body))
    elif path == "/emulator/short":
        machines.set_short(json.loads(body))
    elif path == "/emulator/quota":
        quotas.set_quotas(json.loads(body))
    elif path == "/emulator/costs":
        return costs.seed(json.loads(body))
    elif path == "/emulator/forget":
        faults.calls.clear()
        faults.changes.clear()
        cloudwatch.asked.clear()
    elif path == "/emulator/calls":
        return [[*key, count] for key, count in sorted(faults.calls.items())]
    elif path == "/emulator/changes":
        return list(faults.changes)
    elif path == "/emulator/metrics":
        return list(cloudwatch.asked)
    else:
        return None
    return "ok"


moto = DomainDispatcherApplication(create_backend_app)


def without_date(start_response):
    """Leaves the date of an answer to the server, which takes it from the emulator's clock."""

    def start(status, headers, *rest):
        return start_response(status, [one for one in headers if one[0].lower() != "date"], *rest)

    return start


def date_of_clock(_self, _timestamp=None):
    return formatdate(time.time() + ahead, usegmt=True)


def application(environ, start_response):
    start_response = without_date(start_response)
    path = environ["PATH_INFO"]
    if path.startswith("/emulator/"):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        answer = control(path, environ["wsgi.input"].read(length))
        status = "404 Not Found" if answer is None else "200 OK"
        body = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    answer = services.answer_of(environ, start_response)
    return moto(environ, start_response) if answer is None else answer


def main():
    port = int(sys.argv[1])
    MotoRequestHandler.log_request = lambda *_arguments, **_named: None
    MotoRequestHandler.date_time_string = date_of_clock
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
