"""Control planes as strict and as slow as AWS's, where moto does at once whatever it is told.

Instances pass through `stopping` and `pending`, change their type only while they are stopped
and only to one of their architecture, and do not start where capacity is short. Snapshots are
`pending` before they are `completed`. What databases do is in `databases`.
"""

import threading

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

# Seconds that a change of state takes: none until somebody says so, for a scan does not wait.
PACED = ("stop", "start", "snapshot", "volume", "database", "function", "refresh", "deployment")
pace = dict.fromkeys(PACED, 0.0)
# Types and classes of which there is no machine to be had.
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


def kept_slowly(original):
    def create_snapshot(self, *arguments, **named):
        snapshot = original(self, *arguments, **named)
        if pace["snapshot"] > 0:
            snapshot.status = "pending"
            later(pace["snapshot"], lambda: setattr(snapshot, "status", "completed"))
        return snapshot

    return create_snapshot


EBSBackend.create_snapshot = kept_slowly(EBSBackend.create_snapshot)
