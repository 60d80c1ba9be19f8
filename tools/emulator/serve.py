#!/usr/bin/env python3
"""An emulated AWS on loopback for the tests: moto, and what moto lacks for a collector.

usage: serve.py PORT            prints "ready" when it answers

On top of moto:
  - faults: calls that are refused, throttled or broken, by account, region, service, action
  - an allow-list of IAM actions, refused in each protocol as AWS refuses
  - a record of every call, by account, region and IAM action
  - CloudWatch series by formula, with percentiles and pages of 100,800 points
  - pages where moto gives everything at once

Control (JSON over HTTP):
  POST /emulator/faults   [{"account": "…", "region": "…", "service": "rds", "action": "…",
                            "body": "…", "code": "AccessDenied", "status": 403}, …]; a key that
                          is absent matches everything, "body" is looked for in the request.
                          "delay": 60 in place of a code holds the call back for as many
                          seconds, or until there are other faults
  POST /emulator/allow    ["ec2:DescribeVolumes", …] or null for everything
  POST /emulator/series   [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "value": 12.5 or [24 values by UTC hour], "since": epoch}, …]
  GET  /emulator/calls    [["account", "region", "service:Action", count], …]
  GET  /emulator/metrics  [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "statistic", "period", "start", "end"}, …]: what GetMetricData was
                          asked for, start and end as epoch
  POST /emulator/forget   empties both records
"""

import json
import math
import os
import re
import sys
import threading
from collections import Counter
from datetime import datetime, timezone

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

import cbor2
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.ec2.responses import EC2Response
from moto.eks import urls as eks_urls
from moto.eks.responses import EKSResponse
from moto.elasticache.responses import ElastiCacheResponse
from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3.responses import S3Response
from werkzeug.serving import make_server

# What IAM calls a service that moto or botocore calls otherwise.
IAM_PREFIX = {
    "awslambda": "lambda",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
}
# IAM actions that differ from the name of the operation.
IAM_ACTION = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:ListBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
}
# How a service says "no permission".
DENIED = {"ec2": "UnauthorizedOperation", "s3": "AccessDenied"}
# STS answers everybody: it needs no permission to say who one is.
ALWAYS = {"sts:GetCallerIdentity", "sts:AssumeRole"}

PAGE_POINTS = 100_800

faults = []
# Set when these faults are replaced by others.
replaced = threading.Event()
allowed = None
series = {}
calls = Counter()
asked = []


def iam_action(service, operation):
    prefix = IAM_PREFIX.get(service, service)
    action = f"{prefix}:{operation}"
    return IAM_ACTION.get(action, action)


def verdict(account, region, service, action, body):
    """Returns the code and status to fail with, or None."""
    for fault in list(faults):
        matches = all(
            key not in fault or fault[key] == value
            for key, value in (
                ("account", account),
                ("region", region),
                ("service", action.split(":")[0]),
                ("action", action),
            )
        )
        if matches and ("body" not in fault or fault["body"] in body):
            if "delay" in fault:
                replaced.wait(fault["delay"])
                continue
            return fault["code"], fault.get("status", 400)
    if allowed is not None and action not in allowed and action not in ALWAYS:
        return DENIED.get(service, "AccessDeniedException"), 403
    return None


def body_of(request):
    data = getattr(request, "data", b"") or b""
    form = getattr(request, "form", None)
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
    return text + json.dumps(form.to_dict() if form else {})


def refusal(self, code, status, message):
    """Returns an error in the protocol that the client speaks."""
    model = get_service_model(self.boto3_service_name)
    protocol = self.determine_response_protocol(model)
    if protocol == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            "<RequestID>emulator</RequestID></Response>"
        )
        return status, {"content-type": "text/xml"}, body
    if protocol in ("query", "rest-xml"):
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            "<RequestId>emulator</RequestId></ErrorResponse>"
        )
        return status, {"content-type": "text/xml"}, body
    headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code}
    return status, headers, json.dumps({"__type": code, "message": message})


def dispatch(self, request, full_url=None, headers=None):
    self.setup_class(request, full_url, headers)
    service = self.service_name
    operation = self._get_action() or "Unknown"
    action = iam_action(service, operation)
    account, region = str(self.current_account), str(self.region)
    calls[account, region, action] += 1
    failure = verdict(account, region, service, action, body_of(request))
    if failure:
        code, status = failure
        return refusal(self, code, status, f"{code} on {action}")
    return self.call_action()


BaseResponse._dispatch = dispatch


