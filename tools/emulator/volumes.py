"""Volumes as strict and as slow as AWS's: one modification at a time and four in a day, no less
storage than before, and a while until a modification is `completed`."""

import time

from machines import later, pace
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.elastic_block_store import EBSBackend, Volume, VolumeModification

MOST_IN_A_DAY = 4
# When each volume was told to change.
told = {}


def modified_strictly(original):
    def modify_volume(self, volume_id, *arguments, **named):
        volume = self.get_volume(volume_id)
        size = int(named.get("target_size") or (arguments[0] if arguments else 0) or 0)
        if size and size < volume.size:
            raise EC2ClientError("InvalidParameterValue", "New size cannot be smaller than existing size")
        now = time.time()
        recent = [one for one in told.get(volume_id, []) if now - one < 86400]
        is_busy = any(one.modification_state != "completed" for one in volume.modifications)
        if len(recent) >= MOST_IN_A_DAY or is_busy:
            message = f"You've reached the maximum modification rate per volume limit for {volume_id}."
            raise EC2ClientError("VolumeModificationRateExceeded", message)
        answer = original(self, volume_id, *arguments, **named)
        told[volume_id] = [*recent, now]
        if pace["volume"] > 0:
            change = volume.modifications[-1]
            change.slow_state = "modifying"
            half = pace["volume"] / 2

            # One behind the other: two timers that start together may end in either order.
            def optimize():
                change.slow_state = "optimizing"
                later(half, lambda: setattr(change, "slow_state", "completed"))

            later(half, optimize)
        return answer

    return modify_volume


VolumeModification.slow_state = "completed"
VolumeModification.modification_state = property(lambda self: self.slow_state)
EBSBackend.modify_volume = modified_strictly(EBSBackend.modify_volume)


def told_whether_shared(original):
    def __init__(self, *arguments, **named):
        original(self, *arguments, **named)
        # AWS always says it.
        self.multi_attach_enabled = bool(self.multi_attach_enabled)

    return __init__


Volume.__init__ = told_whether_shared(Volume.__init__)
