#!/usr/bin/env python3
"""An emulated AWS on loopback for the tests: moto, and what moto lacks for a collector.

usage: serve.py PORT            prints "ready" when it answers; with port 0 it takes a free one, and
                                ends with whoever started it

On top of moto, each in a module of its name:
  - aliases, functions: Lambda's updates, versions and aliases, with their revisions
  - clock: what the emulator takes the time to be
  - copies: another emulator that begins with what this one has
  - faults: calls that are refused, throttled, broken or whose answers are lost, an allow-list of
    IAM actions, a record of every call, a process killed at one of them
  - machines: control planes as strict and as slow as AWS's
  - cloudwatch: series by formula
  - costs: the services that tell what is paid
  - databases, listings, purchases, schedules, serverless, storage: what moto lacks of a service
  - deployments: blue/green deployments of databases
  - looks: what became of what there is
  - packages: the packages of functions, and new ones as strictly as AWS takes them
  - quotas: how many vCPUs may run
  - refreshes, templates: instance refreshes of groups, and versions of launch templates
  - reservations: capacity reservations
  - services: the protocols of services that moto does not have at all
  - sessions: what a role is taken on with, and the policy of the session enforced

Control (JSON over HTTP):
  POST /emulator/faults   [{"account": "…", "region": "…", "service": "rds", "action": "…",
                            "body": "…", "code": "AccessDenied", "status": 403}, …]; a key that
                          is absent matches everything, "body" is looked for in the request.
                          "delay": 60 in place of a code holds the call back for as many
                          seconds, or until there are other faults; "times": 2 wears it out;
                          "after": true carries the call out, then fails, "drop": true hangs up
  POST /emulator/kill     {"pid": 123, "at": 3, "when": "before", "late" or "after"}: kills a process
                          at its third call that changes something; null for none
  POST /emulator/fork     begins another emulator that knows all that this one knows, and returns
                          {"port": 1234}; it ends with this one, or when it is told to
  POST /emulator/end      ends an emulator
  POST /emulator/pace     {"stop": 2, "start": 2, "snapshot": 1, "volume": 4, "database": 4,
                            "function": 1, "refresh": 1, "deployment": 3}: seconds that changes
                          take; a refresh, each of its instances
  POST /emulator/aged     {"/game/chat": {"days": 400, "bytes": 1000}}: log groups that are as old
                          and hold as much
  POST /emulator/packages "whole", "damaged" or "missing": what downloads of packages come to
  POST /emulator/short    ["m6i.large", …]: types and classes without capacity
  POST /emulator/quota    {"L-1216C47A": 32}: how many vCPUs may run
  POST /emulator/allow    ["ec2:DescribeVolumes", …] or null for everything
  POST /emulator/series   [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "value": 12.5 or [24 values by UTC hour] or {"steps": [[epoch, 12.5],
                            …]}, each from its moment on and also ahead of now, "since": epoch}, …]
  POST /emulator/alarms   [{"account", "region", "name", "dimensions": {…}, "actions": […],
                            "composite": false, "states": [[epoch, "OK"], [epoch, "ALARM"], …]},
                            …]: states ahead of now come when their time does
  POST /emulator/bought   [{"account", "region", "action": "rds:DescribeReservedDBInstances",
                            "purchase": {…, as the listing has it}, "tags": {…}}, …]: adds to
                          what was bought in advance; moments are ISO 8601
  POST /emulator/costs    what the cost services answer from: see costs.py
  GET  /emulator/calls    [["account", "region", "service:Action", count], …]
  GET  /emulator/changes  ["ec2:StopInstances", …]: the calls that change something, in order
  GET  /emulator/effects  the same, but only those that were carried out
  GET  /emulator/look     what there is: see looks.py
  GET  /emulator/metrics  [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "statistic", "period", "start", "end"}, …]: what GetMetricData was
                          asked for, start and end as epoch
  POST /emulator/clock    seconds that its clock is ahead, 0 or less included; or
                          {"since": epoch, "factor": 20} for one that runs faster from then on
  POST /emulator/trust    {"external_id": "…", "source_identity": true}: what it takes to take a
                          role on, or null for nothing
  GET  /emulator/sessions [{"RoleArn", "RoleSessionName", "Policy", …}, …]: what AssumeRole was asked
  POST /emulator/forget   empties both records
"""

