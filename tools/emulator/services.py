"""Services that are not moto's, by the protocol in which the SDK calls them."""

import json
import re
from datetime import timezone

import cbor2
import costs
import recycle
from cloudwatch import CLOUDWATCH
from databases import INSIGHTS
from faults import calls, verdict
from moto.iam.models import get_account_id_from
from purchases import LISTED_BY_PATH, bought

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


def by_path(environ, start_response):
    """Answers a listing of purchases that has a path of its own."""
    action, answer_of = LISTED_BY_PATH[environ["PATH_INFO"]]

    def listed(account, region, text):
        return 200, answer_of(bought.get((account, region, action), []), json.loads(text or "{}"))

    return in_json(environ, start_response, action, listed)


def of_recycle_bin(environ, start_response, action, rule):
    return in_json(environ, start_response, action, lambda _account, _region, text: recycle.answer(rule, text))


def in_json(environ, start_response, action, answer_of):
    """Answers an action that has a path of its own."""
    account, region = scope_of(environ)
    calls[account, region, action] += 1
    text = body_bytes(environ).decode()
    headers = [("Content-Type", "application/json")]
    failure = verdict(account, region, action.split(":")[0], action, text)
    if failure:
        code, status = failure
        answer = {"message": f"{code} on {action}"}
        headers.append(("x-amzn-errortype", code))
    else:
        status, answer = answer_of(account, region, text)
        if status != 200:
            headers.append(("x-amzn-errortype", answer["__type"]))
    start_response(phrase(status), headers)
    return [json.dumps(answer).encode()]


def answer_of(environ, start_response):
    """Answers a request that is for one of these services; None where it is moto's."""
    path = environ["PATH_INFO"]
    named = CBOR_PATH.match(path)
    if named and named.group(1) in CBOR:
        return by_cbor(environ, start_response, CBOR[named.group(1)], named.group(2))
    if path in LISTED_BY_PATH:
        return by_path(environ, start_response)
    about = recycle.asked(environ)
    if about:
        return of_recycle_bin(environ, start_response, *about)
    target, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
    if target in costs.SERVICES:
        return by_json(environ, start_response, costs.SERVICES[target], operation)
    return None
