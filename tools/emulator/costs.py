"""The cost services that moto lacks: Data Exports, the legacy report, Cost Explorer, Compute
Optimizer and Cost Optimization Hub. They answer from what was seeded, and an answer that AWS's
own models would not allow is refused when it is seeded.

Seeded by POST /emulator/costs (see `seed`):
  {"exports":  {"<account>": [an Export of bcm-data-exports, …]},
   "reports":  {"<account>": [a ReportDefinition of cur, …]},
   "costs":    {"<account>": [{"day", "service", "account", "unblended", "amortized"}, …]},
   "final_until": "2026-11-01", "page": 100,
   "enrolled": {"<account>": "Active" or "Inactive"},
   "opinions": {"<account>": {"<region>": {"GetIdleRecommendations": [an entry, …], …}}},
   "hub":      {"<account>": [a Recommendation of cost-optimization-hub, …]}}

An account that was not seeded has no export and no cost, and is enrolled without an opinion.
"""

from decimal import Decimal

import botocore.session
from botocore.validate import ParamValidator

SERVICES = {
    "AWSBillingAndCostManagementDataExports": "bcm-data-exports",
    "AWSOrigamiServiceGatewayService": "cur",
    "AWSInsightsIndexService": "ce",
    "CostOptimizationHubService": "cost-optimization-hub",
    "ComputeOptimizerService": "compute-optimizer",
}
# What an answer of Compute Optimizer calls its entries.
ENTRIES = {
    "GetEC2InstanceRecommendations": "instanceRecommendations",
    "GetRDSDatabaseRecommendations": "rdsDBRecommendations",
    "GetEBSVolumeRecommendations": "volumeRecommendations",
    "GetLambdaFunctionRecommendations": "lambdaFunctionRecommendations",
    "GetAutoScalingGroupRecommendations": "autoScalingGroupRecommendations",
    "GetECSServiceRecommendations": "ecsServiceRecommendations",
    "GetIdleRecommendations": "idleRecommendations",
}
# Entries on one page of a listing: few, so that pages are met.
ENTRIES_A_PAGE = 2

models = botocore.session.get_session()
state = {}


class Refused(Exception):
    """A request that AWS would refuse, with its code."""


def seed(document):
    """Replaces what is known, after a look at each answer that it will give."""
    problems = []
    for account in document.get("exports", {}):
        for export in document["exports"][account]:
            problems += wrong("bcm-data-exports", "GetExport", {"Export": export})
    for account, reports in document.get("reports", {}).items():
        problems += wrong("cur", "DescribeReportDefinitions", {"ReportDefinitions": reports})
    for account, regions in document.get("opinions", {}).items():
        for region, operations in regions.items():
            for operation, entries in operations.items():
                answer = {ENTRIES[operation]: entries}
                problems += wrong("compute-optimizer", operation, answer)
    for account, items in document.get("hub", {}).items():
        problems += wrong("cost-optimization-hub", "ListRecommendations", {"items": items})
    if problems:
        return None
    state.clear()
    state.update(document)
    return "ok"


def wrong(service, operation, answer):
    """Returns what AWS's model says against an answer."""
    shape = models.get_service_model(service).operation_model(operation).output_shape
    report = ParamValidator().validate(answer, shape)
    problems = [report.generate_report()] if report.has_errors() else []
    return problems + unknown(shape, answer)


