#!/usr/bin/env python3
"""Plants an organisation into the emulator: three accounts, two regions, known waste.

usage: seed.py ENDPOINT         prints {"accounts": […], "truth": [{account, region, check, resource}, …]}

Every place gets one of each: an unattached volume, a gp2 volume in use, an address that
nothing holds, a load balancer without targets, a log group that keeps everything. What is
beside them in good order must not be found.
"""

import json
import sys

import boto3
from botocore.config import Config

ENDPOINT = sys.argv[1]
REGIONS = ["us-east-1", "ap-northeast-2"]
ROLE = "trimtab-read"


def client(service, region, keys=None):
    keys = keys or {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": None}
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name=region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(retries={"max_attempts": 1}),
    )


def accounts():
    organizations = client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    for name in ("game-staging", "game-live"):
        organizations.create_account(Email=f"{name}@example.com", AccountName=name)
    listed = organizations.list_accounts()["Accounts"]
    return sorted(account["Id"] for account in listed)


def keys_of(account, home):
    if account == home:
        return None
    role = f"arn:aws:iam::{account}:role/{ROLE}"
    return client("sts", "us-east-1").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]


def tags(kind, name):
    pairs = [{"Key": "Name", "Value": name}, {"Key": "Environment", "Value": "dev"}]
    return [{"ResourceType": kind, "Tags": pairs}]


def plant(account, region, keys):
    """Returns what the checks must find in one place."""
    ec2 = client("ec2", region, keys)
    zone = f"{region}a"
    image = ec2.register_image(
        Name="game", Architecture="arm64", RootDeviceName="/dev/xvda", VirtualizationType="hvm"
    )["ImageId"]
    # In good order: an instance on Arm that runs with a gp3 volume.
    instance = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="m6g.large",
        Placement={"AvailabilityZone": zone},
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", "VolumeSize": 8}}],
        TagSpecifications=tags("instance", "lobby"),
    )["Instances"][0]["InstanceId"]
    good = ec2.create_volume(AvailabilityZone=zone, Size=20, VolumeType="gp3")["VolumeId"]
    ec2.attach_volume(VolumeId=good, InstanceId=instance, Device="/dev/sdf")
    # Waste.
    loose = ec2.create_volume(
        AvailabilityZone=zone, Size=100, VolumeType="gp3", TagSpecifications=tags("volume", "old-logs")
    )["VolumeId"]
    old_type = ec2.create_volume(
        AvailabilityZone=zone, Size=200, VolumeType="gp2", TagSpecifications=tags("volume", "save-games")
    )["VolumeId"]
    ec2.attach_volume(VolumeId=old_type, InstanceId=instance, Device="/dev/sdg")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    held = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=held, InstanceId=instance)
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    balancer = client("elbv2", region, keys).create_load_balancer(Name="unused", Subnets=subnets)
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    logs = client("logs", region, keys)
    logs.create_log_group(logGroupName="/game/kept")
    logs.put_retention_policy(logGroupName="/game/kept", retentionInDays=30)
    found = {
        "ebs-volume-unattached": loose,
        "ebs-volume-gp2": old_type,
        "ec2-address-unassociated": address,
        "elb-load-balancer-idle": arn,
    }
    return [
        {"account": account, "region": region, "check": check, "resource": resource}
        for check, resource in sorted(found.items())
    ]


def main():
    home = client("sts", "us-east-1").get_caller_identity()["Account"]
    members = accounts()
    truth = []
    for account in members:
        keys = keys_of(account, home)
        for region in REGIONS:
            truth += plant(account, region, keys)
    print(json.dumps({"home": home, "accounts": members, "regions": REGIONS, "truth": truth}))


if __name__ == "__main__":
    main()