def s3_operation(request):
    """Names the operation of an S3 request by its method and its query."""
    query = request.args
    bucket = request.path.strip("/")
    if not bucket:
        return "ListBuckets"
    named = {
        "lifecycle": "GetBucketLifecycleConfiguration",
        "versioning": "GetBucketVersioning",
        "tagging": "GetBucketTagging",
        "location": "GetBucketLocation",
        "uploads": "ListMultipartUploads",
        "encryption": "GetBucketEncryption",
        "intelligent-tiering": "ListBucketIntelligentTieringConfigurations",
        "policy": "GetBucketPolicy",
        "uploadId": "ListParts",
    }
    for word, operation in named.items():
        if word in query:
            return operation
    if request.method == "HEAD":
        return "HeadBucket"
    return "GetObject" if "/" in bucket else "ListBucket"


def watched_s3(original):
    def answer(self, request, full_url, headers):
        self.setup_class(request, request.url)
        operation = s3_operation(request)
        action = iam_action("s3", operation)
        account, region = str(self.current_account), str(self.region)
        if request.method in ("GET", "HEAD"):
            calls[account, region, action] += 1
            failure = verdict(account, region, "s3", action, "")
            if failure:
                code, status = failure
                body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
                return status, {"content-type": "application/xml"}, body
        return original(self, request, full_url, headers)

    return answer


for name in ("bucket_response", "key_response"):
    setattr(S3Response, name, watched_s3(getattr(S3Response, name)))


def renamed(original, wrong, right):
    """Gives an answer the root element that S3's has: the SDK takes no other."""

    def answer(self):
        status, headers, body = original(self)
        text = body.decode() if isinstance(body, bytes) else body
        headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return status, headers, text.replace(f"<{wrong} ", f"<{right} ").replace(f"</{wrong}>", f"</{right}>")

    return answer


S3Response.get_bucket_versioning = renamed(
    S3Response.get_bucket_versioning, "GetBucketVersioningResponse", "VersioningConfiguration"
)
S3Response.list_parts = renamed(S3Response.list_parts, "ListPartsResponse", "ListPartsResult")


# ---------------------------------------------------------------------------------- CloudWatch


def series_key(account, region, namespace, metric, dimensions):
    return account, region, namespace, metric, tuple(sorted(dimensions.items()))


