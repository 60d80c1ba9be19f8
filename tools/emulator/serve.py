#!/usr/bin/env python3
"""An emulated AWS on loopback for the tests: moto, and what moto lacks for a collector.

usage: serve.py PORT            prints "ready" when it answers

On top of moto:
  - faults: calls that are refused, throttled or broken, by account, region, service, action
  - an allow-list of IAM actions, refused in each protocol as AWS refuses
  - a record of every call, by account, region and IAM action
  - CloudWatch series by formula, with percentiles and pages of 100,800 points
  - Savings Plans and reservations
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
  POST /emulator/bought   [{"account", "region", "action": "rds:DescribeReservedDBInstances",
                            "purchase": {…, as the listing has it}, "tags": {…}}, …]: adds to
                          what was bought in advance; moments are ISO 8601
  POST /emulator/costs    what the cost services answer from: see costs.py
  GET  /emulator/calls    [["account", "region", "service:Action", count], …]
  GET  /emulator/metrics  [{"account", "region", "namespace", "metric", "dimensions": {…},
                            "statistic", "period", "start", "end"}, …]: what GetMetricData was
                          asked for, start and end as epoch
  POST /emulator/clock    seconds that the clock of its answers is ahead, 0 or less included
  POST /emulator/forget   empties both records
"""

import json
import math
import os
import re
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from email.utils import formatdate

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
# Nothing is left beside the sources.
sys.dont_write_bytecode = True

import cbor2
import costs
from moto.awslambda import urls as lambda_urls
from moto.awslambda.responses import LambdaResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.ec2.responses import EC2Response
from moto.eks import urls as eks_urls
from moto.eks.responses import EKSResponse
from moto.elasticache.responses import ElastiCacheResponse
from moto.emr.responses import ElasticMapReduceResponse
from moto.iam.models import get_account_id_from
from moto.memorydb.responses import MemoryDBResponse
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.rds.models import RDSBackend, rds_backends
from moto.rds.responses import RDSResponse
from moto.redshift.responses import RedshiftResponse
from moto.s3.responses import S3Response
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.sagemaker.responses import SageMakerResponse
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

ahead = 0
faults = []
# Set when these faults are replaced by others.
replaced = threading.Event()
allowed = None
series = {}
calls = Counter()
asked = []
# What was bought in advance, by account, region and the action that lists it; tags by ARN.
bought = {}
tags_of_bought = {}


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


# moto speaks CloudWatch's older protocols only.
CLOUDWATCH = {
    "GetMetricData": get_metric_data,
    "ListMetrics": list_metrics,
    "DescribeAlarms": describe_alarms,
}


# ------------------------------------------------------------------------- listings of nothing


def nothing(name):
    """Answers a listing that moto lacks: there is none."""
    return lambda _self: ActionResult({name: []})


EC2Response.describe_capacity_reservations = nothing("CapacityReservations")
EC2Response.describe_fast_snapshot_restores = nothing("FastSnapshotRestores")
EC2Response.describe_reserved_instances = nothing("ReservedInstances")
ElastiCacheResponse.describe_serverless_caches = nothing("ServerlessCaches")
RDSResponse.describe_pending_maintenance_actions = nothing("PendingMaintenanceActions")
SimpleSystemManagerResponse.describe_instance_information = nothing("InstanceInformationList")


# ----------------------------------------------------------------------------------- databases


def created_with_insights(original):
    """Keeps what moto drops: whether Performance Insights is on, and how long it is kept."""

    def create(self, db_kwargs):
        database = original(self, db_kwargs)
        database.performance_insights_enabled = bool(db_kwargs.get("enable_performance_insights"))
        if database.performance_insights_enabled:
            database.performance_insights_retention_period = 7
        return database

    return create


RDSBackend.create_db_instance = created_with_insights(RDSBackend.create_db_instance)


