"""RDS where moto has less than a collector asks for, and Performance Insights."""

import math
from datetime import datetime, timezone

from cloudwatch import epoch
from listings import nothing
from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.rds.models import RDSBackend, rds_backends
from moto.rds.responses import RDSResponse


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
    """Answers with the classes that run: those at least are for sale.

    A class that is asked for by its name is for sale where EC2 has machines of that name.
    """
    engine, version = self.params.get("Engine"), self.params.get("EngineVersion")
    wanted = self.params.get("DBInstanceClass")
    running = {
        (one.db_instance_class, one.storage_type)
        for one in self.backend.describe_db_instances(None)
        if one.engine == engine and one.engine_version == version
    }
    if wanted:
        is_known = wanted.removeprefix("db.") in INSTANCE_TYPES
        running = {(wanted, storage) for storage in ("gp2", "gp3", "io1") if is_known}
    return ActionResult(
        {
            "OrderableDBInstanceOptions": [
                {
                    "Engine": engine,
                    "EngineVersion": version,
                    "DBInstanceClass": name,
                    "StorageType": storage,
                    "MultiAZCapable": True,
                    "SupportsPerformanceInsights": True,
                }
                for name, storage in sorted(running)
            ]
        }
    )


RDSResponse.describe_db_parameters = describe_db_parameters
RDSResponse.describe_orderable_db_instance_options = describe_orderable_db_instance_options
RDSResponse.describe_pending_maintenance_actions = nothing("PendingMaintenanceActions")


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


# What the one session does: a query with most of its time, a command, and a text that its server
# did not normalise whole.
DIGESTS = [
    ("AAAA", "SELECT `name` FROM `players` WHERE `guild_id` = ? ORDER BY `score`", 0.64),
    ("BBBB", "COMMIT", 0.2),
    ("CCCC", "UPDATE `players` SET `token` = 'not-for-your-eyes' WHERE `id` = ?", 0.1),
]


def describe_dimension_keys(account, region, params):
    """Answers with the parts of that one session, by wait or by digest."""
    databases = rds_backends[account][region].describe_db_instances(None)
    if not any(one.dbi_resource_id == params["Identifier"] for one in databases):
        return 400, {"__type": "InvalidArgumentException", "message": params["Identifier"]}
    group = params["GroupBy"]["Group"]
    if group == "db.wait_event_type":
        keys = [{"Dimensions": {"db.wait_event_type.name": "CPU"}, "Total": 1.0}]
    else:
        keys = [
            {
                "Dimensions": {
                    f"{group}.id": name,
                    f"{group}.db_id": f"pi-{name}",
                    f"{group}.statement": text,
                },
                "Total": total,
            }
            for name, text, total in DIGESTS
        ]
    return 200, {
        "AlignedStartTime": params["StartTime"],
        "AlignedEndTime": params["EndTime"],
        "Keys": keys,
    }


# moto has no Performance Insights at all.
INSIGHTS = {
    "GetResourceMetrics": get_resource_metrics,
    "DescribeDimensionKeys": describe_dimension_keys,
}
