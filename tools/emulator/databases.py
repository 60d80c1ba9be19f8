"""RDS as strict and as slow as AWS's, what a collector asks for beyond moto, and Performance Insights.

A database is changed only while it is `available`, to a class that is offered and of which there
is capacity, and its storage never shrinks. Its status says `available` for a moment after it was
told to change, then `modifying`; what it was told is pending meanwhile. A snapshot is `creating`
before it is `available`.
"""

import math
import random
import string
from datetime import datetime, timezone

from cloudwatch import epoch
from listings import nothing
from machines import later, pace, short
from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend, rds_backends
from moto.rds.responses import RDSResponse


def created_with_insights(original):
    """Keeps what moto drops: Performance Insights, and an identity of its own, which no name is."""

    def create(self, db_kwargs):
        database = original(self, db_kwargs)
        letters = random.choices(string.ascii_uppercase + string.digits, k=26)
        database.dbi_resource_id = "db-" + "".join(letters)
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


SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge")


def offered(backend, engine, version):
    """Returns what is for sale: the classes that run, and the other sizes of their families."""
    running = [
        one
        for one in backend.describe_db_instances(None)
        if one.engine == engine and one.engine_version == version
    ]
    return {
        (name, one.storage_type)
        for one in running
        for size in SIZES
        for name in (one.db_instance_class, f"{one.db_instance_class.rsplit('.', 1)[0]}.{size}")
    }


def describe_orderable_db_instance_options(self):
    """Answers with the classes that are for sale.

    A class that is asked for by its name is for sale where EC2 has machines of that name.
    """
    engine, version = self.params.get("Engine"), self.params.get("EngineVersion")
    wanted = self.params.get("DBInstanceClass")
    found = offered(self.backend, engine, version)
    if wanted:
        is_known = wanted.removeprefix("db.") in INSTANCE_TYPES
        found = {(wanted, storage) for storage in ("gp2", "gp3", "io1") if is_known}
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
                for name, storage in sorted(found)
            ]
        }
    )


RDSResponse.describe_db_parameters = describe_db_parameters
RDSResponse.describe_orderable_db_instance_options = describe_orderable_db_instance_options
RDSResponse.describe_pending_maintenance_actions = nothing("PendingMaintenanceActions")


def refuse_change(backend, database, changes):
    """Refuses what AWS refuses before it begins."""
    name = database.db_instance_identifier
    if database.status != "available":
        raise RDSClientError("InvalidDBInstanceState", f"Database instance {name} is not in available state.")
    storage = int(changes.get("allocated_storage") or 0)
    if storage and storage < int(database.allocated_storage):
        raise RDSClientError("InvalidParameterCombination", "Invalid storage size: storage cannot shrink.")
    wanted = changes.get("db_instance_class")
    if wanted:
        for_sale = {one for one, _ in offered(backend, database.engine, database.engine_version)}
        if wanted not in for_sale:
            message = f"RDS does not support {wanted} with {database.engine} {database.engine_version}."
            raise RDSClientError("InvalidParameterCombination", message)
        if wanted in short:
            raise RDSClientError("InsufficientDBInstanceCapacity", f"There is no capacity for {wanted}.")
        if wanted == database.db_instance_class and not getattr(database, "pending_modified_values", None):
            raise RDSClientError("InvalidParameterCombination", "No modifications were requested.")


PENDING_NAMES = {
    "db_instance_class": "DBInstanceClass",
    "allocated_storage": "AllocatedStorage",
    "storage_type": "StorageType",
    "iops": "Iops",
}


def changed_strictly(original):
    def modify_db_instance(self, db_instance_identifier, db_kwargs):
        database = self.describe_db_instances(db_instance_identifier)[0]
        refuse_change(self, database, db_kwargs)
        asked = {name: db_kwargs.get(key) for key, name in PENDING_NAMES.items() if db_kwargs.get(key)}
        if not asked:
            return original(self, db_instance_identifier, db_kwargs)
        if not db_kwargs.get("apply_immediately"):
            # It waits for the maintenance window, which does not come here.
            database.pending_modified_values = asked
            return database
        if pace["database"] <= 0:
            return original(self, db_instance_identifier, db_kwargs)

        def begin():
            database.status = "modifying"
            database.pending_modified_values = asked
            later(pace["database"], end)

        def end():
            original(self, db_instance_identifier, db_kwargs)
            database.pending_modified_values = {}
            database.status = "available"

        # The status stays `available` for a moment: who believes it, is wrong.
        later(pace["database"] / 4, begin)
        return database

    return modify_db_instance


def kept_slowly(original):
    def create_db_snapshot(self, db_instance_identifier, *rest, **wanted):
        database = self.databases.get(db_instance_identifier)
        if database and database.status not in ("available", "storage-optimization"):
            message = f"Cannot create a snapshot because the database instance {db_instance_identifier} is not currently in the available state."
            raise RDSClientError("InvalidDBInstanceState", message)
        snapshot = original(self, db_instance_identifier, *rest, **wanted)
        if pace["snapshot"] > 0:
            snapshot.status, database.status = "creating", "backing-up"

            def whole():
                snapshot.status, database.status = "available", "available"

            later(pace["snapshot"], whole)
        return snapshot

    return create_db_snapshot


RDSBackend.modify_db_instance = changed_strictly(RDSBackend.modify_db_instance)
RDSBackend.create_db_snapshot = kept_slowly(RDSBackend.create_db_snapshot)


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
