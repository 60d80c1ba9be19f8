"""CloudWatch: series by formula, with percentiles and pages of 100,800 points, and alarms."""

import json
import math
from datetime import datetime, timezone

import clock
from moto.cloudwatch.models import cloudwatch_backends

PAGE_POINTS = 100_800

series = {}
# What GetMetricData was asked for.
asked = []
# Alarms with all of their states, beside those that moto keeps.
alarms = []


def add_series(entries):
    for entry in entries:
        key = series_key(*(entry[name] for name in ("account", "region", "namespace", "metric", "dimensions")))
        series[key] = entry


def series_key(account, region, namespace, metric, dimensions):
    return account, region, namespace, metric, tuple(sorted(dimensions.items()))


def value_at(formula, second):
    if isinstance(formula, dict):
        # Each value holds from its moment on, also where that is still to come.
        steps = [value for since, value in sorted(formula["steps"]) if since <= second]
        return float(steps[-1] if steps else sorted(formula["steps"])[0][1])
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


def get_metric_statistics(account, region, params):
    """Answers with the points of one series, in no order that counts."""
    dimensions = {one["Name"]: one["Value"] for one in params.get("Dimensions", [])}
    key = series_key(account, region, params["Namespace"], params["MetricName"], dimensions)
    start, end, period = epoch(params["StartTime"]), epoch(params["EndTime"]), int(params["Period"])
    entry, kinds = series.get(key), params.get("Statistics", [])
    points = {}
    for kind in kinds if entry else ():
        for second, value in points_of(entry, start, end, period, kind):
            points.setdefault(second, {"Timestamp": moment(second)})[kind] = value
    return 200, {"Label": params["MetricName"], "Datapoints": list(points.values())}


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


def add_alarms(entries):
    names = {(entry["account"], entry["region"], entry["name"]) for entry in entries}
    alarms[:] = [one for one in alarms if (one["account"], one["region"], one["name"]) not in names]
    alarms.extend(entries)


def moment(second):
    return datetime.fromtimestamp(second, timezone.utc)


def planted(alarm):
    """Returns an alarm of a test as DescribeAlarms has it."""
    since, state = [one for one in sorted(alarm["states"]) if one[0] <= clock.second()][-1]
    answer = {
        "AlarmName": alarm["name"],
        "AlarmArn": f"arn:aws:cloudwatch:{alarm['region']}:{alarm['account']}:alarm:{alarm['name']}",
        "StateValue": state,
        "StateTransitionedTimestamp": moment(since),
        "ActionsEnabled": True,
        "AlarmActions": alarm.get("actions", []),
    }
    if alarm.get("composite"):
        return answer
    dimensions = alarm.get("dimensions", {}).items()
    return answer | {
        "Namespace": alarm.get("namespace", "AWS/EC2"),
        "MetricName": alarm.get("metric", "CPUUtilization"),
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
    }


def describe_alarms(account, region, params):
    answer = every_alarm(account, region)
    names, types = params.get("AlarmNames"), params.get("AlarmTypes") or ["MetricAlarm"]
    prefix = params.get("ActionPrefix")

    def is_asked(alarm):
        acts = alarm.get("AlarmActions", [])
        return (not names or alarm["AlarmName"] in names) and (
            prefix is None or any(one.startswith(prefix) for one in acts)
        )

    for kind, key in (("MetricAlarm", "MetricAlarms"), ("CompositeAlarm", "CompositeAlarms")):
        wanted = kind in types
        answer[key] = [one for one in answer[key] if wanted and is_asked(one)]
    return 200, answer


def describe_alarm_history(account, region, params):
    start, end = params.get("StartDate"), params.get("EndDate")
    items = []
    for alarm in alarms:
        if (alarm["account"], alarm["region"]) != (account, region):
            continue
        if params.get("AlarmName") not in (None, alarm["name"]):
            continue
        states = sorted(alarm["states"])
        for (_, before), (second, after) in zip(states, states[1:]):
            is_past = second <= clock.second() and (end is None or second <= epoch(end))
            if is_past and (start is None or second >= epoch(start)):
                data = {
                    "version": "1.0",
                    "oldState": {"stateValue": before},
                    "newState": {"stateValue": after},
                }
                items.append(
                    {
                        "AlarmName": alarm["name"],
                        "AlarmType": "CompositeAlarm" if alarm.get("composite") else "MetricAlarm",
                        "Timestamp": moment(second),
                        "HistoryItemType": "StateUpdate",
                        "HistorySummary": f"Alarm updated from {before} to {after}",
                        "HistoryData": json.dumps(data),
                    }
                )
    if params.get("ScanBy") != "TimestampAscending":
        items.reverse()
    begin = int(params.get("NextToken") or 0)
    size = int(params.get("MaxRecords") or 100)
    answer = {"AlarmHistoryItems": items[begin : begin + size]}
    if begin + size < len(items):
        answer["NextToken"] = str(begin + size)
    return 200, answer


def every_alarm(account, region):
    of_moto = cloudwatch_backends[account][region].alarms.values()
    own = [one for one in alarms if (one["account"], one["region"]) == (account, region)]
    return {
        "MetricAlarms": [planted(one) for one in own if not one.get("composite")]
        + [
            {
                "AlarmName": alarm.name,
                "AlarmArn": alarm.alarm_arn,
                "StateValue": alarm.state_value or "INSUFFICIENT_DATA",
                "ActionsEnabled": bool(alarm.actions_enabled),
                "AlarmActions": list(alarm.alarm_actions or []),
                "Namespace": alarm.namespace or "",
                "MetricName": alarm.metric_name or "",
                "Dimensions": [{"Name": one.name, "Value": one.value} for one in alarm.dimensions or []],
            }
            for alarm in of_moto
        ],
        "CompositeAlarms": [planted(one) for one in own if one.get("composite")],
    }


# moto speaks CloudWatch's older protocols only.
CLOUDWATCH = {
    "GetMetricData": get_metric_data,
    "GetMetricStatistics": get_metric_statistics,
    "ListMetrics": list_metrics,
    "DescribeAlarms": describe_alarms,
    "DescribeAlarmHistory": describe_alarm_history,
}
