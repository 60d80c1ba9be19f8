"""EventBridge Scheduler as strict as AWS's about groups, where moto is not."""

from moto.scheduler.exceptions import ScheduleGroupNotFound
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.core.exceptions import JsonRESTError


class GroupExists(JsonRESTError):
    code = 409

    def __init__(self, name):
        super().__init__("ConflictException", f"Schedule group {name} already exists.")


def group_made_strictly(original):
    def create_schedule_group(self, name, tags):
        if name in self.schedule_groups:
            raise GroupExists(name)
        return original(self, name, tags)

    return create_schedule_group


def schedule_made_strictly(original):
    def create_schedule(self, *arguments, **named):
        group = named.get("group_name") or "default"
        if group not in self.schedule_groups:
            raise ScheduleGroupNotFound(group)
        return original(self, *arguments, **named)

    return create_schedule


EventBridgeSchedulerBackend.create_schedule_group = group_made_strictly(
    EventBridgeSchedulerBackend.create_schedule_group
)
EventBridgeSchedulerBackend.create_schedule = schedule_made_strictly(
    EventBridgeSchedulerBackend.create_schedule
)
