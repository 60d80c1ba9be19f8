"""CloudWatch: series by formula, with percentiles and pages of 100,800 points."""

import math
from datetime import datetime, timezone

from moto.cloudwatch.models import cloudwatch_backends

PAGE_POINTS = 100_800

series = {}
# What GetMetricData was asked for.
asked = []


def add_series(entries):
    for entry in entries:
        key = series_key(*(entry[name] for name in ("account", "region", "namespace", "metric", "dimensions")))
        series[key] = entry


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


def describe_alarms(account, region, params):
    prefix = params.get("ActionPrefix")
    alarms = [
        alarm
        for alarm in cloudwatch_backends[account][region].alarms.values()
        if prefix is None or any(action.startswith(prefix) for action in alarm.alarm_actions or [])
    ]
    return 200, {
        "MetricAlarms": [
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
