"""Sessions of roles: who takes one on and with which policy, and that policy enforced.

A role that was taken on with a session policy may do what that allows, by action and by the
identifiers that the request names. Its own policies are not looked at.
"""

import fnmatch
import json
import re
import threading
from urllib.parse import parse_qs

import faults
from moto.core.responses import BaseResponse

# What AssumeRole was asked for, in order.
taken = []
# The policy of each session, by its access key.
policies = {}
# What the trust policy of every role asks for; nothing where empty.
trust = {}
lock = threading.Lock()

KEY = re.compile(r"Credential=([A-Z0-9]+)/")
MADE = re.compile(r"<AccessKeyId>([A-Z0-9]+)</AccessKeyId>")
# How identifiers of what a request names begin.
NAMED = re.compile(r"(?:i|vol|eipalloc|cr)-[0-9a-f]{8,}")


def require(terms):
    """Says what a trust policy asks for: {"external_id": "…", "source_identity": true}."""
    trust.clear()
    trust.update(terms or {})


def asked(request):
    form = request.form.to_dict() if getattr(request, "form", None) else {}
    if not form:
        text = getattr(request, "data", b"") or b""
        form = {name: values[0] for name, values in parse_qs(text.decode("utf-8", "replace")).items()}
    return form


def key_of(request):
    found = KEY.search(request.headers.get("Authorization", ""))
    return found.group(1) if found else None


def is_denied_trust(form):
    wanted = trust.get("external_id")
    if wanted is not None and form.get("ExternalId") != wanted:
        return True
    return bool(trust.get("source_identity")) and not form.get("SourceIdentity")


def listed(value):
    return value if isinstance(value, list) else [value]


def allows(policy, action, names):
    """Returns whether a session policy allows an action on everything that is named."""
    about = [
        one
        for one in policy["Statement"]
        if one["Effect"] == "Allow"
        and any(fnmatch.fnmatchcase(action, pattern) for pattern in listed(one["Action"]))
    ]
    resources = [pattern for one in about for pattern in listed(one["Resource"])]
    return bool(about) and all(
        any(fnmatch.fnmatchcase(f"/{name}", "*" + pattern[pattern.rfind("/") :]) or pattern == "*" for pattern in resources)
        for name in names
    )


def dispatch(self, request, full_url=None, headers=None):
    key = key_of(request)
    policy = policies.get(key)
    if policy is not None:
        self.setup_class(request, full_url, headers)
        action = faults.iam_action(self.service_name, self._get_action() or "Unknown")
        names = sorted(set(NAMED.findall(faults.body_of(request))))
        if action != "sts:GetCallerIdentity" and not allows(policy, action, names):
            code = faults.DENIED.get(self.service_name, "AccessDenied")
            return faults.refusal(self, code, 403, f"the session policy does not allow {action} on {names}")
    form = asked(request)
    if form.get("Action") != "AssumeRole":
        return inner(self, request, full_url, headers)
    if is_denied_trust(form):
        self.setup_class(request, full_url, headers)
        message = f"User is not authorized to perform: sts:AssumeRole on resource: {form.get('RoleArn')}"
        return faults.refusal(self, "AccessDenied", 403, message)
    answer = inner(self, request, full_url, headers)
    made = MADE.search(str(answer[-1]))
    with lock:
        taken.append(form)
        if made and form.get("Policy"):
            policies[made.group(1)] = json.loads(form["Policy"])
    return answer


inner = BaseResponse._dispatch
BaseResponse._dispatch = dispatch
