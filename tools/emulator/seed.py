#!/usr/bin/env python3
"""Plants an organisation into the emulator: three accounts, two regions, known waste.

usage: seed.py ENDPOINT         prints {"accounts": […], "truth": [{account, region, check, resource}, …],
                                        "instances": [{account, region, id, image, type}, …]}
       seed.py ENDPOINT machine a machine of development that is far too large and may be changed;
                                prints {"account", "region", "id", "image", "type"}
       seed.py ENDPOINT machines
                                ten such machines; prints {"account", "region", "ids", "image", "type"}
       seed.py ENDPOINT things  of development, and may be changed: a gp2 volume, an address that
                                nothing holds, a log group that keeps everything; prints {"account",
                                "region", "volume", "address", "log_group"}
       seed.py ENDPOINT NAME    what one action is tried on: see `scenes.py`
       seed.py ENDPOINT look    what became of that machine: prints {"type", "state"}
       seed.py ENDPOINT details one of each kind whose collector makes further calls about what
                                it lists, in the home account's first region; prints {}

Every place gets one of each: an unattached volume, a gp2 volume in use, an address that
nothing holds, a load balancer without targets, a log group that keeps everything, an EKS
cluster without nodes. What is beside them in good order must not be found.
"""

import io
import json
import sys
import urllib.request
import zipfile

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
    """Returns the instance of one place, and what the checks must find there."""
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
    client("eks", region, keys).create_cluster(
        name="empty",
        version="1.35",
        roleArn=f"arn:aws:iam::{account}:role/eks",
        resourcesVpcConfig={"subnetIds": subnets},
    )
    logs = client("logs", region, keys)
    logs.create_log_group(logGroupName="/game/kept")
    logs.put_retention_policy(logGroupName="/game/kept", retentionInDays=30)
    found = {
        "ebs-volume-unattached": loose,
        "ebs-volume-gp2": old_type,
        "ec2-address-unassociated": address,
        "eks-cluster-without-nodes": "empty",
        "elb-load-balancer-idle": arn,
    }
    machine = {"account": account, "region": region, "id": instance, "image": image, "type": "m6g.large"}
    return machine, [
        {"account": account, "region": region, "check": check, "resource": resource}
        for check, resource in sorted(found.items())
    ]


def balanced(subnets):
    """Plants load balancers of both generations and a target."""
    region = REGIONS[0]
    elbv2 = client("elbv2", region)
    balancer = elbv2.create_load_balancer(Name="chat", Subnets=subnets[:2], Type="network")
    group = elbv2.create_target_group(Name="chat", Protocol="TCP", Port=80, VpcId=vpc_of(subnets[0]))
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="TCP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    client("elb", region).create_load_balancer(
        LoadBalancerName="old",
        Listeners=[{"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=[f"{region}a"],
    )


def vpc_of(subnet):
    return client("ec2", REGIONS[0]).describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]


def machines(subnets):
    """Plants a burstable instance and a group that pins a version of a launch template."""
    region = REGIONS[0]
    ec2 = client("ec2", region)
    image = ec2.register_image(Name="web", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro")
    template = ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    client("autoscaling", region).create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=0,
        MaxSize=1,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        VPCZoneIdentifier=subnets[0],
    )


def containers(subnets):
    """Plants a cluster of ECS with a machine and a service, and a cluster of EKS with a node group."""
    region = REGIONS[0]
    ec2, ecs, eks = (client(service, region) for service in ("ec2", "ecs", "eks"))
    ecs.create_cluster(clusterName="arena")
    machine = ec2.describe_instances()["Reservations"][0]["Instances"][0]["InstanceId"]
    ecs.register_container_instance(
        cluster="arena", instanceIdentityDocument=json.dumps({"instanceId": machine, "region": region})
    )
    ecs.register_task_definition(
        family="match",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="1024",
        memory="2048",
        containerDefinitions=[{"name": "match", "image": "match"}],
    )
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    ecs.create_service(
        cluster="arena",
        serviceName="match",
        taskDefinition="match",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets[:1], "securityGroups": [group]}},
    )
    tasks = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/arena/match",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling = client("application-autoscaling", region)
    scaling.register_scalable_target(MinCapacity=1, MaxCapacity=4, **tasks)
    scaling.put_scaling_policy(
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 60.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
        **tasks,
    )
    scaling.put_scaling_policy(
        PolicyName="waiting-matches",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 100.0,
            "CustomizedMetricSpecification": {
                "Namespace": "AWS/SQS",
                "MetricName": "ApproximateNumberOfMessagesVisible",
                "Dimensions": [{"Name": "QueueName", "Value": "matches"}],
                "Statistic": "Average",
            },
        },
        **tasks,
    )
    role = "arn:aws:iam::123456789012:role/eks"
    eks.create_cluster(name="games", roleArn=role, resourcesVpcConfig={"subnetIds": subnets[:2]})
    eks.create_nodegroup(clusterName="games", nodegroupName="workers", nodeRole=role, subnets=subnets[:2])