def unknown(shape, value):
    """Returns the fields that the model does not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        problems = [key for key in value if key not in shape.members]
        for key in value.keys() & shape.members.keys():
            problems += unknown(shape.members[key], value[key])
        return problems
    if shape.type_name == "list":
        return [problem for one in value for problem in unknown(shape.member, one)]
    return []


def answer(service, operation, account, region, params):
    """Answers one call."""
    if service == "bcm-data-exports":
        return data_exports(operation, account, params)
    if service == "cur":
        entries = state.get("reports", {}).get(account, [])
        return page("ReportDefinitions", "NextToken", entries, params.get("NextToken"))
    if service == "ce":
        return cost_and_usage(account, params)
    if service == "cost-optimization-hub":
        return hub(operation, account, params)
    return compute_optimizer(operation, account, region, params)


def page(name, token_name, entries, token):
    begin = int(token or 0)
    found = {name: entries[begin : begin + ENTRIES_A_PAGE]}
    if begin + ENTRIES_A_PAGE < len(entries):
        found[token_name] = str(begin + ENTRIES_A_PAGE)
    return found


def data_exports(operation, account, params):
    exports = state.get("exports", {}).get(account, [])
    if operation == "ListExports":
        named = [
            {"ExportArn": one["ExportArn"], "ExportName": one["Name"], "ExportStatus": {"StatusCode": "HEALTHY"}}
            for one in exports
        ]
        return page("Exports", "NextToken", named, params.get("NextToken"))
    for one in exports:
        if one["ExportArn"] == params["ExportArn"]:
            return {"Export": one, "ExportStatus": {"StatusCode": "HEALTHY"}}
    raise Refused("ResourceNotFoundException")


def months(start, end):
    """Yields the months, or parts of months, of a period whose end is left out."""
    while start < end:
        year, month = int(start[:4]), int(start[5:7])
        following = f"{year + month // 12:04}-{month % 12 + 1:02}-01"
        yield start, min(following, end)
        start = following


def cost_and_usage(account, params):
    if params["Granularity"] != "MONTHLY" or [one["Key"] for one in params["GroupBy"]] != [
        "SERVICE",
        "LINKED_ACCOUNT",
    ]:
        raise Refused("ValidationException")
    costs = state.get("costs", {}).get(account, [])
    period = params["TimePeriod"]
    results, groups = [], []
    for start, end in months(period["Start"], period["End"]):
        sums = {}
        for one in costs:
            if start <= one["day"] < end:
                key = (one["service"], one["account"])
                unblended, amortized = sums.get(key, (Decimal(0), Decimal(0)))
                sums[key] = (unblended + Decimal(one["unblended"]), amortized + Decimal(one["amortized"]))
        month = {
            "TimePeriod": {"Start": start, "End": end},
            "Total": {},
            "Groups": [],
            "Estimated": end > state.get("final_until", ""),
        }
        results.append(month)
        for key, (unblended, amortized) in sorted(sums.items()):
            metrics = {"UnblendedCost": unblended, "AmortizedCost": amortized}
            groups.append(
                (
                    month,
                    {
                        "Keys": list(key),
                        "Metrics": {
                            name: {"Amount": str(amount), "Unit": "USD"}
                            for name, amount in metrics.items()
                            if name in params["Metrics"]
                        },
                    },
                )
            )
    size, begin = state.get("page", 1000), int(params.get("NextPageToken") or 0)
    for month, group in groups[begin : begin + size]:
        month["Groups"].append(group)
    found = {"ResultsByTime": results, "DimensionValueAttributes": []}
    if begin + size < len(groups):
        found["NextPageToken"] = str(begin + size)
    return found


def status(account):
    return state.get("enrolled", {}).get(account, "Active")


def compute_optimizer(operation, account, region, params):
    if operation == "GetEnrollmentStatus":
        return {"status": status(account), "memberAccountsEnrolled": False}
    if status(account) != "Active":
        raise Refused("OptInRequiredException")
    entries = state.get("opinions", {}).get(account, {}).get(region, {}).get(operation, [])
    return page(ENTRIES[operation], "nextToken", entries, params.get("nextToken"))


def hub(operation, account, params):
    if operation == "ListEnrollmentStatuses":
        return {"items": [{"accountId": account, "status": status(account)}]}
    wanted = params.get("filter", {}).get("accountIds")
    items = state.get("hub", {}).get(account, [])
    items = [one for one in items if wanted is None or one["accountId"] in wanted]
    return page("items", "nextToken", items, params.get("nextToken"))
