"""Control planes as strict and as slow as AWS's, where moto does at once whatever it is told.

Instances pass through `stopping` and `pending`, change their type only while they are stopped
and only to one of their architecture, and do not start where capacity is short. Databases are
`modifying` for a while, and not at once.
"""

import threading

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend

# Seconds that a change of state takes. Nothing takes any until somebody says so, because the
# tests of a scan do not wait.
pace = {"stop": 0.0, "start": 0.0, "database": 0.0}
# Types of which there is no machine to be had.
short = set()

PENDING, RUNNING, STOPPING, STOPPED = ("pending", 0), ("running", 16), ("stopping", 64), ("stopped", 80)


def set_pace(seconds):
    pace.update(seconds)


def set_short(types):
    short.clear()
    short.update(types)


def later(seconds, then):
    if seconds <= 0:
        then()
        return
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    timer.start()


def through(instance, between, at_last, seconds):
    state = instance._state
    state.name, state.code = between

    def arrive():
        if state.name == between[0]:
            state.name, state.code = at_last

    later(seconds, arrive)


def refused(code, message):
    return EC2ClientError(code, message)


def stopped_slowly(original):
    def stop(self):
        if self._state.name == "stopped":
            return original(self)
        answer = original(self)
        through(self, STOPPING, STOPPED, pace["stop"])
        return answer

    return stop


def started_slowly(original):
    def start(self):
        if self._state.name == "running":
            return original(self)
        if self._state.name != "stopped":
            raise refused(
                "IncorrectInstanceState",
                f"The instance '{self.id}' is not in a state from which it can be started.",
            )
        if self.instance_type in short:
            raise refused("InsufficientInstanceCapacity", f"There is no capacity for {self.instance_type}.")
        answer = original(self)
        through(self, PENDING, RUNNING, pace["start"])
        return answer

    return start


# What every image of today says, and every current type wants.
Instance.ena_support = True
Instance.platform_details = "Linux/UNIX"
Instance.usage_operation = "RunInstances"
Instance.current_instance_boot_mode = "legacy-bios"


def made_for_today(original):
    """Names what moto leaves out of an instance whose image does not say it."""

    def make(self, *arguments, **named):
        original(self, *arguments, **named)
        self.architecture = self.architecture or "x86_64"
        self.virtualization_type = getattr(self, "virtualization_type", None) or "hvm"

    return make


Instance.__init__ = made_for_today(Instance.__init__)

Instance.stop = stopped_slowly(Instance.stop)
Instance.start = started_slowly(Instance.start)


def type_changed_strictly(original):
    def modify_instance_attribute(self):
        wanted = self._get_param("InstanceType.Value") or self._get_param("InstanceType")
        wanted = wanted.get("Value") if isinstance(wanted, dict) else wanted
        if wanted:
            instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
            if instance._state.name != "stopped":
                raise refused(
                    "IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state."
                )
            facts = INSTANCE_TYPES.get(wanted)
            if facts is None:
                raise refused("InvalidInstanceAttributeValue", f"Invalid value '{wanted}' for InstanceType.")
            architectures = facts["ProcessorInfo"]["SupportedArchitectures"]
            architecture = instance.architecture or "x86_64"
            if architecture not in architectures:
                raise refused(
                    "InvalidParameterCombination",
                    f"{wanted} does not support the architecture '{architecture}'.",
                )
        return original(self)

    return modify_instance_attribute


InstanceResponse.modify_instance_attribute = type_changed_strictly(InstanceResponse.modify_instance_attribute)


def database_changed_strictly(original):
    def modify_db_instance(self, identifier, changes):
        database = self.describe_db_instances(identifier)[0]
        if database.status != "available":
            raise RDSClientError("InvalidDBInstanceState", f"{identifier} is {database.status}.")
        storage = int(changes.get("allocated_storage") or 0)
        if storage and storage < int(database.allocated_storage):
            raise RDSClientError("InvalidParameterCombination", "Storage cannot shrink.")
        wanted = changes.get("db_instance_class")
        if wanted and wanted in short:
            raise RDSClientError("InsufficientDBInstanceCapacity", f"There is no capacity for {wanted}.")
        if wanted and not changes.get("apply_immediately"):
            database.pending_modified_values = {"DBInstanceClass": wanted}
            return database
        if pace["database"] <= 0:
            return original(self, identifier, changes)
        database.pending_modified_values = {"DBInstanceClass": wanted} if wanted else {}

        def begin():
            database.status = "modifying"
            later(pace["database"], end)

        def end():
            database.status = "available"
            database.pending_modified_values = {}
            original(self, identifier, changes)

        # The state stays `available` for a moment: who believes it, is wrong.
        later(pace["database"] / 4, begin)
        return database

    return modify_db_instance


RDSBackend.modify_db_instance = database_changed_strictly(RDSBackend.modify_db_instance)
