"""What one action is tried on, by its name: of development, and it may be changed."""

import datetime
import io
import json
import zipfile

from seed import REGIONS, client, measured, open_to_change


def home():
    account = client("sts", REGIONS[0]).get_caller_identity()["Account"]
    return {"account": account, "region": REGIONS[0]}


def quiet_hours():
    """AWS's own windows half a day from now: a change beside one waits, whatever the hour of the test."""
    far = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=12)
    clock = lambda begin, minutes: f"{begin + datetime.timedelta(minutes=minutes):%H:%M}"
    day = lambda begin, minutes: f"{begin + datetime.timedelta(minutes=minutes):%a:%H:%M}".lower()
    upkeep = far + datetime.timedelta(hours=2)
    return {
        "PreferredBackupWindow": f"{clock(far, 0)}-{clock(far, 30)}",
        "PreferredMaintenanceWindow": f"{day(upkeep, 0)}-{day(upkeep, 30)}",
    }


def database(**wanted):
    settings = {
        "DBInstanceClass": "db.m6g.2xlarge",
        "AllocatedStorage": 100,
        "StorageType": "gp3",
        **wanted,
    }
    client("rds", REGIONS[0]).create_db_instance(
        DBInstanceIdentifier="scores",
        Engine="mysql",
        EngineVersion="8.0.39",
        MasterUsername="game",
        MasterUserPassword="not-a-secret",
        Tags=open_to_change("scores"),
        **quiet_hours(),
        **settings,
    )
    return {**home(), "id": "scores", "class": settings["DBInstanceClass"]}


def roomy_database():
    return database(DBInstanceClass="db.m6g.large", AllocatedStorage=1000, StorageType="gp2")


def function():
    region = REGIONS[0]
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = client("iam", region).create_role(RoleName="resize", AssumeRolePolicyDocument=trust)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return {}\n")
    functions = client("lambda", region)
    functions.create_function(
        FunctionName="resize",
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        MemorySize=1024,
        Timeout=10,
        Environment={"Variables": {"MODE": "live", "TOKEN": "not-for-your-eyes"}},
        Publish=True,
        Tags={one["Key"]: one["Value"] for one in open_to_change("resize")},
    )
    functions.create_alias(FunctionName="resize", Name="live", FunctionVersion="1")
    return {**home(), "id": "resize", "alias": "live"}


def pair():
    """Two machines that are far too large, each by itself."""
    region, kind = REGIONS[0], "m5.2xlarge"
    ec2 = client("ec2", region)
    image = ec2.register_image(Name="web", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
    machines = ec2.run_instances(
        ImageId=image,
        InstanceType=kind,
        MinCount=2,
        MaxCount=2,
        TagSpecifications=[{"ResourceType": "instance", "Tags": open_to_change("web")}],
    )["Instances"]
    ids = [one["InstanceId"] for one in machines]
    place = home()
    measured(place["account"], region, ids)
    return {**place, "id": "web", "ids": ids, "image": image, "type": kind}


def joined_pair():
    """A group that starts such machines from a version of a template, to which the two are given."""
    region = REGIONS[0]
    ec2, groups = client("ec2", region), client("autoscaling", region)
    found = [one for many in ec2.describe_instances()["Reservations"] for one in many["Instances"]]
    image, kind = found[0]["ImageId"], found[0]["InstanceType"]
    template = ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"ImageId": image, "InstanceType": kind},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": open_to_change("web")}],
    )["LaunchTemplate"]["LaunchTemplateId"]
    groups.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=0,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        VPCZoneIdentifier=found[0]["SubnetId"],
        Tags=[{**one, "PropagateAtLaunch": True} for one in open_to_change("web")],
    )
    ids = [one["InstanceId"] for one in found]
    groups.attach_instances(AutoScalingGroupName="web", InstanceIds=ids)
    return {"template": template}


SCENES = {
    "database": database,
    "roomy-database": roomy_database,
    "function": function,
    "pair": pair,
    "joined-pair": joined_pair,
}