def describe_db_parameters(self):
    """Answers with what somebody has set of the parameters that are asked for."""
    name = self.params.get("DBParameterGroupName")
    wanted = {value for one in self.params.get("Filters") or [] for value in one["Values"]}
    groups = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
    set_by_user = [one for group in groups for one in group.parameters.values()]
    return ActionResult(
        {
            "Parameters": [
                {**one, "Source": "user"}
                for one in set_by_user
                if not wanted or one["ParameterName"] in wanted
            ]
        }
    )


def describe_orderable_db_instance_options(self):
    """Answers with the classes that run: those at least are for sale."""
    engine, version = self.params.get("Engine"), self.params.get("EngineVersion")
    running = {
        (one.db_instance_class, one.storage_type)
        for one in self.backend.describe_db_instances(None)
        if one.engine == engine and one.engine_version == version
    }
    return ActionResult(
        {
            "OrderableDBInstanceOptions": [
                {
                    "Engine": engine,
                    "EngineVersion": version,
                    "DBInstanceClass": name,
                    "StorageType": storage,
                    "MultiAZCapable": True,
                }
                for name, storage in sorted(running)
            ]
        }
    )


RDSResponse.describe_db_parameters = describe_db_parameters
RDSResponse.describe_orderable_db_instance_options = describe_orderable_db_instance_options


def get_resource_metrics(account, region, params):
    """Answers with one session at work all the time, on a DB instance that has it on."""
    databases = rds_backends[account][region].describe_db_instances(None)
    if not any(one.dbi_resource_id == params["Identifier"] for one in databases):
        return 400, {"__type": "InvalidArgumentException", "message": params["Identifier"]}
    start, end, period = epoch(params["StartTime"]), epoch(params["EndTime"]), params["PeriodInSeconds"]
    moments = range(math.ceil(start / period) * period + period, end + 1, period)
    points = [{"Timestamp": datetime.fromtimestamp(one, timezone.utc), "Value": 1.0} for one in moments]
    metric = params["MetricQueries"][0]["Metric"]
    wait = {"Metric": metric, "Dimensions": {"db.wait_event.name": "CPU"}}
    return 200, {
        "AlignedStartTime": params["StartTime"],
        "AlignedEndTime": params["EndTime"],
        "Identifier": params["Identifier"],
        "MetricList": [
            {"Key": {"Metric": metric}, "DataPoints": points},
            {"Key": wait, "DataPoints": points},
        ],
    }


# moto has no Performance Insights at all.
INSIGHTS = {"GetResourceMetrics": get_resource_metrics}


# ------------------------------------------------------------- services that are not moto's

# What the SDK calls in CBOR over a path per operation.
CBOR = {
    "GraniteServiceVersion20100801": "cloudwatch",
    "PerformanceInsightsv20180227": "pi",
    "ComputeOptimizerService": costs.SERVICES["ComputeOptimizerService"],
}
CBOR_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)$")
OPERATIONS = {"cloudwatch": CLOUDWATCH, "pi": INSIGHTS}


def scope_of(environ):
    """Returns the account and the region that a request is signed for."""
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return get_account_id_from(scope.group(1)), scope.group(2)


def body_bytes(environ):
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def answered(service, operation, account, region, params):
    """Answers a service that is not moto's: status and document."""
    action = f"{service}:{operation}"
    calls[account, region, action] += 1
    failure = verdict(account, region, service, action, json.dumps(params, default=str))
    if failure:
        code, status = failure
        return status, {"__type": code, "message": f"{code} on {action}"}
    if service not in OPERATIONS:
        try:
            return 200, costs.answer(service, operation, account, region, params)
        except costs.Refused as refused:
            return 400, {"__type": str(refused), "message": f"{refused} on {action}"}
    if operation in OPERATIONS[service]:
        return OPERATIONS[service][operation](account, region, params)
    return 400, {"__type": "UnknownOperationException", "message": operation}


def phrase(status):
    return f"{status} {'OK' if status == 200 else 'Error'}"


def by_cbor(environ, start_response, service, operation):
    account, region = scope_of(environ)
    body = body_bytes(environ)
    params = cbor2.loads(body) if body else {}
    status, answer = answered(service, operation, account, region, params)
    headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
    start_response(phrase(status), headers)
    return [cbor2.dumps(answer, datetime_as_timestamp=True, timezone=timezone.utc)]


