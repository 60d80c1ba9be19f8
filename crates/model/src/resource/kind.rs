//! The kinds of resources, in one list.

use std::fmt;

use serde::{Deserialize, Serialize};

// A macro because the names of a kind (CloudFormation's, the AWS CLI's) would otherwise
// stand in four matches far from each other; a new kind is one entry here.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $type_name:literal, $service:literal, $operation:literal;)+) => {
        /// The kinds of resources that trimtab reads, named as CloudFormation names them.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum ResourceKind {
            $($(#[$doc])* #[serde(rename = $type_name)] $kind,)+
        }

        impl ResourceKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// Returns the CloudFormation type name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $type_name,)+
                }
            }

            /// Returns the service whose API lists this kind, as the AWS CLI spells it.
            pub fn service(self) -> &'static str {
                match self {
                    $(Self::$kind => $service,)+
                }
            }

            /// Returns the operation whose output describes this kind, as the AWS CLI spells it.
            pub fn operation(self) -> &'static str {
                match self {
                    $(Self::$kind => $operation,)+
                }
            }
        }
    };
}

kinds! {
    /// An EC2 instance.
    Instance = "AWS::EC2::Instance", "ec2", "describe-instances";
    /// An EBS volume.
    Volume = "AWS::EC2::Volume", "ec2", "describe-volumes";
    /// An EBS snapshot.
    Snapshot = "AWS::EC2::Snapshot", "ec2", "describe-snapshots";
    /// An Elastic IP address.
    Address = "AWS::EC2::EIP", "ec2", "describe-addresses";
    /// A NAT gateway.
    NatGateway = "AWS::EC2::NatGateway", "ec2", "describe-nat-gateways";
    /// A Classic Load Balancer.
    ClassicLoadBalancer = "AWS::ElasticLoadBalancing::LoadBalancer", "elb", "describe-load-balancers";
    /// An Application, Network or Gateway Load Balancer.
    LoadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2", "describe-load-balancers";
    /// An Auto Scaling group.
    AutoScalingGroup = "AWS::AutoScaling::AutoScalingGroup", "autoscaling", "describe-auto-scaling-groups";
    /// An Amazon Machine Image.
    Image = "AWS::EC2::Image", "ec2", "describe-images";
    /// An EC2 launch template.
    LaunchTemplate = "AWS::EC2::LaunchTemplate", "ec2", "describe-launch-templates";
    /// A Capacity Reservation of EC2.
    CapacityReservation = "AWS::EC2::CapacityReservation", "ec2", "describe-capacity-reservations";
    /// A Dedicated Host.
    Host = "AWS::EC2::Host", "ec2", "describe-hosts";
    /// A purchase of Reserved Instances of EC2.
    ReservedInstances = "AWS::EC2::ReservedInstances", "ec2", "describe-reserved-instances";
    /// A snapshot kept ready for fast restores in one zone.
    FastSnapshotRestore = "AWS::EC2::FastSnapshotRestore", "ec2", "describe-fast-snapshot-restores";
    /// An RDS DB instance.
    DbInstance = "AWS::RDS::DBInstance", "rds", "describe-db-instances";
    /// A DB cluster of Aurora, RDS, DocumentDB or Neptune.
    DbCluster = "AWS::RDS::DBCluster", "rds", "describe-db-clusters";
    /// A manual snapshot of a DB instance.
    DbSnapshot = "AWS::RDS::DBSnapshot", "rds", "describe-db-snapshots";
    /// A manual snapshot of a DB cluster.
    DbClusterSnapshot = "AWS::RDS::DBClusterSnapshot", "rds", "describe-db-cluster-snapshots";
    /// A parameter group that DB instances use.
    DbParameterGroup = "AWS::RDS::DBParameterGroup", "rds", "describe-db-parameters";
    /// Maintenance that RDS will do.
    PendingMaintenanceAction = "AWS::RDS::PendingMaintenanceAction", "rds", "describe-pending-maintenance-actions";
    /// What RDS sells of an engine version.
    OrderableDbInstanceOption = "AWS::RDS::OrderableDBInstanceOption", "rds", "describe-orderable-db-instance-options";
    /// The load of a DB instance.
    DbLoad = "AWS::RDS::DBLoad", "pi", "get-resource-metrics";
    /// An ElastiCache cluster, or a node of a replication group.
    CacheCluster = "AWS::ElastiCache::CacheCluster", "elasticache", "describe-cache-clusters";
    /// An ElastiCache Serverless cache.
    ServerlessCache = "AWS::ElastiCache::ServerlessCache", "elasticache", "describe-serverless-caches";
    /// A MemoryDB cluster.
    MemoryDbCluster = "AWS::MemoryDB::Cluster", "memorydb", "describe-clusters";
    /// A Redshift cluster.
    RedshiftCluster = "AWS::Redshift::Cluster", "redshift", "describe-clusters";
    /// An OpenSearch Service domain.
    SearchDomain = "AWS::OpenSearchService::Domain", "opensearch", "describe-domains";
    /// A DynamoDB table.
    DynamoTable = "AWS::DynamoDB::Table", "dynamodb", "describe-table";
    /// A CloudWatch log group.
    LogGroup = "AWS::Logs::LogGroup", "logs", "describe-log-groups";
    /// A Lambda function.
    Function = "AWS::Lambda::Function", "lambda", "list-functions";
    /// Provisioned concurrency of an alias or version of a Lambda function.
    ProvisionedConcurrency = "AWS::Lambda::ProvisionedConcurrencyConfig", "lambda", "list-provisioned-concurrency-configs";
    /// An EMR cluster on EC2.
    EmrCluster = "AWS::EMR::Cluster", "emr", "describe-cluster";
    /// A SageMaker endpoint.
    ModelEndpoint = "AWS::SageMaker::Endpoint", "sagemaker", "describe-endpoint";
    /// A SageMaker notebook instance.
    NotebookInstance = "AWS::SageMaker::NotebookInstance", "sagemaker", "list-notebook-instances";
    /// An app of SageMaker Studio.
    StudioApp = "AWS::SageMaker::App", "sagemaker", "list-apps";
    /// An ECS cluster.
    EcsCluster = "AWS::ECS::Cluster", "ecs", "describe-clusters";
    /// An ECS service.
    EcsService = "AWS::ECS::Service", "ecs", "describe-services";
    /// What Application Auto Scaling scales.
    ScalableTarget = "AWS::ApplicationAutoScaling::ScalableTarget", "application-autoscaling", "describe-scalable-targets";
    /// An EKS cluster.
    EksCluster = "AWS::EKS::Cluster", "eks", "describe-cluster";
    /// A managed node group of an EKS cluster.
    EksNodegroup = "AWS::EKS::Nodegroup", "eks", "describe-nodegroup";
    /// A VPC endpoint.
    VpcEndpoint = "AWS::EC2::VPCEndpoint", "ec2", "describe-vpc-endpoints";
    /// A network interface.
    NetworkInterface = "AWS::EC2::NetworkInterface", "ec2", "describe-network-interfaces";
    /// A route table.
    RouteTable = "AWS::EC2::RouteTable", "ec2", "describe-route-tables";
    /// An attachment to a transit gateway.
    TransitGatewayAttachment = "AWS::EC2::TransitGatewayAttachment", "ec2", "describe-transit-gateway-attachments";
    /// A Site-to-Site VPN connection.
    VpnConnection = "AWS::EC2::VPNConnection", "ec2", "describe-vpn-connections";
    /// An S3 bucket.
    Bucket = "AWS::S3::Bucket", "s3api", "list-buckets";
    /// An EFS file system.
    FileSystem = "AWS::EFS::FileSystem", "efs", "describe-file-systems";
    /// An ECR repository.
    Repository = "AWS::ECR::Repository", "ecr", "describe-repositories";
    /// A CloudWatch alarm.
    Alarm = "AWS::CloudWatch::Alarm", "cloudwatch", "describe-alarms";
    /// A CloudTrail trail.
    Trail = "AWS::CloudTrail::Trail", "cloudtrail", "describe-trails";
    /// A machine that Systems Manager reaches.
    ManagedInstance = "AWS::SSM::ManagedInstance", "ssm", "describe-instance-information";
    /// A secret of Secrets Manager.
    Secret = "AWS::SecretsManager::Secret", "secretsmanager", "list-secrets";
    /// A Savings Plan.
    SavingsPlan = "AWS::SavingsPlans::SavingsPlan", "savingsplans", "describe-savings-plans";
    /// A purchase of reserved DB instances.
    ReservedDbInstance = "AWS::RDS::ReservedDBInstance", "rds", "describe-reserved-db-instances";
    /// A purchase of reserved ElastiCache nodes.
    ReservedCacheNode = "AWS::ElastiCache::ReservedCacheNode", "elasticache", "describe-reserved-cache-nodes";
    /// A purchase of reserved Redshift nodes.
    ReservedRedshiftNode = "AWS::Redshift::ReservedNode", "redshift", "describe-reserved-nodes";
    /// A purchase of Reserved Instances of OpenSearch Service.
    ReservedSearchInstance = "AWS::OpenSearchService::ReservedInstance", "opensearch", "describe-reserved-instances";
    /// A purchase of reserved MemoryDB nodes.
    ReservedMemoryDbNode = "AWS::MemoryDB::ReservedNode", "memorydb", "describe-reserved-nodes";
    /// A usage type of data transfer in one account and region: a line of the bill.
    DataTransfer = "AWS::Billing::DataTransfer", "billing", "data-transfer";
}

impl ResourceKind {
    /// Returns whether no API lists the kind: only the bill says that it is there.
    pub fn is_on_bill_only(self) -> bool {
        self == Self::DataTransfer
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