def stores():
    """Plants what keeps data."""
    region = REGIONS[0]
    client("s3", region).create_bucket(Bucket="saves")
    client("s3", region).create_multipart_upload(Bucket="saves", Key="save")
    client("dynamodb", region).create_table(
        TableName="scores",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("elasticache", region).create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1
    )
    client("memorydb", region).create_cluster(ClusterName="ranks", NodeType="db.t4g.small", ACLName="open-access")
    client("opensearch", region).create_domain(DomainName="search", EngineVersion="OpenSearch_2.11")
    client("efs", region).create_file_system(CreationToken="maps")
    client("ecr", region).create_repository(repositoryName="game")


def databases():
    """Plants a DB instance with a parameter group of its own and Performance Insights."""
    rds = client("rds", REGIONS[0])
    rds.create_db_parameter_group(
        DBParameterGroupName="players", DBParameterGroupFamily="mysql8.0", Description="players"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName="players",
        Parameters=[{"ParameterName": "max_connections", "ParameterValue": "500", "ApplyMethod": "immediate"}],
    )
    rds.create_db_instance(
        DBInstanceIdentifier="players",
        Engine="mysql",
        EngineVersion="8.0.39",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=100,
        MasterUsername="game",
        MasterUserPassword="not-a-secret",
        DBParameterGroupName="players",
        EnablePerformanceInsights=True,
    )


def functions():
    """Plants a function with a published version whose alias is kept ready."""
    region = REGIONS[0]
    role = client("iam", region).create_role(
        RoleName="function",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return {}\n")
    functions = client("lambda", region)
    functions.create_function(
        FunctionName="resize",
        Runtime="python3.12",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        MemorySize=512,
        Publish=True,
    )
    functions.create_alias(FunctionName="resize", Name="live", FunctionVersion="1")
    functions.put_provisioned_concurrency_config(
        FunctionName="resize", Qualifier="live", ProvisionedConcurrentExecutions=2
    )


def learners():
    """Plants an EMR cluster, a SageMaker endpoint and a notebook instance."""
    region = REGIONS[0]
    client("emr", region).run_job_flow(
        Name="nightly",
        ReleaseLabel="emr-7.5.0",
        Applications=[{"Name": "Spark"}],
        Instances={
            "MasterInstanceType": "m5.xlarge",
            "SlaveInstanceType": "m5.xlarge",
            "InstanceCount": 2,
            "KeepJobFlowAliveWhenNoSteps": True,
        },
        JobFlowRole="EMR_EC2_DefaultRole",
        ServiceRole="EMR_DefaultRole",
    )
    role = client("iam", region).create_role(
        RoleName="learner",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )["Role"]["Arn"]
    sagemaker = client("sagemaker", region)
    sagemaker.create_model(
        ModelName="ranker",
        ExecutionRoleArn=role,
        PrimaryContainer={"Image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ranker:1"},
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName="ranker-1",
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "ModelName": "ranker",
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "InitialVariantWeight": 1.0,
            }
        ],
    )
    sagemaker.create_endpoint(EndpointName="ranker", EndpointConfigName="ranker-1")
    sagemaker.create_notebook_instance(
        NotebookInstanceName="research", InstanceType="ml.t3.medium", RoleArn=role
    )


def watchers():
    """Plants what watches and what is called."""
    region = REGIONS[0]
    client("cloudwatch", region).put_metric_alarm(
        AlarmName="busy",
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=300,
        EvaluationPeriods=1,
        Threshold=90,
        ComparisonOperator="GreaterThanThreshold",
    )
    client("cloudtrail", region).create_trail(Name="audit", S3BucketName="saves")