def by_json(environ, start_response, service, operation):
    account, region = scope_of(environ)
    params = json.loads(body_bytes(environ) or "{}")
    status, answer = answered(service, operation, account, region, params)
    body = json.dumps(answer).encode()
    headers = [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))]
    start_response(phrase(status), headers)
    return [body]


# ------------------------------------------------------------------- Savings Plans, reservations


def listing_of(action, name):
    """Answers with what was bought."""

    def answer(self):
        listed = bought.get((str(self.current_account), str(self.region), action), [])
        return ActionResult({name: [dated(one) for one in listed]})

    return answer


def dated(purchase):
    """Returns a purchase whose moments are moments."""
    moment = datetime.fromisoformat
    return {name: moment(value) if name == "StartTime" else value for name, value in purchase.items()}


def with_tags_of_bought(original, parameter):
    """Answers about the ARN of a purchase, and leaves the others to moto."""

    def answer(self):
        tags = tags_of_bought.get(parameter(self))
        if tags is None:
            return original(self)
        return ActionResult({"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]})

    return answer


def resource_name(self):
    return self._get_param("ResourceName") or (self.params or {}).get("ResourceName")


RDSResponse.describe_reserved_db_instances = listing_of("rds:DescribeReservedDBInstances", "ReservedDBInstances")
RDSResponse.list_tags_for_resource = with_tags_of_bought(RDSResponse.list_tags_for_resource, resource_name)
RedshiftResponse.describe_reserved_nodes = listing_of("redshift:DescribeReservedNodes", "ReservedNodes")
ElastiCacheResponse.describe_reserved_cache_nodes = listing_of(
    "elasticache:DescribeReservedCacheNodes", "ReservedCacheNodes"
)
ElastiCacheResponse.list_tags_for_resource = with_tags_of_bought(
    ElastiCacheResponse.list_tags_for_resource, resource_name
)
MemoryDBResponse.describe_reserved_nodes = listing_of("memorydb:DescribeReservedNodes", "ReservedNodes")
MemoryDBResponse.list_tags = with_tags_of_bought(
    MemoryDBResponse.list_tags, lambda self: json.loads(self.body).get("ResourceArn")
)


def describe_savings_plans(plans, request):
    """One plan per page."""
    begin = int(request.get("nextToken") or 0)
    answer = {"savingsPlans": plans[begin : begin + 1]}
    if begin + 1 < len(plans):
        answer["nextToken"] = str(begin + 1)
    return answer


def describe_reserved_search_instances(purchases, _request):
    moments = [{**one, "StartTime": dated(one)["StartTime"].timestamp()} for one in purchases]
    return {"ReservedInstances": moments}


# moto has no Savings Plans, and no path of OpenSearch Service for its reservations.
LISTED_BY_PATH = {
    "/DescribeSavingsPlans": ("savingsplans:DescribeSavingsPlans", describe_savings_plans),
    "/2021-01-01/opensearch/reservedInstances": (
        "es:DescribeReservedInstances",
        describe_reserved_search_instances,
    ),
}


def listed_by_path(environ, start_response):
    action, answer_of = LISTED_BY_PATH[environ["PATH_INFO"]]
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    account, region = get_account_id_from(scope.group(1)), scope.group(2)
    calls[account, region, action] += 1
    text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    headers = [("Content-Type", "application/json")]
    failure = verdict(account, region, action.split(":")[0], action, text)
    if failure:
        code, status = failure
        answer = {"message": f"{code} on {action}"}
        headers.append(("x-amzn-errortype", code))
    else:
        status = 200
        answer = answer_of(bought.get((account, region, action), []), json.loads(text or "{}"))
    start_response(f"{status} {'OK' if status == 200 else 'Error'}", headers)
    return [json.dumps(answer).encode()]
EC2Response.describe_capacity_reservations = nothing("CapacityReservations")
EC2Response.describe_fast_snapshot_restores = nothing("FastSnapshotRestores")
EC2Response.describe_reserved_instances = nothing("ReservedInstances")
ElastiCacheResponse.describe_serverless_caches = nothing("ServerlessCaches")
SageMakerResponse.list_apps = nothing("Apps")
# A cluster without a policy to end by itself has an answer without one.
ElasticMapReduceResponse.get_auto_termination_policy = lambda _self: ActionResult({})


# ---------------------------------------------------------------------- provisioned concurrency

# By account, region and function: the configurations that PutProvisionedConcurrencyConfig made.
concurrency = {}


def concurrency_key(self):
    function = self.path.split("/functions/")[1].split("/")[0]
    return str(self.current_account), str(self.region), function


def put_provisioned_concurrency_config(self):
    account, region, function = key = concurrency_key(self)
    qualifier = self.querystring["Qualifier"][0]
    executions = json.loads(self.body)["ProvisionedConcurrentExecutions"]
    config = {
        "RequestedProvisionedConcurrentExecutions": executions,
        "AvailableProvisionedConcurrentExecutions": executions,
        "AllocatedProvisionedConcurrentExecutions": executions,
        "Status": "READY",
        "LastModified": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }
    arn = f"arn:aws:lambda:{region}:{account}:function:{function}:{qualifier}"
    concurrency.setdefault(key, {})[arn] = config
    return 202, {}, json.dumps(config)


def list_provisioned_concurrency_configs(self):
    configs = concurrency.get(concurrency_key(self), {})
    listed = [{"FunctionArn": arn, **config} for arn, config in sorted(configs.items())]
    return 200, {}, json.dumps({"ProvisionedConcurrencyConfigs": listed})


LambdaResponse.put_provisioned_concurrency_config = put_provisioned_concurrency_config
LambdaResponse.list_provisioned_concurrency_configs = list_provisioned_concurrency_configs
lambda_urls.url_paths[
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"
] = LambdaResponse.dispatch
EKSResponse.describe_cluster_versions = nothing("clusterVersions")
eks_urls.url_paths["{0}/cluster-versions$"] = eks_urls.response.dispatch


# -------------------------------------------------------------------------------------- server


def control(path, body):
    global ahead, allowed, replaced
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
    elif path == "/emulator/clock":
        ahead = int(body)
    elif path == "/emulator/bought":
        for entry in json.loads(body):
            key = entry["account"], entry["region"], entry["action"]
            bought.setdefault(key, []).append(entry["purchase"])
            arns = [value for name, value in entry["purchase"].items() if name.lower().endswith("arn")]
            tags_of_bought.update({arn: entry.get("tags", {}) for arn in arns})
    elif path == "/emulator/costs":
        return costs.seed(json.loads(body))
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


def undated(start_response):
    """Leaves the date of an answer to the server, which takes it from the emulator's clock."""

    def start(status, headers, *rest):
        return start_response(status, [one for one in headers if one[0].lower() != "date"], *rest)

    return start


def date_of_clock(_self, _timestamp=None):
    return formatdate(time.time() + ahead, usegmt=True)


def application(environ, start_response):
    start_response = undated(start_response)
    path = environ["PATH_INFO"]
    if path.startswith("/emulator/"):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        answer = control(path, environ["wsgi.input"].read(length))
        status = "404 Not Found" if answer is None else "200 OK"
        body = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    named = CBOR_PATH.match(path)
    if named and named.group(1) in CBOR:
        return by_cbor(environ, start_response, CBOR[named.group(1)], named.group(2))
    if path in LISTED_BY_PATH:
        return listed_by_path(environ, start_response)
    target, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
    if target in costs.SERVICES:
        return by_json(environ, start_response, costs.SERVICES[target], operation)
    return moto(environ, start_response)


def main():
    port = int(sys.argv[1])
    MotoRequestHandler.log_request = lambda *_arguments, **_named: None
    MotoRequestHandler.date_time_string = date_of_clock
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
