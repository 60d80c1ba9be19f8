"""Blue/green deployments of RDS as strict and as slow as AWS's, where moto switches at once.

A deployment is `PROVISIONING` while its copy is made, `AVAILABLE` while the copy follows with a lag
that CloudWatch tells, `SWITCHOVER_IN_PROGRESS` and at last `SWITCHOVER_COMPLETED`. In between the
name belongs to nobody for a moment: first what was gets another one, then the copy gets its own.
"""

import clock
from cloudwatch import add_series
from machines import later, pace
from moto.rds.exceptions import (
    InvalidBlueGreenDeploymentStateFault,
    RDSClientError,
    SourceDatabaseNotSupportedFault,
)
from moto.rds.models import BlueGreenDeployment, RDSBackend

# Engines that have such deployments (RDS user guide).
ENGINES = ("mysql", "mariadb", "postgres")
STATES = BlueGreenDeployment.SupportedStates
# Seconds that a copy is behind while it catches up, and once it has.
FAR, NEAR = 90.0, 0.5
LEAST_TIMEOUT = 30


def identifier(arn):
    return arn.rsplit(":", 1)[1]


def refuse_source(backend, source):
    """Refuses what AWS makes no copy of."""
    database = backend.describe_db_instances(identifier(source))[0]
    is_fit = database.engine in ENGINES and not database.db_cluster_identifier
    if not is_fit or not int(database.backup_retention_period or 0):
        raise SourceDatabaseNotSupportedFault(source)
    if database.status != "available":
        raise RDSClientError("InvalidDBInstanceState", f"Database instance {identifier(source)} is not in available state.")
    if any(one.source == source for one in backend.blue_green_deployments.values()):
        raise SourceDatabaseNotSupportedFault(source)


def made_slowly(original):
    def create_blue_green_deployment(self, wanted):
        refuse_source(self, wanted["source"])
        answer = original(self, wanted)
        deployment = self.blue_green_deployments[answer.blue_green_deployment_identifier]
        green = self.describe_db_instances(identifier(deployment.target))[0]
        deployment.set_status(STATES.PROVISIONING)
        green.status = "creating"

        def ready():
            green.status = "available"
            deployment.set_status(STATES.AVAILABLE)
            follow(self, green, clock.second())

        later(pace["deployment"], ready)
        return answer

    return create_blue_green_deployment


def follow(backend, green, since):
    """Lets the copy be far behind for two minutes of the emulator's clock, and then near."""
    catches_up = pace["deployment"] and 120
    lag = {
        "account": backend.account_id,
        "region": backend.region_name,
        "namespace": "AWS/RDS",
        "metric": "ReplicaLag",
        "dimensions": {"DBInstanceIdentifier": green.db_instance_identifier},
        "value": {"steps": [[since, FAR], [since + catches_up, NEAR]]},
    }
    add_series([lag])


def switched_slowly(original):
    def switchover_blue_green_deployment(self, blue_green_deployment_identifier, switchover_timeout=300):
        if int(switchover_timeout or 300) < LEAST_TIMEOUT:
            raise RDSClientError("InvalidParameterValue", f"The switchover timeout must be {LEAST_TIMEOUT} or more.")
        if pace["deployment"] <= 0:
            return original(self, blue_green_deployment_identifier, switchover_timeout)
        deployment = self.describe_blue_green_deployments(blue_green_deployment_identifier)[0]
        if deployment.status != STATES.AVAILABLE.name:
            raise InvalidBlueGreenDeploymentStateFault(blue_green_deployment_identifier)
        blue, green = identifier(deployment.source), identifier(deployment.target)
        deployment.set_status(STATES.SWITCHOVER_IN_PROGRESS)

        def give_up_name():
            old = rename(self, blue, f"{blue}-old1")
            deployment.source = old.arn
            later(pace["deployment"] / 3, take_name)

        def take_name():
            new = rename(self, green, blue)
            deployment.target = new.arn
            later(pace["deployment"] / 3, end)

        def end():
            deployment.set_status(STATES.SWITCHOVER_COMPLETED)
            deployment.status_details = "Switchover completed"

        later(pace["deployment"] / 3, give_up_name)
        return deployment

    return switchover_blue_green_deployment


def rename(backend, name, to):
    database = backend.databases.pop(name)
    database.db_instance_identifier = to
    backend.databases[to] = database
    return database


def listed_by_pages(original):
    """Takes the size of a page and where it begins, which moto's answer cuts by itself."""

    def describe_blue_green_deployments(self, *arguments, max_records=None, marker=None, **named):
        return original(self, *arguments, **named)

    return describe_blue_green_deployments


def deleted_strictly(original):
    def delete_blue_green_deployment(self, blue_green_deployment_identifier, delete_target=False):
        deployment = self.describe_blue_green_deployments(blue_green_deployment_identifier)[0]
        is_over = deployment.status == STATES.SWITCHOVER_COMPLETED.name
        is_busy = deployment.status in (STATES.PROVISIONING.name, STATES.SWITCHOVER_IN_PROGRESS.name)
        if is_busy or (is_over and delete_target):
            raise InvalidBlueGreenDeploymentStateFault(blue_green_deployment_identifier)
        return original(self, blue_green_deployment_identifier, delete_target)

    return delete_blue_green_deployment


RDSBackend.describe_blue_green_deployments = listed_by_pages(RDSBackend.describe_blue_green_deployments)
RDSBackend.create_blue_green_deployment = made_slowly(RDSBackend.create_blue_green_deployment)
RDSBackend.switchover_blue_green_deployment = switched_slowly(RDSBackend.switchover_blue_green_deployment)
RDSBackend.delete_blue_green_deployment = deleted_strictly(RDSBackend.delete_blue_green_deployment)
