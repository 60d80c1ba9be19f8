"""What became of what there is, in the emulator's first account: without a client and its start."""

from datetime import timedelta

import reservations
from moto.autoscaling.models import autoscaling_backends
from moto.awslambda.models import lambda_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.logs.models import logs_backends
from moto.rds.models import rds_backends

REGION = "us-east-1"


def of(backends):
    return backends[DEFAULT_ACCOUNT_ID][REGION]


def everything():
    """Returns what a change may alter or make, by kind and name."""
    ec2, rds = of(ec2_backends), of(rds_backends)
    machines = [one for group in ec2.reservations.values() for one in group.instances]
    held = reservations.reservations.get((DEFAULT_ACCOUNT_ID, REGION), {})
    return {
        "machines": {one.id: {"type": one.instance_type, "state": one._state.name} for one in machines},
        "volumes": {
            one.id: {"type": one.volume_type, "size": one.size, "state": one.status}
            for one in ec2.volumes.values()
        },
        "snapshots": {one.id: one.status for one in ec2.snapshots.values()},
        "reservations": {name: one["shown"]["State"] for name, one in held.items()},
        "addresses": sorted(one.allocation_id for one in ec2.addresses),
        "databases": {
            name: {
                "class": one.db_instance_class,
                "size": int(one.allocated_storage),
                "state": one.status,
            }
            for name, one in rds.databases.items()
        },
        "database_snapshots": {name: one.status for name, one in rds.database_snapshots.items()},
        "log_groups": {name: one.retention_in_days for name, one in of(logs_backends).groups.items()},
        "functions": {
            one.function_name: one.memory_size for one in of(lambda_backends).list_functions(None)
        },
        "architectures": {
            one.function_name: {
                "$LATEST": one.architectures[0],
                "versions": [
                    version.architectures[0]
                    for version in of(lambda_backends).list_versions_by_function(one.function_name)
                    if version.version != "$LATEST"
                ],
            }
            for one in of(lambda_backends).list_functions(None)
        },
        "aliases": {
            f"{one.function_name}:{alias.name}": {
                "version": alias.function_version,
                "weights": (alias.routing_config or {}).get("AdditionalVersionWeights") or {},
            }
            for one in of(lambda_backends).list_functions(None)
            for alias in of(lambda_backends).list_aliases(one.function_name)
        },
        "deployments": [one.status for one in rds.blue_green_deployments.values()],
        "groups": {
            name: {
                "min": one.min_size,
                "max": one.max_size,
                "desired": one.desired_capacity,
                "version": (one.launch_template or {}).get("Version"),
                "serving": sorted(state.instance_type for state in one.active_instances()),
            }
            for name, one in of(autoscaling_backends).autoscaling_groups.items()
        },
    }


def age(things):
    """Makes log groups older and fuller than they are, and volumes older."""
    groups, volumes = of(logs_backends).groups, of(ec2_backends).volumes
    for name, wanted in things.items():
        since = timedelta(days=wanted["days"])
        if name in volumes:
            volumes[name].create_time -= since
            continue
        groups[name].creation_time -= since
        for stream in groups[name].streams.values():
            stream.stored_bytes = wanted["bytes"]