def bought():
    """Plants what is bought in advance: Savings Plans, and a reservation of each service."""
    region = REGIONS[0]
    account = client("sts", region).get_caller_identity()["Account"]
    start, year = "2027-01-01T00:00:00+00:00", 365 * 86400
    term = {"StartTime": start, "Duration": year, "State": "active", "OfferingType": "No Upfront"}
    hourly = [{"RecurringChargeAmount": 0.1, "RecurringChargeFrequency": "Hourly"}]
    term["RecurringCharges"] = hourly

    def plan(name):
        return {
            "savingsPlanId": name,
            "savingsPlanArn": f"arn:aws:savingsplans::{account}:savingsplan/{name}",
            "savingsPlanType": "Compute",
            "state": "active",
            "start": "2027-01-01T00:00:00.000Z",
            "end": "2028-01-01T00:00:00.000Z",
            "termDurationInSeconds": year,
            "currency": "USD",
            "commitment": "0.5",
            "tags": {"team": "game"},
        }

    purchases = [
        ("savingsplans:DescribeSavingsPlans", plan("sp-1")),
        ("savingsplans:DescribeSavingsPlans", plan("sp-2")),
        (
            "rds:DescribeReservedDBInstances",
            {
                "ReservedDBInstanceId": "ri-db",
                "ReservedDBInstanceArn": f"arn:aws:rds:{region}:{account}:ri:ri-db",
                "DBInstanceClass": "db.m6g.large",
                "DBInstanceCount": 1,
                **term,
            },
        ),
        (
            "elasticache:DescribeReservedCacheNodes",
            {
                "ReservedCacheNodeId": "ri-cache",
                "ReservationARN": f"arn:aws:elasticache:{region}:{account}:reserved-instance:ri-cache",
                "CacheNodeType": "cache.m6g.large",
                "CacheNodeCount": 1,
                **term,
            },
        ),
        (
            "redshift:DescribeReservedNodes",
            {"ReservedNodeId": "ri-redshift", "NodeType": "ra3.xlplus", "NodeCount": 2, **term},
        ),
        (
            "memorydb:DescribeReservedNodes",
            {
                "ReservationId": "ri-memorydb",
                "ARN": f"arn:aws:memorydb:{region}:{account}:reservednode/ri-memorydb",
                "NodeType": "db.r6g.large",
                "NodeCount": 1,
                **term,
            },
        ),
        (
            "es:DescribeReservedInstances",
            {
                "ReservedInstanceId": "ri-search",
                "ReservationName": "logs",
                "InstanceType": "m6g.large.search",
                "InstanceCount": 1,
                **term,
            },
        ),
    ]
    entries = [
        {"account": account, "region": region, "action": action, "purchase": purchase, "tags": {"team": "game"}}
        for action, purchase in purchases
    ]
    request = urllib.request.Request(f"{ENDPOINT}/emulator/bought", json.dumps(entries).encode())
    urllib.request.urlopen(request).close()


def main_details():
    subnets = [one["SubnetId"] for one in client("ec2", REGIONS[0]).describe_subnets()["Subnets"]]
    balanced(subnets)
    machines(subnets)
    containers(subnets)
    stores()
    databases()
    functions()
    learners()
    watchers()
    bought()
    print("{}")