import json
import os
import signal
import sys
from email.utils import formatdate

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
# Nothing is left beside the sources.
sys.dont_write_bytecode = True

# `aliases` to `volumes` put right what moto lacks by being imported.
import aliases  # noqa: F401
import clock
import cloudwatch
import copies
import costs
import faults
import looks
import purchases
import quotas
import recycle
import reservations  # noqa: F401
import services
import databases  # noqa: F401
import deployments  # noqa: F401
import functions  # noqa: F401
import listings
import machines
import packages
import refreshes  # noqa: F401
import schedules  # noqa: F401
import serverless  # noqa: F401
import sessions
import storage  # noqa: F401
import templates  # noqa: F401
import volumes  # noqa: F401
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server


def control(path, body):
    if path == "/emulator/faults":
        faults.break_calls(json.loads(body))
    elif path == "/emulator/allow":
        faults.allow(json.loads(body))
    elif path == "/emulator/series":
        cloudwatch.add_series(json.loads(body))
    elif path == "/emulator/alarms":
        cloudwatch.add_alarms(json.loads(body))
    elif path == "/emulator/clock":
        clock.set_clock(json.loads(body))
    elif path == "/emulator/bought":
        purchases.buy(json.loads(body))
    elif path == "/emulator/kill":
        faults.kill(json.loads(body))
    elif path == "/emulator/pace":
        machines.set_pace(json.loads(body))
    elif path == "/emulator/aged":
        looks.age(json.loads(body))
    elif path == "/emulator/packages":
        packages.serve(json.loads(body))
    elif path == "/emulator/short":
        machines.set_short(json.loads(body))
    elif path == "/emulator/calendars":
        listings.calendars.update(json.loads(body))
    elif path == "/emulator/rules":
        recycle.set_rules(json.loads(body))
    elif path == "/emulator/quota":
        quotas.set_quotas(json.loads(body))
    elif path == "/emulator/costs":
        return costs.seed(json.loads(body))
    elif path == "/emulator/trust":
        sessions.require(json.loads(body))
    elif path == "/emulator/sessions":
        return list(sessions.taken)
    elif path == "/emulator/fork":
        return copies.fork(serve)
    elif path == "/emulator/end":
        os._exit(0)
    elif path == "/emulator/forget":
        faults.calls.clear()
        faults.changes.clear()
        faults.effects.clear()
        cloudwatch.asked.clear()
    elif path == "/emulator/calls":
        return [[*key, count] for key, count in sorted(faults.calls.items())]
    elif path == "/emulator/changes":
        return list(faults.changes)
    elif path == "/emulator/effects":
        return list(faults.effects)
    elif path == "/emulator/look":
        return looks.everything()
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
    return formatdate(clock.second(), usegmt=True)


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
    package = packages.download(path, environ.get("QUERY_STRING", ""))
    if package is not None:
        status, body = package
        start_response(status, [("Content-Type", "application/zip"), ("Content-Length", str(len(body)))])
        return [body]
    answer = services.answer_of(environ, start_response)
    return moto(environ, start_response) if answer is None else answer


def serve(port, ready):
    """Serves until the end of the process."""
    MotoRequestHandler.log_request = lambda *_arguments, **_named: None
    MotoRequestHandler.date_time_string = date_of_clock
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
    ready(server.server_port)
    server.serve_forever()


def main():
    # Copies that end are nobody's business.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    port = int(sys.argv[1])
    if port == 0:
        copies.end_with_parent()
    serve(port, lambda port: print("ready", port, flush=True))


if __name__ == "__main__":
    main()