def value_at(formula, second):
    return formula[second // 3600 % 24] if isinstance(formula, list) else float(formula)


def points_of(entry, start, end, period, statistic):
    """Returns moments and values: one sample a minute behind each of them."""
    per_period = max(period // 60, 1)
    first = max(start, entry.get("since", 0))
    first = math.ceil(first / period) * period
    for second in range(first, end, period):
        value = value_at(entry["value"], second)
        yield second, value * per_period if statistic == "Sum" else (
            float(per_period) if statistic == "SampleCount" else value
        )


def epoch(moment):
    if isinstance(moment, (int, float)):
        return int(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def get_metric_data(account, region, params):
    queries = params.get("MetricDataQueries", [])
    if len(queries) > 500:
        return 400, {"__type": "ValidationError", "message": "more than 500 queries"}
    start, end = epoch(params["StartTime"]), epoch(params["EndTime"])
    newest_first = (params.get("ScanBy") or "TimestampDescending") == "TimestampDescending"
    skip = int(params.get("NextToken") or 0)
    room, seen, more, results = PAGE_POINTS, 0, False, []
    for query in queries:
        stat = query["MetricStat"]
        metric = stat["Metric"]
        dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
        key = series_key(account, region, metric["Namespace"], metric["MetricName"], dimensions)
        if not skip:
            asked.append(
                {
                    "account": account,
                    "region": region,
                    "namespace": metric["Namespace"],
                    "metric": metric["MetricName"],
                    "dimensions": dimensions,
                    "statistic": stat["Stat"],
                    "period": int(stat["Period"]),
                    "start": start,
                    "end": end,
                }
            )
        entry = series.get(key)
        points = list(points_of(entry, start, end, int(stat["Period"]), stat["Stat"])) if entry else []
        if newest_first:
            points.reverse()
        begin = max(skip - seen, 0)
        taken = points[begin : begin + room]
        room -= len(taken)
        seen += len(points)
        partial = begin + len(taken) < len(points)
        more = more or partial
        results.append(
            {
                "Id": query["Id"],
                "Label": metric["MetricName"],
                "Timestamps": [datetime.fromtimestamp(second, timezone.utc) for second, _ in taken],
                "Values": [value for _, value in taken],
                "StatusCode": "PartialData" if partial else "Complete",
            }
        )
    answer = {"MetricDataResults": results}
    if more:
        answer["NextToken"] = str(skip + PAGE_POINTS - room)
    return 200, answer


def list_metrics(account, region, params):
    wanted = {one["Name"]: one.get("Value") for one in params.get("Dimensions", [])}
    found = []
    for of_account, of_region, namespace, metric, dimensions in sorted(series):
        have = dict(dimensions)
        if (of_account, of_region) != (account, region):
            continue
        if params.get("Namespace") not in (None, namespace):
            continue
        if params.get("MetricName") not in (None, metric):
            continue
        if any(name not in have or value not in (None, have[name]) for name, value in wanted.items()):
            continue
        found.append(
            {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
            }
        )
    begin = int(params.get("NextToken") or 0)
    answer = {"Metrics": found[begin : begin + 500]}
    if begin + 500 < len(found):
        answer["NextToken"] = str(begin + 500)
    return 200, answer


def describe_alarms(account, region, _params):
    alarms = cloudwatch_backends[account][region].alarms.values()
    return 200, {
        "MetricAlarms": [
            {
                "AlarmName": alarm.name,
                "AlarmArn": alarm.alarm_arn,
                "StateValue": alarm.state_value or "INSUFFICIENT_DATA",
                "ActionsEnabled": bool(alarm.actions_enabled),
                "Namespace": alarm.namespace or "",
                "MetricName": alarm.metric_name or "",
                "Dimensions": [{"Name": one.name, "Value": one.value} for one in alarm.dimensions or []],
            }
            for alarm in alarms
        ],
        "CompositeAlarms": [],
    }


# moto speaks CloudWatch's older protocols only; the current one is CBOR over a path per operation.
CLOUDWATCH = {
    "GetMetricData": get_metric_data,
    "ListMetrics": list_metrics,
    "DescribeAlarms": describe_alarms,
}
CLOUDWATCH_PATH = "/service/GraniteServiceVersion20100801/operation/"


def cloudwatch(environ, start_response):
    operation = environ["PATH_INFO"][len(CLOUDWATCH_PATH) :]
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    account, region = get_account_id_from(scope.group(1)), scope.group(2)
    action = f"cloudwatch:{operation}"
    calls[account, region, action] += 1
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    failure = verdict(account, region, "cloudwatch", action, "")
    if failure:
        code, status = failure
        answer = {"__type": code, "message": f"{code} on {action}"}
    elif operation in CLOUDWATCH:
        status, answer = CLOUDWATCH[operation](account, region, cbor2.loads(body) if body else {})
    else:
        status, answer = 400, {"__type": "UnknownOperationException", "message": operation}
    headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
    start_response(f"{status} {'OK' if status == 200 else 'Error'}", headers)
    return [cbor2.dumps(answer, datetime_as_timestamp=True, timezone=timezone.utc)]


# ------------------------------------------------------------------------- listings of nothing


def nothing(name):
    """Answers a listing that moto lacks: there is none."""
    return lambda _self: ActionResult({name: []})


EC2Response.describe_capacity_reservations = nothing("CapacityReservations")
EC2Response.describe_fast_snapshot_restores = nothing("FastSnapshotRestores")
EC2Response.describe_reserved_instances = nothing("ReservedInstances")
ElastiCacheResponse.describe_serverless_caches = nothing("ServerlessCaches")
EKSResponse.describe_cluster_versions = nothing("clusterVersions")
eks_urls.url_paths["{0}/cluster-versions$"] = eks_urls.response.dispatch


# -------------------------------------------------------------------------------------- server


def control(path, body):
    global allowed, replaced
    if path == "/emulator/faults":
        faults[:] = json.loads(body)
        replaced.set()
        replaced = threading.Event()
    elif path == "/emulator/allow":
        allowed = json.loads(body)
        allowed = None if allowed is None else set(allowed)
    elif path == "/emulator/series":
        for entry in json.loads(body):
            key = series_key(*(entry[name] for name in ("account", "region", "namespace", "metric", "dimensions")))
            series[key] = entry
    elif path == "/emulator/forget":
        calls.clear()
        asked.clear()
    elif path == "/emulator/calls":
        return [[*key, count] for key, count in sorted(calls.items())]
    elif path == "/emulator/metrics":
        return list(asked)
    else:
        return None
    return "ok"


moto = DomainDispatcherApplication(create_backend_app)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/emulator/"):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        answer = control(path, environ["wsgi.input"].read(length))
        status = "404 Not Found" if answer is None else "200 OK"
        body = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    if path.startswith(CLOUDWATCH_PATH):
        return cloudwatch(environ, start_response)
    return moto(environ, start_response)


def main():
    port = int(sys.argv[1])
    MotoRequestHandler.log_request = lambda *_arguments, **_named: None
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
