"""Capacity reservations, which moto does not have."""

import uuid
from datetime import datetime, timezone

from machines import short
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

# By account and region: reservations by identifier.
reservations = {}


def of_caller(response):
    return reservations.setdefault((str(response.current_account), str(response.region)), {})


def create_capacity_reservation(self):
    wanted = self._get_param("InstanceType")
    if wanted in short:
        raise EC2ClientError("InsufficientInstanceCapacity", f"There is no capacity for {wanted}.")
    token = self._get_param("ClientToken")
    own = of_caller(self)
    known = next((one for one in own.values() if token and one["token"] == token), None)
    if known is None:
        identifier = "cr-" + uuid.uuid4().hex[:17]
        tags = self._parse_tag_specification().get("capacity-reservation", {})
        known = own[identifier] = {
            "token": token,
            "shown": {
                "CapacityReservationId": identifier,
                "OwnerId": str(self.current_account),
                "InstanceType": wanted,
                "InstancePlatform": self._get_param("InstancePlatform"),
                "AvailabilityZone": self._get_param("AvailabilityZone"),
                "InstanceMatchCriteria": self._get_param("InstanceMatchCriteria") or "open",
                "TotalInstanceCount": int(self._get_param("InstanceCount")),
                "AvailableInstanceCount": int(self._get_param("InstanceCount")),
                "Tenancy": "default",
                "State": "active",
                "EndDateType": self._get_param("EndDateType") or "unlimited",
                "CreateDate": datetime.now(timezone.utc).replace(tzinfo=None),
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            },
        }
    return ActionResult({"CapacityReservation": known["shown"]})


def cancel_capacity_reservation(self):
    identifier = self._get_param("CapacityReservationId")
    known = of_caller(self).get(identifier)
    if known is None:
        raise EC2ClientError("InvalidCapacityReservationId.NotFound", f"There is no {identifier}.")
    known["shown"]["State"] = "cancelled"
    return ActionResult({"Return": True})


def describe_capacity_reservations(self):
    filters = self._filters_from_querystring()

    def is_wanted(one):
        tags = {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        found = {"state": one["State"], "instance-type": one["InstanceType"]}
        found.update({f"tag:{key}": value for key, value in tags.items()})
        return all(found.get(name) in values for name, values in filters.items())

    shown = [one["shown"] for one in of_caller(self).values()]
    return ActionResult({"CapacityReservations": [one for one in shown if is_wanted(one)]})


EC2Response.create_capacity_reservation = create_capacity_reservation
EC2Response.cancel_capacity_reservation = cancel_capacity_reservation
EC2Response.describe_capacity_reservations = describe_capacity_reservations