def main_machine():
    region = REGIONS[0]
    ec2 = client("ec2", region)
    image = ec2.register_image(Name="game", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
    tagged = tags("instance", "match-1")
    tagged[0]["Tags"].append({"Key": "trimtab:apply", "Value": "allowed"})
    wanted = {"ImageId": image, "InstanceType": "m5.2xlarge", "MinCount": 1, "MaxCount": 1}
    machine = ec2.run_instances(**wanted, TagSpecifications=tagged)["Instances"][0]["InstanceId"]
    home = client("sts", region).get_caller_identity()["Account"]
    measured(home, region, [machine])
    print(json.dumps({"account": home, "region": region, "id": machine, "image": image, "type": "m5.2xlarge"}))


def main_machines():
    region = REGIONS[0]
    ec2 = client("ec2", region)
    image = ec2.register_image(Name="game", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
    tagged = tags("instance", "match")
    tagged[0]["Tags"].append({"Key": "trimtab:apply", "Value": "allowed"})
    wanted = {"ImageId": image, "InstanceType": "m5.2xlarge", "MinCount": 10, "MaxCount": 10}
    machines = ec2.run_instances(**wanted, TagSpecifications=tagged)["Instances"]
    home = client("sts", region).get_caller_identity()["Account"]
    ids = [one["InstanceId"] for one in machines]
    measured(home, region, ids)
    print(json.dumps({"account": home, "region": region, "ids": ids, "image": image, "type": "m5.2xlarge"}))


def open_to_change(name):
    pairs = {"Name": name, "Environment": "dev", "trimtab:apply": "allowed"}
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def main_things():
    region = REGIONS[0]
    ec2 = client("ec2", region)
    image = ec2.register_image(Name="game", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
    machine = ec2.run_instances(ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1)
    zone = machine["Instances"][0]["Placement"]["AvailabilityZone"]
    volume = ec2.create_volume(
        AvailabilityZone=zone,
        Size=200,
        VolumeType="gp2",
        TagSpecifications=[{"ResourceType": "volume", "Tags": open_to_change("saves")}],
    )["VolumeId"]
    ec2.attach_volume(
        VolumeId=volume, InstanceId=machine["Instances"][0]["InstanceId"], Device="/dev/sdf"
    )
    spare = ec2.create_volume(
        AvailabilityZone=zone,
        Size=500,
        VolumeType="gp3",
        TagSpecifications=[{"ResourceType": "volume", "Tags": open_to_change("spare")}],
    )["VolumeId"]
    address = ec2.allocate_address(
        Domain="vpc",
        TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": open_to_change("old")}],
    )["AllocationId"]
    logs = client("logs", region)
    open_tags = {one["Key"]: one["Value"] for one in open_to_change("chat")}
    logs.create_log_group(logGroupName="/game/chat", tags=open_tags)
    logs.create_log_stream(logGroupName="/game/chat", logStreamName="all")
    aged = {"/game/chat": {"days": 400, "bytes": 100 << 30}, spare: {"days": 60}}
    request = urllib.request.Request(f"{ENDPOINT}/emulator/aged", json.dumps(aged).encode())
    urllib.request.urlopen(request).close()
    home = client("sts", region).get_caller_identity()["Account"]
    counted = [(f"Volume{name}", 6e3) for name in ("ReadOps", "WriteOps", "ReadBytes", "WriteBytes")]
    planted(home, region, "AWS/EBS", [{"VolumeId": volume}], counted)
    things = {
        "account": home,
        "region": region,
        "volume": volume,
        "spare": spare,
        "address": address,
        "log_group": "/game/chat",
    }
    print(json.dumps(things))


def measured(account, region, machines):
    """Plants what machines of today count of their volumes: a little of each."""
    counted = (("EBSReadOps", 600.0), ("EBSWriteOps", 600.0), ("EBSReadBytes", 6e6), ("EBSWriteBytes", 6e6))
    planted(account, region, "AWS/EC2", [{"InstanceId": one} for one in machines], counted)


def planted(account, region, namespace, dimensions, metrics):
    """Plants values that never change."""
    series = [
        {
            "account": account,
            "region": region,
            "namespace": namespace,
            "metric": metric,
            "dimensions": of,
            "value": value,
        }
        for of in dimensions
        for metric, value in metrics
    ]
    request = urllib.request.Request(f"{ENDPOINT}/emulator/series", json.dumps(series).encode())
    urllib.request.urlopen(request).close()


def main_look():
    reservation = client("ec2", REGIONS[0]).describe_instances()["Reservations"][0]
    machine = reservation["Instances"][0]
    print(json.dumps({"type": machine["InstanceType"], "state": machine["State"]["Name"]}))


def main():
    home = client("sts", "us-east-1").get_caller_identity()["Account"]
    members = accounts()
    truth, instances = [], []
    for account in members:
        keys = keys_of(account, home)
        for region in REGIONS:
            instance, found = plant(account, region, keys)
            instances.append(instance)
            truth += found
    world = {"home": home, "accounts": members, "regions": REGIONS, "truth": truth, "instances": instances}
    print(json.dumps(world))


if __name__ == "__main__":
    if sys.argv[2:] == ["details"]:
        main_details()
    elif sys.argv[2:] == ["machine"]:
        main_machine()
    elif sys.argv[2:] == ["machines"]:
        main_machines()
    elif sys.argv[2:] == ["things"]:
        main_things()
    elif sys.argv[2:] == ["look"]:
        main_look()
    elif sys.argv[2:]:
        # It takes its tools from here, in its turn.
        import scenes

        print(json.dumps(scenes.SCENES[sys.argv[2]]()))
    else:
        main()
