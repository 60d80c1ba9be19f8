"""Instance refreshes of Auto Scaling groups, which moto lacks.

A refresh is `Pending`, then `InProgress`, and replaces one instance after the other: a new one of
the version that is desired serves before an old one goes. What has the version already is skipped
where that is asked for. Only at its end does the group itself get the version. A rollback goes the
same way back, and is refused where nothing says what to go back to, or nothing goes on. Checkpoints
and alarms are kept and shown, and nothing waits for them.
"""

import uuid

import clock
from machines import later, pace
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

# By account, region and group: its refreshes, the newest first.
refreshes = {}
OVER = ("Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed")
MOVING = ("$Latest", "$Default")


def launched_noted(original):
    """Notes of an instance which version it came from, which moto takes from the template."""

    def replace(self, *arguments, **named):
        known = set(self.instance_states)
        original(self, *arguments, **named)
        if self.ec2_launch_template:
            number = self.ec2_launch_template.get_version(self.launch_template_version).number
            for one in set(self.instance_states) - known:
                one.launched_from = str(number)

    return replace


def launched_from(original):
    def launch_template(self):
        shown = original.fget(self)
        version = getattr(self, "launched_from", None)
        # What was attached came from none.
        return {**shown, "Version": version} if shown and version else None

    return property(launch_template)


FakeAutoScalingGroup.replace_autoscaling_group_instances = launched_noted(
    FakeAutoScalingGroup.replace_autoscaling_group_instances
)
InstanceState.launch_template = launched_from(InstanceState.launch_template)


def of(self):
    """Returns the group that is asked for, and its refreshes."""
    name = self._get_param("AutoScalingGroupName")
    groups = self.autoscaling_backend.describe_auto_scaling_groups([name])
    if not groups:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup: {name} not found")
    key = str(self.current_account), str(self.region), name
    return groups[0], refreshes.setdefault(key, [])


def start_instance_refresh(self):
    group, known = of(self)
    desired = self._get_param("DesiredConfiguration")
    preferences = self._get_param("Preferences") or {}
    if known and known[0]["Status"] not in OVER:
        raise AutoscalingClientError("InstanceRefreshInProgress", "An Instance Refresh is already in progress.")
    wanted = ((desired or {}).get("LaunchTemplate") or {}).get("Version")
    before = group.provided_launch_template_version
    if preferences.get("AutoRollback") and (wanted is None or {wanted, before or "$Default"} & set(MOVING)):
        raise ValidationError("AutoRollback needs numbered versions of the launch template, desired and current.")
    there = {str(one.number) for one in group.ec2_launch_template.versions}
    if wanted is not None and wanted not in there | set(MOVING):
        raise ValidationError(f"You must use a valid fully-formed launch template. There is no version {wanted}.")
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "Pending",
        "PercentageComplete": 0,
        "InstancesToUpdate": len(group.instance_states),
        "Preferences": dict(preferences),
        **({"DesiredConfiguration": desired} if desired else {}),
    }
    known.insert(0, refresh)
    later(pace["refresh"], lambda: begin(group, refresh, wanted or before))
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def begin(group, refresh, wanted):
    if refresh["Status"] != "Pending":
        return
    refresh.update(Status="InProgress", StartTime=clock.now())
    is_skipping = refresh["Preferences"].get("SkipMatching")
    group.launch_template_version = wanted
    old = [one for one in group.instance_states if not (is_skipping and of_version(group, one, wanted))]
    refresh["InstancesToUpdate"] = len(old)
    later(pace["refresh"], lambda: go_on(group, refresh, old, len(old), "InProgress", wanted))


def of_version(group, state, version):
    number = group.ec2_launch_template.get_version(version).number
    return getattr(state, "launched_from", None) == str(number)


def go_on(group, refresh, old, count, word, version):
    """Replaces one instance, and the rest of them later."""
    if refresh["Status"] != word:
        return
    if old:
        state = old.pop(0)
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        group.instance_states.remove(state)
        group.autoscaling_backend.ec2_backend.terminate_instances([state.instance.id])
        refresh["InstancesToUpdate"] = len(old)
        refresh["PercentageComplete"] = 100 * (count - len(old)) // count
        later(pace["refresh"], lambda: go_on(group, refresh, old, count, word, version))
        return
    ended = {"InProgress": "Successful", "RollbackInProgress": "RollbackSuccessful"}[word]
    group.provided_launch_template_version = group.launch_template_version = version
    refresh.update(Status=ended, EndTime=clock.now(), PercentageComplete=100)


def rollback_instance_refresh(self):
    group, known = of(self)
    if not known or known[0]["Status"] not in ("Pending", "InProgress", "Baking"):
        raise AutoscalingClientError("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found.")
    refresh = known[0]
    before = group.provided_launch_template_version
    if "DesiredConfiguration" not in refresh or (before or "$Default") in MOVING:
        raise AutoscalingClientError("IrreversibleInstanceRefresh", "Instance Refresh cannot be rolled back.")
    refresh.update(Status="RollbackInProgress", StartTime=refresh.get("StartTime") or clock.now())
    group.launch_template_version = before
    old = [one for one in group.instance_states if not of_version(group, one, before)]
    later(pace["refresh"], lambda: go_on(group, refresh, old, len(old), "RollbackInProgress", before))
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def describe_instance_refreshes(self):
    _group, known = of(self)
    wanted = self._get_param("InstanceRefreshIds") or []
    shown = [one for one in known if not wanted or one["InstanceRefreshId"] in wanted]
    return ActionResult({"InstanceRefreshes": shown})


AutoScalingResponse.start_instance_refresh = start_instance_refresh
AutoScalingResponse.rollback_instance_refresh = rollback_instance_refresh
AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes
