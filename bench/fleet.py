#!/usr/bin/env python3
"""An account with thousands of instances, for measuring throughput.

usage: fleet.py PORT INSTANCES          prints "ready PORT" when it answers

Instances, volumes, addresses and their metrics are answered here, by formula and in pages as
AWS's; everything else by the emulator of tools/emulator, where it is empty. Both protocols of
CloudWatch are spoken: the one of AWS's SDK for Rust and the older one of boto3.

GET /emulator/calls has every call, as in tools/emulator; POST /emulator/forget empties it.
GET /fleet/truth says how many of each fault are planted.
POST /fleet/limits 90000 answers no more samples a second than that, as CloudWatch does, by
throttling; 0 is without a limit.
"""

import io
import json
import pathlib
import re
import struct
import sys
import threading
import time
import urllib.parse
from datetime import datetime, timedelta, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools" / "emulator"))

import cbor2
import serve

ACCOUNT = "123456789012"
REGION = "ap-northeast-2"
TYPES = ["m5.xlarge", "m6i.large", "c6i.2xlarge", "r6i.large", "m5.large"]
LAUNCHED = "2026-01-05T02:00:00.000Z"
# Within the 90 days that CloudTrail remembers, for the scanner that asks it.
STOPPED = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=45)
PAGE_POINTS = 100_800

count = 5_000
limit = 0
spent = []
lock = threading.Lock()


# --------------------------------------------------------------------------------------- fleet


def instance_id(index):
    return f"i-{index:017x}"


def is_stopped(index):
    return index % 50 == 49


def is_idle(index):
    return index % 5 == 0 and not is_stopped(index)


def unattached():
    return count // 10


def loose_addresses():
    return count // 50


def volume_id(index):
    return f"vol-{index:017x}"


def tags(index):
    environment = ("prod", "staging", "dev")[index % 3]
    pairs = {"Name": f"game-{index}", "Environment": environment}
    items = "".join(f"<item><key>{key}</key><value>{value}</value></item>" for key, value in pairs.items())
    return f"<tagSet>{items}</tagSet>"


def instance_xml(index):
    stopped = is_stopped(index)
    code, name = (80, "stopped") if stopped else (16, "running")
    reason = f"<reason>User initiated ({STOPPED:%Y-%m-%d %H:%M:%S} GMT)</reason>" if stopped else "<reason/>"
    return (
        f"<item><reservationId>r-{index:017x}</reservationId><ownerId>{ACCOUNT}</ownerId><groupSet/><instancesSet><item>"
        f"<instanceId>{instance_id(index)}</instanceId><imageId>ami-00000000000000001</imageId>"
        f"<instanceState><code>{code}</code><name>{name}</name></instanceState><privateDnsName/><dnsName/>{reason}"
        f"<amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>{TYPES[index % len(TYPES)]}</instanceType>"
        f"<launchTime>{LAUNCHED}</launchTime><placement><availabilityZone>{REGION}a</availabilityZone><groupName/>"
        f"<tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring>"
        f"<privateIpAddress>10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}</privateIpAddress>"
        f"<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>"
        f"<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>{volume_id(index)}</volumeId>"
        f"<status>attached</status><attachTime>{LAUNCHED}</attachTime><deleteOnTermination>true</deleteOnTermination>"
        f"</ebs></item></blockDeviceMapping><virtualizationType>hvm</virtualizationType><hypervisor>xen</hypervisor>"
        f"{tags(index)}<ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport>"
        f"<platformDetails>Linux/UNIX</platformDetails><usageOperation>RunInstances</usageOperation>"
        f"<cpuOptions><coreCount>2</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions></item></instancesSet></item>"
    )


def volume_xml(index):
    loose = index >= count
    status = "available" if loose else "in-use"
    kind = "<volumeType>gp2</volumeType><iops>300</iops>" if loose else "<volumeType>gp3</volumeType><iops>3000</iops><throughput>125</throughput>"
    attachment = (
        ""
        if loose
        else f"<item><volumeId>{volume_id(index)}</volumeId><instanceId>{instance_id(index)}</instanceId>"
        f"<device>/dev/xvda</device><status>attached</status><attachTime>{LAUNCHED}</attachTime>"
        f"<deleteOnTermination>true</deleteOnTermination></item>"
    )
    return (
        f"<item><volumeId>{volume_id(index)}</volumeId><size>100</size><snapshotId/><availabilityZone>{REGION}a</availabilityZone>"
        f"<status>{status}</status><createTime>{LAUNCHED}</createTime><attachmentSet>{attachment}</attachmentSet>"
        f"{tags(index)}{kind}<encrypted>true</encrypted><multiAttachEnabled>false</multiAttachEnabled></item>"
    )


