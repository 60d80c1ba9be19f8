//! Where each listing says that it goes on.

use super::Paged;

/// Names the field of each output that has the token of the next page.
macro_rules! tokens {
    ($($sdk:ident { $($operation:ident :: $output:ident . $field:ident,)* })*) => {
        $($(
            impl Paged for $sdk::operation::$operation::$output {
                fn token(&self) -> Option<&str> {
                    self.$field()
                }
            }
        )*)*
    };
}

tokens! {
    aws_sdk_applicationautoscaling {
        describe_scalable_targets::DescribeScalableTargetsOutput.next_token,
        describe_scaling_policies::DescribeScalingPoliciesOutput.next_token,
        describe_scheduled_actions::DescribeScheduledActionsOutput.next_token,
    }
    aws_sdk_autoscaling {
        describe_auto_scaling_groups::DescribeAutoScalingGroupsOutput.next_token,
        describe_policies::DescribePoliciesOutput.next_token,
        describe_scheduled_actions::DescribeScheduledActionsOutput.next_token,
    }
    aws_sdk_bcmdataexports {
        list_exports::ListExportsOutput.next_token,
    }
    aws_sdk_cloudwatch {
        describe_alarm_history::DescribeAlarmHistoryOutput.next_token,
        describe_alarms::DescribeAlarmsOutput.next_token,
        list_metrics::ListMetricsOutput.next_token,
    }
    aws_sdk_cloudwatchlogs {
        describe_log_groups::DescribeLogGroupsOutput.next_token,
    }
    aws_sdk_costandusagereport {
        describe_report_definitions::DescribeReportDefinitionsOutput.next_token,
    }
    aws_sdk_costoptimizationhub {
        list_enrollment_statuses::ListEnrollmentStatusesOutput.next_token,
        list_recommendations::ListRecommendationsOutput.next_token,
    }
    aws_sdk_dynamodb {
        list_tables::ListTablesOutput.last_evaluated_table_name,
    }
    aws_sdk_ec2 {
        describe_capacity_reservations::DescribeCapacityReservationsOutput.next_token,
        describe_fast_snapshot_restores::DescribeFastSnapshotRestoresOutput.next_token,
        describe_hosts::DescribeHostsOutput.next_token,
        describe_images::DescribeImagesOutput.next_token,
        describe_instance_credit_specifications::DescribeInstanceCreditSpecificationsOutput.next_token,
        describe_instances::DescribeInstancesOutput.next_token,
        describe_launch_template_versions::DescribeLaunchTemplateVersionsOutput.next_token,
        describe_launch_templates::DescribeLaunchTemplatesOutput.next_token,
        describe_managed_prefix_lists::DescribeManagedPrefixListsOutput.next_token,
        describe_nat_gateways::DescribeNatGatewaysOutput.next_token,
        describe_network_interfaces::DescribeNetworkInterfacesOutput.next_token,
        describe_route_tables::DescribeRouteTablesOutput.next_token,
        describe_security_groups::DescribeSecurityGroupsOutput.next_token,
        describe_snapshots::DescribeSnapshotsOutput.next_token,
        describe_transit_gateway_attachments::DescribeTransitGatewayAttachmentsOutput.next_token,
        describe_volumes::DescribeVolumesOutput.next_token,
        describe_vpc_endpoints::DescribeVpcEndpointsOutput.next_token,
        get_managed_prefix_list_entries::GetManagedPrefixListEntriesOutput.next_token,
    }
    aws_sdk_ecr {
        describe_images::DescribeImagesOutput.next_token,
        describe_repositories::DescribeRepositoriesOutput.next_token,
    }
    aws_sdk_ecs {
        list_clusters::ListClustersOutput.next_token,
        list_container_instances::ListContainerInstancesOutput.next_token,
        list_services::ListServicesOutput.next_token,
    }
    aws_sdk_efs {
        describe_file_systems::DescribeFileSystemsOutput.next_marker,
    }
    aws_sdk_eks {
        describe_cluster_versions::DescribeClusterVersionsOutput.next_token,
        list_clusters::ListClustersOutput.next_token,
        list_fargate_profiles::ListFargateProfilesOutput.next_token,
        list_nodegroups::ListNodegroupsOutput.next_token,
    }
    aws_sdk_elasticache {
        describe_cache_clusters::DescribeCacheClustersOutput.marker,
        describe_replication_groups::DescribeReplicationGroupsOutput.marker,
        describe_reserved_cache_nodes::DescribeReservedCacheNodesOutput.marker,
        describe_serverless_caches::DescribeServerlessCachesOutput.next_token,
    }
    aws_sdk_elasticloadbalancing {
        describe_load_balancers::DescribeLoadBalancersOutput.next_marker,
    }
    aws_sdk_elasticloadbalancingv2 {
        describe_load_balancers::DescribeLoadBalancersOutput.next_marker,
        describe_target_groups::DescribeTargetGroupsOutput.next_marker,
    }
    aws_sdk_emr {
        list_clusters::ListClustersOutput.marker,
        list_instance_fleets::ListInstanceFleetsOutput.marker,
        list_instance_groups::ListInstanceGroupsOutput.marker,
    }
    aws_sdk_kms {
        list_aliases::ListAliasesOutput.next_marker,
    }
    aws_sdk_lambda {
        list_aliases::ListAliasesOutput.next_marker,
        list_functions::ListFunctionsOutput.next_marker,
        list_provisioned_concurrency_configs::ListProvisionedConcurrencyConfigsOutput.next_marker,
        list_versions_by_function::ListVersionsByFunctionOutput.next_marker,
    }
    aws_sdk_memorydb {
        describe_clusters::DescribeClustersOutput.next_token,
        describe_reserved_nodes::DescribeReservedNodesOutput.next_token,
    }
    aws_sdk_opensearch {
        describe_reserved_instances::DescribeReservedInstancesOutput.next_token,
    }
    aws_sdk_organizations {
        list_accounts::ListAccountsOutput.next_token,
    }
    aws_sdk_pi {
        describe_dimension_keys::DescribeDimensionKeysOutput.next_token,
        get_resource_metrics::GetResourceMetricsOutput.next_token,
    }
    aws_sdk_rbin {
        list_rules::ListRulesOutput.next_token,
    }
    aws_sdk_rds {
        describe_blue_green_deployments::DescribeBlueGreenDeploymentsOutput.marker,
        describe_db_cluster_parameters::DescribeDbClusterParametersOutput.marker,
        describe_db_cluster_snapshots::DescribeDbClusterSnapshotsOutput.marker,
        describe_db_clusters::DescribeDbClustersOutput.marker,
        describe_db_instances::DescribeDbInstancesOutput.marker,
        describe_db_parameters::DescribeDbParametersOutput.marker,
        describe_db_snapshots::DescribeDbSnapshotsOutput.marker,
        describe_orderable_db_instance_options::DescribeOrderableDbInstanceOptionsOutput.marker,
        describe_pending_maintenance_actions::DescribePendingMaintenanceActionsOutput.marker,
        describe_reserved_db_instances::DescribeReservedDbInstancesOutput.marker,
    }
    aws_sdk_redshift {
        describe_clusters::DescribeClustersOutput.marker,
        describe_reserved_nodes::DescribeReservedNodesOutput.marker,
    }
    aws_sdk_resourcegroupstagging {
        get_resources::GetResourcesOutput.pagination_token,
    }
    aws_sdk_s3 {
        list_buckets::ListBucketsOutput.continuation_token,
    }
    aws_sdk_sagemaker {
        list_apps::ListAppsOutput.next_token,
        list_endpoints::ListEndpointsOutput.next_token,
        list_notebook_instances::ListNotebookInstancesOutput.next_token,
    }
    aws_sdk_scheduler {
        list_schedules::ListSchedulesOutput.next_token,
    }
    aws_sdk_secretsmanager {
        list_secrets::ListSecretsOutput.next_token,
    }
    aws_sdk_ssm {
        describe_instance_information::DescribeInstanceInformationOutput.next_token,
    }
}
