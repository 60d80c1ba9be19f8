#!/usr/bin/env python3
"""Plants beside the machine of `seed.py` what keeps it from being changed.

usage: obstacles.py ENDPOINT NAME...    the names are those of OBSTACLES below
"""

import sys

# `seed` takes the endpoint from the same place of the command line.
from seed import REGIONS, client


def protected(ec2, machine):
    ec2.modify_instance_attribute(InstanceId=machine["InstanceId"], DisableApiStop={"Value": True})


def terminating(ec2, machine):
    ec2.modify_instance_attribute(
        InstanceId=machine["InstanceId"], InstanceInitiatedShutdownBehavior={"Value": "terminate"}
    )


def tagged_by_a_stack(ec2, machine):
    ec2.create_tags(
        Resources=[machine["InstanceId"]],
        Tags=[{"Key": "elasticbeanstalk:environment-name", "Value": "lobby"}],
    )


def encrypted(ec2, machine):
    """Attaches a volume that is encrypted with a key of the customer's, and returns the key."""
    key = client("kms", REGIONS[0]).create_key()["KeyMetadata"]["Arn"]
    zone = machine["Placement"]["AvailabilityZone"]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=8, VolumeType="gp3", Encrypted=True, KmsKeyId=key)
    ec2.attach_volume(InstanceId=machine["InstanceId"], VolumeId=volume["VolumeId"], Device="/dev/sdf")
    return key


def with_a_dead_key(ec2, machine):
    client("kms", REGIONS[0]).disable_key(KeyId=encrypted(ec2, machine).split("/")[1])


def last_target(ec2, machine):
    balancers = client("elbv2", REGIONS[0])
    group = balancers.create_target_group(Name="lobby", Protocol="HTTP", Port=80, VpcId=machine["VpcId"])
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    balancers.register_targets(TargetGroupArn=arn, Targets=[{"Id": machine["InstanceId"]}])


def watched(_ec2, machine):
    region = REGIONS[0]
    client("cloudwatch", region).put_metric_alarm(
        AlarmName="restart-match",
        Namespace="AWS/EC2",
        MetricName="StatusCheckFailed",
        Dimensions=[{"Name": "InstanceId", "Value": machine["InstanceId"]}],
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=2,
        Period=60,
        Threshold=0,
        Statistic="Maximum",
        AlarmActions=[f"arn:aws:automate:{region}:ec2:reboot"],
    )


def grouped(_ec2, machine):
    scaling = client("autoscaling", REGIONS[0])
    zone = machine["Placement"]["AvailabilityZone"]
    scaling.create_launch_configuration(
        LaunchConfigurationName="lobby", ImageId=machine["ImageId"], InstanceType="m5.2xlarge"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="lobby",
        LaunchConfigurationName="lobby",
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=0,
        AvailabilityZones=[zone],
    )
    scaling.attach_instances(AutoScalingGroupName="lobby", InstanceIds=[machine["InstanceId"]])


# What can be planted.
OBSTACLES = {
    "protection": protected,
    "shutdown": terminating,
    "stack": tagged_by_a_stack,
    "key": encrypted,
    "dead-key": with_a_dead_key,
    "last-target": last_target,
    "alarm": watched,
    "group": grouped,
}


def main():
    ec2 = client("ec2", REGIONS[0])
    machine = ec2.describe_instances()["Reservations"][0]["Instances"][0]
    for name in sys.argv[2:]:
        OBSTACLES[name](ec2, machine)


if __name__ == "__main__":
    main()