def address_xml(index):
    return (
        f"<item><publicIp>198.51.{index >> 8 & 255}.{index & 255}</publicIp><allocationId>eipalloc-{index:017x}</allocationId>"
        f"<domain>vpc</domain>{tags(index)}</item>"
    )


def wanted(form, name, values_of):
    """Keeps the indexes that the filter `name` of an EC2 call lets through."""
    for number in range(1, 20):
        if form.get(f"Filter.{number}.Name") != name:
            continue
        values = {value for key, value in form.items() if key.startswith(f"Filter.{number}.Value.")}
        return lambda index: values_of(index) in values
    return lambda _index: True


def instances(form):
    state = wanted(form, "instance-state-name", lambda index: "stopped" if is_stopped(index) else "running")
    named = {value for key, value in form.items() if key.startswith("InstanceId.")}
    return "reservationSet", [one for one in range(count) if state(one) and (not named or instance_id(one) in named)], instance_xml


def volumes(form):
    status = wanted(form, "status", lambda index: "available" if index >= count else "in-use")
    named = {value for key, value in form.items() if key.startswith("VolumeId.")}
    every = range(count + unattached())
    return "volumeSet", [one for one in every if status(one) and (not named or volume_id(one) in named)], volume_xml


def addresses(_form):
    return "addressesSet", list(range(loose_addresses())), address_xml


EC2 = {"DescribeInstances": instances, "DescribeVolumes": volumes, "DescribeAddresses": addresses}


def ec2(operation, form):
    name, indexes, xml = EC2[operation](form)
    begin = int(form.get("NextToken") or 0)
    size = int(form.get("MaxResults") or 1000)
    end = begin + size if operation != "DescribeAddresses" else len(indexes)
    token = f"<nextToken>{end}</nextToken>" if end < len(indexes) else ""
    items = "".join(xml(index) for index in indexes[begin:end])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>fleet</requestId><{name}>{items}</{name}>{token}</{operation}Response>"
    ).encode()


def lookup_events(params):
    """CloudTrail's answer: who stopped what."""
    names = {one["AttributeValue"] for one in params.get("LookupAttributes", [])}
    stopped = [one for one in range(count) if is_stopped(one)] if "StopInstances" in names else []
    begin = int(params.get("NextToken") or 0)
    events = [
        {
            "EventId": f"event-{index:032x}",
            "EventName": "StopInstances",
            "EventTime": STOPPED.timestamp(),
            "EventSource": "ec2.amazonaws.com",
            "Resources": [{"ResourceType": "AWS::EC2::Instance", "ResourceName": instance_id(index)}],
            "CloudTrailEvent": json.dumps(
                {
                    "eventID": f"event-{index:032x}",
                    "eventName": "StopInstances",
                    "eventTime": f"{STOPPED:%Y-%m-%dT%H:%M:%SZ}",
                    "awsRegion": REGION,
                    "recipientAccountId": ACCOUNT,
                    "requestParameters": {"instancesSet": {"items": [{"instanceId": instance_id(index)}]}},
                    "responseElements": {"instancesSet": {"items": [{"instanceId": instance_id(index)}]}},
                }
            ),
        }
        for index in stopped[begin : begin + 50]
    ]
    more = {"NextToken": str(begin + 50)} if begin + 50 < len(stopped) else {}
    return {"Events": events, **more}


# ---------------------------------------------------------------------------------- CloudWatch


def level(metric, index):
    """Returns the level of a metric: what it shows at noon. Absent where there is no series."""
    if index >= count or is_stopped(index):
        return None
    if metric == "CPUUtilization":
        return 0.9 if is_idle(index) else (18.0, 24.0, 31.0, 68.0)[index % 4]
    if metric.startswith("Network"):
        return 120.0 if is_idle(index) else 4e6
    if metric.startswith("EBS") or metric.startswith("Volume"):
        return 5.0 if is_idle(index) else 900.0
    if metric.startswith("StatusCheckFailed"):
        return 0.0
    return None


