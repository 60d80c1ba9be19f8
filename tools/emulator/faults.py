"""Calls that are refused, throttled, held back or broken, and a record of every call.

A fault and an allow-list work before moto answers: by account, region and IAM action.
"""

import contextlib
import json
import os
import signal
import threading
from collections import Counter

from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

# What IAM calls a service that moto or botocore calls otherwise.
IAM_PREFIX = {
    "awslambda": "lambda",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "emr": "elasticmapreduce",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
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

# IAM actions that only read begin with these.
READS = ("Describe", "List", "Get", "Lookup", "BatchGet", "Search", "Filter", "Head", "Select")

faults = []
# A process to kill at its n-th call that changes something, before or after it is carried out.
killing = {}
# IAM actions of calls that change something, in order.
changes = []
# Set when these faults are replaced by others.
replaced = threading.Event()
allowed = None
# By account, region and IAM action.
calls = Counter()


def break_calls(entries):
    """Replaces the faults, and lets go of what they hold back."""
    global replaced
    faults[:] = entries
    replaced.set()
    replaced = threading.Event()


def allow(actions):
    """Replaces the list of IAM actions that are allowed; None allows everything."""
    global allowed
    allowed = None if actions is None else set(actions)


def kill(order):
    """Kills a process with SIGKILL at its n-th changing call from now on."""
    killing.clear()
    killing.update(order, seen=0)
    changes.clear()


def kill_if_due(when):
    if killing and killing["seen"] == killing["at"] and killing["when"] == when:
        with contextlib.suppress(ProcessLookupError):
            os.kill(killing["pid"], signal.SIGKILL)


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
            if "times" in fault:
                if fault["times"] <= 0:
                    continue
                fault["times"] -= 1
            if "delay" in fault:
                replaced.wait(fault["delay"])
                continue
            if fault.get("after"):
                return "after", fault
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
    is_change = not operation.startswith(READS) and service != "sts"
    if is_change:
        changes.append(action)
        if killing:
            killing["seen"] += 1
        kill_if_due("before")
    failure = verdict(account, region, service, action, body_of(request))
    if failure and failure[0] != "after":
        code, status = failure
        return refusal(self, code, status, f"{code} on {action}")
    answer = self.call_action()
    if is_change:
        kill_if_due("after")
    if failure:
        # It was carried out, and nobody is told.
        fault = failure[1]
        return refusal(self, fault["code"], fault.get("status", 500), f"the answer to {action} was lost")
    return answer


BaseResponse._dispatch = dispatch
