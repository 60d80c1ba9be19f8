"""Savings Plans and reservations: what was bought in advance, and its tags."""

import json
from datetime import datetime

from moto.core.responses import ActionResult
from moto.elasticache.responses import ElastiCacheResponse
from moto.memorydb.responses import MemoryDBResponse
from moto.rds.responses import RDSResponse
from moto.redshift.responses import RedshiftResponse

# By account, region and the action that lists it; tags by ARN.
bought = {}
tags_of_bought = {}


def buy(entries):
    """Adds to what was bought."""
    for entry in entries:
        key = entry["account"], entry["region"], entry["action"]
        bought.setdefault(key, []).append(entry["purchase"])
        arns = [value for name, value in entry["purchase"].items() if name.lower().endswith("arn")]
        tags_of_bought.update({arn: entry.get("tags", {}) for arn in arns})


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