def index_of(metric):
    for dimension in metric.get("Dimensions", []):
        match = re.fullmatch(r"(?:i|vol)-([0-9a-f]{17})", dimension["Value"])
        if match:
            return int(match.group(1), 16)
    return None


def shape(second):
    """The share of its level that a metric shows at a moment: a day's swing, never the same."""
    return 0.6 + 0.4 * abs((second // 300 % 288) - 144) / 144


def encoded(values):
    """Returns doubles in CBOR, without their array's head."""
    return b"".join(b"\xfb" + struct.pack(">d", value) for value in values)


def moments(seconds):
    return b"".join(b"\xc1\xfb" + struct.pack(">d", float(second)) for second in seconds)


cache = {}


def whole(start, end, period, value):
    """Returns the moments and values of a whole series, and how many, in CBOR without heads."""
    key = start, end, period, value
    if key not in cache:
        seconds = range(start - start % period + (period if start % period else 0), end, period)
        cache[key] = moments(seconds), encoded(value * shape(second) for second in seconds), len(seconds)
    return cache[key]


def head(major, length):
    """Returns the head of a CBOR item of this major type and length."""
    if length < 24:
        return bytes([major << 5 | length])
    if length < 65536:
        return bytes([major << 5 | 25]) + struct.pack(">H", length)
    return bytes([major << 5 | 26]) + struct.pack(">I", length)


def text(value):
    return cbor2.dumps(value)


def get_metric_data(params):
    start, end = serve.cloudwatch.epoch(params["StartTime"]), serve.cloudwatch.epoch(params["EndTime"])
    skip = int(params.get("NextToken") or 0)
    room, seen, results = PAGE_POINTS, 0, []
    for query in params["MetricDataQueries"]:
        stat = query["MetricStat"]
        index = index_of(stat["Metric"])
        value = None if index is None else level(stat["Metric"]["MetricName"], index)
        stamps, values, length = (b"", b"", 0) if value is None else whole(start, end, int(stat["Period"]), value)
        begin = min(max(skip - seen, 0), length)
        taken = min(length - begin, room)
        seen += length
        room -= taken
        if not taken and length:
            continue
        results.append(
            b"\xa4" + text("Id") + text(query["Id"]) + text("StatusCode")
            + text("PartialData" if begin + taken < length else "Complete")
            + text("Timestamps") + head(4, taken) + stamps[begin * 10 : (begin + taken) * 10]
            + text("Values") + head(4, taken) + values[begin * 9 : (begin + taken) * 9]
        )
    answer = text("MetricDataResults") + head(4, len(results)) + b"".join(results)
    used = PAGE_POINTS - room
    if seen > skip + used:
        return b"\xa2" + answer + text("NextToken") + text(str(skip + used)), used
    return b"\xa1" + answer, used


def over_limit(points):
    """Returns whether CloudWatch would throttle: samples of the last second."""
    if not limit:
        return False
    with lock:
        now = time.monotonic()
        spent[:] = [one for one in spent if one[0] > now - 1]
        if sum(one[1] for one in spent) > limit:
            return True
        spent.append((now, points))
        return False


def statistics(params):
    """GetMetricStatistics, as boto3 asks."""
    index = index_of(params)
    value = None if index is None else level(params["MetricName"], index)
    start, end = (
        int(moment if isinstance(moment, (int, float)) else datetime.fromisoformat(str(moment).replace("Z", "+00:00")).timestamp())
        for moment in (params["StartTime"], params["EndTime"])
    )
    period = int(params["Period"])
    seconds = range(start - start % period, end, period) if value is not None else []
    names = params.get("Statistics") or ["Average"]
    # A peak within the period is the level; an average is what the day's swing leaves of it.
    figure = {"Maximum": 1.0, "Minimum": 0.6, "Average": 0.8, "Sum": 0.8 * period / 300, "SampleCount": period / 300}
    return {
        "Label": params["MetricName"],
        "Datapoints": [
            {"Timestamp": second, "Unit": "None", **{name: (value if name != "SampleCount" else 1) * figure[name] for name in names}}
            for second in seconds
        ],
    }


def unflattened(form):
    """Makes the parameters of a query call what they are in JSON."""
    dimensions, names = [], []
    number = 1
    while f"Dimensions.member.{number}.Name" in form:
        dimensions.append({"Name": form[f"Dimensions.member.{number}.Name"], "Value": form[f"Dimensions.member.{number}.Value"]})
        number += 1
    names = [value for key, value in sorted(form.items()) if key.startswith("Statistics.member.")]
    return {**form, "Dimensions": dimensions, "Statistics": names}


def statistics_xml(answer):
    points = "".join(
        "<member>"
        + "".join(
            f"<{key}>{datetime.fromtimestamp(value, timezone.utc).isoformat() if key == 'Timestamp' else value}</{key}>"
            for key, value in point.items()
        )
        + "</member>"
        for point in answer["Datapoints"]
    )
    return (
        '<GetMetricStatisticsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricStatisticsResult>'
        f"<Datapoints>{points}</Datapoints><Label>{answer['Label']}</Label></GetMetricStatisticsResult>"
        "<ResponseMetadata><RequestId>fleet</RequestId></ResponseMetadata></GetMetricStatisticsResponse>"
    ).encode()


# -------------------------------------------------------------------------------------- server


def reply(start_response, status, kind, body):
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if kind == "application/cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response(status, headers)
    return [body]


def here(environ):
    """Returns whether a request is for the account and region of the fleet."""
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return bool(scope) and scope.group(1) == REGION


def counted(action):
    with lock:
        serve.faults.calls[ACCOUNT, REGION, action] += 1


def cloudwatch(environ, start_response, operation, body):
    if operation == "GetMetricData":
        counted("cloudwatch:GetMetricData")
        answer, points = get_metric_data(cbor2.loads(body))
        if over_limit(points):
            refusal = cbor2.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"})
            return reply(start_response, "400 Bad Request", "application/cbor", refusal)
        return reply(start_response, "200 OK", "application/cbor", answer)
    if operation == "GetMetricStatistics":
        counted("cloudwatch:GetMetricStatistics")
        answer = statistics(cbor2.loads(body))
        for point in answer["Datapoints"]:
            point["Timestamp"] = datetime.fromtimestamp(point["Timestamp"], timezone.utc)
        return reply(start_response, "200 OK", "application/cbor", cbor2.dumps(answer, timezone=timezone.utc, datetime_as_timestamp=True))
    return None


def application(environ, start_response):
    global limit
    path = environ["PATH_INFO"]
    if path == "/fleet/truth":
        truth = {
            "instances": count,
            "stopped": sum(map(is_stopped, range(count))),
            "idle": sum(map(is_idle, range(count))),
            "unattached": unattached(),
            "addresses": loose_addresses(),
        }
        return reply(start_response, "200 OK", "application/json", json.dumps(truth).encode())
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    if path == "/fleet/limits":
        limit = int(body)
        return reply(start_response, "200 OK", "application/json", b"{}")
    if here(environ):
        named = serve.services.CBOR_PATH.match(path)
        if named and serve.services.CBOR.get(named.group(1)) == "cloudwatch":
            answer = cloudwatch(environ, start_response, named.group(2), body)
            if answer is not None:
                return answer
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target == "GraniteServiceVersion20100801.GetMetricStatistics":
            counted("cloudwatch:GetMetricStatistics")
            answer = json.dumps(statistics(json.loads(body))).encode()
            return reply(start_response, "200 OK", "application/x-amz-json-1.0", answer)
        if target.endswith(".LookupEvents"):
            counted("cloudtrail:LookupEvents")
            answer = json.dumps(lookup_events(json.loads(body))).encode()
            return reply(start_response, "200 OK", "application/x-amz-json-1.1", answer)
        if body.startswith(b"Action=") or b"&Action=" in body[:200]:
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            operation = form.get("Action", "")
            if operation in EC2:
                counted(f"ec2:{operation}")
                return reply(start_response, "200 OK", "text/xml", ec2(operation, form))
            if operation == "GetMetricStatistics":
                counted("cloudwatch:GetMetricStatistics")
                return reply(start_response, "200 OK", "text/xml", statistics_xml(statistics(unflattened(form))))
    environ["wsgi.input"] = io.BytesIO(body)
    return serve.application(environ, start_response)


def main():
    global count
    port, count = int(sys.argv[1]), int(sys.argv[2])
    serve.MotoRequestHandler.log_request = lambda *_arguments, **_named: None
    # Connections are kept, as AWS keeps them.
    serve.MotoRequestHandler.protocol_version = "HTTP/1.1"
    server = serve.make_server("127.0.0.1", port, application, threaded=True, request_handler=serve.MotoRequestHandler)
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
