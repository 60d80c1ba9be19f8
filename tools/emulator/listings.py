"""Listings that moto lacks, and that are empty here; and what AWS says of each thing that it lists."""

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.responses import EC2Response
from moto.eks import urls as eks_urls
from moto.eks.responses import EKSResponse
from moto.elasticache.responses import ElastiCacheResponse
from moto.emr.responses import ElasticMapReduceResponse
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse
from moto.sagemaker.responses import SageMakerResponse
from moto.ssm.exceptions import InvalidDocument
from moto.ssm.responses import SimpleSystemManagerResponse


def nothing(name):
    """Answers a listing that moto lacks: there is none."""
    return lambda _self: ActionResult({name: []})


EC2Response.describe_fast_snapshot_restores = nothing("FastSnapshotRestores")
EC2Response.describe_reserved_instances = nothing("ReservedInstances")
ElastiCacheResponse.describe_serverless_caches = nothing("ServerlessCaches")
SimpleSystemManagerResponse.describe_instance_information = nothing("InstanceInformationList")
LogsResponse.describe_account_policies = nothing("accountPolicies")
SageMakerResponse.list_apps = nothing("Apps")
# A cluster without a policy to end by itself has an answer without one.
ElasticMapReduceResponse.get_auto_termination_policy = lambda _self: ActionResult({})
EKSResponse.describe_cluster_versions = nothing("clusterVersions")
eks_urls.url_paths["{0}/cluster-versions$"] = eks_urls.response.dispatch


def with_protection(original):
    """Says of a log group that it is not protected, which moto does not know."""
    return lambda self: {"deletionProtectionEnabled": False, **original(self)}


LogGroup.to_describe_dict = with_protection(LogGroup.to_describe_dict)
ElasticAddress.public_ipv4_pool = "amazon"

# Change calendars by name, which moto lacks: OPEN or CLOSED.
calendars = {}


def get_calendar_state(self):
    name = self._get_param("CalendarNames")[0]
    if name not in calendars:
        raise InvalidDocument(f"Document with name {name} does not exist.")
    return ActionResult({"State": calendars[name]})


SimpleSystemManagerResponse.get_calendar_state = get_calendar_state
