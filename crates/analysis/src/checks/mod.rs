//! Every check, one file each. Written by `make gen` from the files beside it.

use crate::check::Check;

mod aurora_cluster_idle;
mod aurora_cluster_off_hours;
mod aurora_serverless_minimum_high;
mod aurora_storage_io_optimized;
mod aurora_storage_standard;
mod autoscaling_group_fixed_size;
mod autoscaling_group_floor_high;
mod autoscaling_group_idle;
mod autoscaling_group_off_hours;
mod cloudtrail_trail_duplicate;
mod cloudwatch_alarm_orphaned;
mod commitment_ended;
mod commitment_expiring;
mod data_transfer_inter_az;
mod data_transfer_internet_egress;
mod documentdb_cluster_idle;
mod dynamodb_table_idle;
mod dynamodb_table_infrequent_access;
mod dynamodb_table_on_demand_steady;
mod dynamodb_table_overprovisioned;
mod ebs_snapshot_archivable;
mod ebs_snapshot_fast_restore_unused;
mod ebs_snapshot_image_deregistered;
mod ebs_snapshot_source_deleted;
mod ebs_volume_gp2;
mod ebs_volume_gp3_iops_unused;
mod ebs_volume_gp3_throughput_unused;
mod ebs_volume_idle;
mod ebs_volume_io1;
mod ebs_volume_iops_unused;
mod ebs_volume_magnetic;
mod ebs_volume_of_stopped_instance;
mod ebs_volume_provisioned_iops;
mod ebs_volume_st1_cold;
mod ebs_volume_unattached;
mod ec2_address_detached_interface;
mod ec2_address_unassociated;
mod ec2_capacity_reservation_unused;
mod ec2_host_empty;
mod ec2_image_unused;
mod ec2_instance_burst_surplus;
mod ec2_instance_detailed_monitoring;
mod ec2_instance_duplicate_calls;
mod ec2_instance_gpu_idle;
mod ec2_instance_idle;
mod ec2_instance_memory_leak;
mod ec2_instance_mostly_waiting;
mod ec2_instance_off_hours;
mod ec2_instance_oversized;
mod ec2_instance_previous_generation;
mod ec2_instance_stopped;
mod ec2_instance_x86;
mod ec2_public_ipv4_unroutable;
mod ec2_reservation_unused;
mod ecr_repository_untagged_images;
mod ecs_cluster_idle;
mod ecs_service_floor_high;
mod ecs_service_idle;
mod ecs_service_mostly_waiting;
mod ecs_service_off_hours;
mod ecs_service_oversized;
mod ecs_service_x86;
mod efs_file_system_cold;
mod efs_file_system_idle;
mod efs_file_system_provisioned_throughput;
mod eks_cluster_extended_support;
mod eks_cluster_without_nodes;
mod eks_nodegroup_x86;
mod elasticache_cluster_idle;
mod elasticache_cluster_oversized;
mod elasticache_engine_redis;
mod elasticache_previous_generation;
mod elasticache_reservation_unused;
mod elasticache_serverless_idle;
mod elb_load_balancer_classic;
mod elb_load_balancer_cross_zone;
mod elb_load_balancer_idle;
mod emr_cluster_idle;
mod lambda_function_always_busy;
mod lambda_function_x86;
mod lambda_provisioned_concurrency_oversized;
mod lambda_provisioned_concurrency_unused;
mod logs_group_idle;
mod logs_group_standard_class;
mod logs_group_without_retention;
mod memorydb_cluster_idle;
mod memorydb_reservation_unused;
mod neptune_cluster_idle;
mod opensearch_domain_gp2;
mod opensearch_domain_idle;
mod opensearch_domain_previous_generation;
mod opensearch_reservation_unused;
mod rds_cluster_snapshot_source_deleted;
mod rds_instance_burst_surplus;
mod rds_instance_extended_support;
mod rds_instance_idle;
mod rds_instance_insights_retention_paid;
mod rds_instance_multi_az_nonproduction;
mod rds_instance_off_hours;
mod rds_instance_oversized;
mod rds_instance_previous_generation;
mod rds_instance_query_heavy;
mod rds_instance_stopped;
mod rds_instance_x86;
mod rds_replica_idle;
mod rds_reservation_unused;
mod rds_snapshot_source_deleted;
mod rds_storage_gp2;
mod rds_storage_gp3_iops_unused;
mod rds_storage_io1;
mod rds_storage_overallocated;
mod redshift_cluster_idle;
mod redshift_cluster_oversized;
mod redshift_reservation_unused;
mod s3_bucket_incomplete_uploads;
mod s3_bucket_infrequent_access_hot;
mod s3_bucket_noncurrent_versions;
mod s3_bucket_standard_cold;
mod sagemaker_app_idle;
mod sagemaker_endpoint_idle;
mod sagemaker_notebook_always_on;
mod savings_plan_unused;
mod secretsmanager_secret_unused;
mod transit_gateway_attachment_idle;
mod vpc_endpoint_duplicate;
mod vpc_endpoint_idle;
mod vpc_endpoint_interface_s3;
mod vpc_endpoint_zones_nonproduction;
mod vpc_nat_gateway_duplicate_nonproduction;
mod vpc_nat_gateway_dynamodb_traffic;
mod vpc_nat_gateway_idle;
mod vpc_nat_gateway_s3_traffic;
mod vpc_nat_gateway_unrouted;
mod vpn_connection_down;

/// Every check, by name.
pub static ALL: &[&Check] = &[
    &aurora_cluster_idle::CHECK,
    &aurora_cluster_off_hours::CHECK,
    &aurora_serverless_minimum_high::CHECK,
    &aurora_storage_io_optimized::CHECK,
    &aurora_storage_standard::CHECK,
    &autoscaling_group_fixed_size::CHECK,
    &autoscaling_group_floor_high::CHECK,
    &autoscaling_group_idle::CHECK,
    &autoscaling_group_off_hours::CHECK,
    &cloudtrail_trail_duplicate::CHECK,
    &cloudwatch_alarm_orphaned::CHECK,
    &commitment_ended::CHECK,
    &commitment_expiring::CHECK,
    &data_transfer_inter_az::CHECK,
    &data_transfer_internet_egress::CHECK,
    &documentdb_cluster_idle::CHECK,
    &dynamodb_table_idle::CHECK,
    &dynamodb_table_infrequent_access::CHECK,
    &dynamodb_table_on_demand_steady::CHECK,
    &dynamodb_table_overprovisioned::CHECK,
    &ebs_snapshot_archivable::CHECK,
    &ebs_snapshot_fast_restore_unused::CHECK,
    &ebs_snapshot_image_deregistered::CHECK,
    &ebs_snapshot_source_deleted::CHECK,
    &ebs_volume_gp2::CHECK,
    &ebs_volume_gp3_iops_unused::CHECK,
    &ebs_volume_gp3_throughput_unused::CHECK,
    &ebs_volume_idle::CHECK,
    &ebs_volume_io1::CHECK,
    &ebs_volume_iops_unused::CHECK,
    &ebs_volume_magnetic::CHECK,
    &ebs_volume_of_stopped_instance::CHECK,
    &ebs_volume_provisioned_iops::CHECK,
    &ebs_volume_st1_cold::CHECK,
    &ebs_volume_unattached::CHECK,
    &ec2_address_detached_interface::CHECK,
    &ec2_address_unassociated::CHECK,
    &ec2_capacity_reservation_unused::CHECK,
    &ec2_host_empty::CHECK,
    &ec2_image_unused::CHECK,
    &ec2_instance_burst_surplus::CHECK,
    &ec2_instance_detailed_monitoring::CHECK,
    &ec2_instance_duplicate_calls::CHECK,
    &ec2_instance_gpu_idle::CHECK,
    &ec2_instance_idle::CHECK,
    &ec2_instance_memory_leak::CHECK,
    &ec2_instance_mostly_waiting::CHECK,
    &ec2_instance_off_hours::CHECK,
    &ec2_instance_oversized::CHECK,
    &ec2_instance_previous_generation::CHECK,
    &ec2_instance_stopped::CHECK,
    &ec2_instance_x86::CHECK,
    &ec2_public_ipv4_unroutable::CHECK,
    &ec2_reservation_unused::CHECK,
    &ecr_repository_untagged_images::CHECK,
    &ecs_cluster_idle::CHECK,
    &ecs_service_floor_high::CHECK,
    &ecs_service_idle::CHECK,
    &ecs_service_mostly_waiting::CHECK,
    &ecs_service_off_hours::CHECK,
    &ecs_service_oversized::CHECK,
    &ecs_service_x86::CHECK,
    &efs_file_system_cold::CHECK,
    &efs_file_system_idle::CHECK,
    &efs_file_system_provisioned_throughput::CHECK,
    &eks_cluster_extended_support::CHECK,
    &eks_cluster_without_nodes::CHECK,
    &eks_nodegroup_x86::CHECK,
    &elasticache_cluster_idle::CHECK,
    &elasticache_cluster_oversized::CHECK,
    &elasticache_engine_redis::CHECK,
    &elasticache_previous_generation::CHECK,
    &elasticache_reservation_unused::CHECK,
    &elasticache_serverless_idle::CHECK,
    &elb_load_balancer_classic::CHECK,
    &elb_load_balancer_cross_zone::CHECK,
    &elb_load_balancer_idle::CHECK,
    &emr_cluster_idle::CHECK,
    &lambda_function_always_busy::CHECK,
    &lambda_function_x86::CHECK,
    &lambda_provisioned_concurrency_oversized::CHECK,
    &lambda_provisioned_concurrency_unused::CHECK,
    &logs_group_idle::CHECK,
    &logs_group_standard_class::CHECK,
    &logs_group_without_retention::CHECK,
    &memorydb_cluster_idle::CHECK,
    &memorydb_reservation_unused::CHECK,
    &neptune_cluster_idle::CHECK,
    &opensearch_domain_gp2::CHECK,
    &opensearch_domain_idle::CHECK,
    &opensearch_domain_previous_generation::CHECK,
    &opensearch_reservation_unused::CHECK,
    &rds_cluster_snapshot_source_deleted::CHECK,
    &rds_instance_burst_surplus::CHECK,
    &rds_instance_extended_support::CHECK,
    &rds_instance_idle::CHECK,
    &rds_instance_insights_retention_paid::CHECK,
    &rds_instance_multi_az_nonproduction::CHECK,
    &rds_instance_off_hours::CHECK,
    &rds_instance_oversized::CHECK,
    &rds_instance_previous_generation::CHECK,
    &rds_instance_query_heavy::CHECK,
    &rds_instance_stopped::CHECK,
    &rds_instance_x86::CHECK,
    &rds_replica_idle::CHECK,
    &rds_reservation_unused::CHECK,
    &rds_snapshot_source_deleted::CHECK,
    &rds_storage_gp2::CHECK,
    &rds_storage_gp3_iops_unused::CHECK,
    &rds_storage_io1::CHECK,
    &rds_storage_overallocated::CHECK,
    &redshift_cluster_idle::CHECK,
    &redshift_cluster_oversized::CHECK,
    &redshift_reservation_unused::CHECK,
    &s3_bucket_incomplete_uploads::CHECK,
    &s3_bucket_infrequent_access_hot::CHECK,
    &s3_bucket_noncurrent_versions::CHECK,
    &s3_bucket_standard_cold::CHECK,
    &sagemaker_app_idle::CHECK,
    &sagemaker_endpoint_idle::CHECK,
    &sagemaker_notebook_always_on::CHECK,
    &savings_plan_unused::CHECK,
    &secretsmanager_secret_unused::CHECK,
    &transit_gateway_attachment_idle::CHECK,
    &vpc_endpoint_duplicate::CHECK,
    &vpc_endpoint_idle::CHECK,
    &vpc_endpoint_interface_s3::CHECK,
    &vpc_endpoint_zones_nonproduction::CHECK,
    &vpc_nat_gateway_duplicate_nonproduction::CHECK,
    &vpc_nat_gateway_dynamodb_traffic::CHECK,
    &vpc_nat_gateway_idle::CHECK,
    &vpc_nat_gateway_s3_traffic::CHECK,
    &vpc_nat_gateway_unrouted::CHECK,
    &vpn_connection_down::CHECK,
];

/// The file of every check by its name; the head comment is the check's public page.
#[rustfmt::skip]
pub static SOURCES: &[(&str, &str)] = &[
    (aurora_cluster_idle::CHECK.id, include_str!("aurora_cluster_idle.rs")),
    (aurora_cluster_off_hours::CHECK.id, include_str!("aurora_cluster_off_hours.rs")),
    (aurora_serverless_minimum_high::CHECK.id, include_str!("aurora_serverless_minimum_high.rs")),
    (aurora_storage_io_optimized::CHECK.id, include_str!("aurora_storage_io_optimized.rs")),
    (aurora_storage_standard::CHECK.id, include_str!("aurora_storage_standard.rs")),
    (autoscaling_group_fixed_size::CHECK.id, include_str!("autoscaling_group_fixed_size.rs")),
    (autoscaling_group_floor_high::CHECK.id, include_str!("autoscaling_group_floor_high.rs")),
    (autoscaling_group_idle::CHECK.id, include_str!("autoscaling_group_idle.rs")),
    (autoscaling_group_off_hours::CHECK.id, include_str!("autoscaling_group_off_hours.rs")),
    (cloudtrail_trail_duplicate::CHECK.id, include_str!("cloudtrail_trail_duplicate.rs")),
    (cloudwatch_alarm_orphaned::CHECK.id, include_str!("cloudwatch_alarm_orphaned.rs")),
    (commitment_ended::CHECK.id, include_str!("commitment_ended.rs")),
    (commitment_expiring::CHECK.id, include_str!("commitment_expiring.rs")),
    (data_transfer_inter_az::CHECK.id, include_str!("data_transfer_inter_az.rs")),
    (data_transfer_internet_egress::CHECK.id, include_str!("data_transfer_internet_egress.rs")),
    (documentdb_cluster_idle::CHECK.id, include_str!("documentdb_cluster_idle.rs")),
    (dynamodb_table_idle::CHECK.id, include_str!("dynamodb_table_idle.rs")),
    (dynamodb_table_infrequent_access::CHECK.id, include_str!("dynamodb_table_infrequent_access.rs")),
    (dynamodb_table_on_demand_steady::CHECK.id, include_str!("dynamodb_table_on_demand_steady.rs")),
    (dynamodb_table_overprovisioned::CHECK.id, include_str!("dynamodb_table_overprovisioned.rs")),
    (ebs_snapshot_archivable::CHECK.id, include_str!("ebs_snapshot_archivable.rs")),
    (ebs_snapshot_fast_restore_unused::CHECK.id, include_str!("ebs_snapshot_fast_restore_unused.rs")),
    (ebs_snapshot_image_deregistered::CHECK.id, include_str!("ebs_snapshot_image_deregistered.rs")),
    (ebs_snapshot_source_deleted::CHECK.id, include_str!("ebs_snapshot_source_deleted.rs")),
    (ebs_volume_gp2::CHECK.id, include_str!("ebs_volume_gp2.rs")),
    (ebs_volume_gp3_iops_unused::CHECK.id, include_str!("ebs_volume_gp3_iops_unused.rs")),
    (ebs_volume_gp3_throughput_unused::CHECK.id, include_str!("ebs_volume_gp3_throughput_unused.rs")),
    (ebs_volume_idle::CHECK.id, include_str!("ebs_volume_idle.rs")),
    (ebs_volume_io1::CHECK.id, include_str!("ebs_volume_io1.rs")),
    (ebs_volume_iops_unused::CHECK.id, include_str!("ebs_volume_iops_unused.rs")),
    (ebs_volume_magnetic::CHECK.id, include_str!("ebs_volume_magnetic.rs")),
    (ebs_volume_of_stopped_instance::CHECK.id, include_str!("ebs_volume_of_stopped_instance.rs")),
    (ebs_volume_provisioned_iops::CHECK.id, include_str!("ebs_volume_provisioned_iops.rs")),
    (ebs_volume_st1_cold::CHECK.id, include_str!("ebs_volume_st1_cold.rs")),
    (ebs_volume_unattached::CHECK.id, include_str!("ebs_volume_unattached.rs")),
    (ec2_address_detached_interface::CHECK.id, include_str!("ec2_address_detached_interface.rs")),
    (ec2_address_unassociated::CHECK.id, include_str!("ec2_address_unassociated.rs")),
    (ec2_capacity_reservation_unused::CHECK.id, include_str!("ec2_capacity_reservation_unused.rs")),
    (ec2_host_empty::CHECK.id, include_str!("ec2_host_empty.rs")),
    (ec2_image_unused::CHECK.id, include_str!("ec2_image_unused.rs")),
    (ec2_instance_burst_surplus::CHECK.id, include_str!("ec2_instance_burst_surplus.rs")),
    (ec2_instance_detailed_monitoring::CHECK.id, include_str!("ec2_instance_detailed_monitoring.rs")),
    (ec2_instance_duplicate_calls::CHECK.id, include_str!("ec2_instance_duplicate_calls.rs")),
    (ec2_instance_gpu_idle::CHECK.id, include_str!("ec2_instance_gpu_idle.rs")),
    (ec2_instance_idle::CHECK.id, include_str!("ec2_instance_idle.rs")),
    (ec2_instance_memory_leak::CHECK.id, include_str!("ec2_instance_memory_leak.rs")),
    (ec2_instance_mostly_waiting::CHECK.id, include_str!("ec2_instance_mostly_waiting.rs")),
    (ec2_instance_off_hours::CHECK.id, include_str!("ec2_instance_off_hours.rs")),
    (ec2_instance_oversized::CHECK.id, include_str!("ec2_instance_oversized.rs")),
    (ec2_instance_previous_generation::CHECK.id, include_str!("ec2_instance_previous_generation.rs")),
    (ec2_instance_stopped::CHECK.id, include_str!("ec2_instance_stopped.rs")),
    (ec2_instance_x86::CHECK.id, include_str!("ec2_instance_x86.rs")),
    (ec2_public_ipv4_unroutable::CHECK.id, include_str!("ec2_public_ipv4_unroutable.rs")),
    (ec2_reservation_unused::CHECK.id, include_str!("ec2_reservation_unused.rs")),
    (ecr_repository_untagged_images::CHECK.id, include_str!("ecr_repository_untagged_images.rs")),
    (ecs_cluster_idle::CHECK.id, include_str!("ecs_cluster_idle.rs")),
    (ecs_service_floor_high::CHECK.id, include_str!("ecs_service_floor_high.rs")),
    (ecs_service_idle::CHECK.id, include_str!("ecs_service_idle.rs")),
    (ecs_service_mostly_waiting::CHECK.id, include_str!("ecs_service_mostly_waiting.rs")),
    (ecs_service_off_hours::CHECK.id, include_str!("ecs_service_off_hours.rs")),
    (ecs_service_oversized::CHECK.id, include_str!("ecs_service_oversized.rs")),
    (ecs_service_x86::CHECK.id, include_str!("ecs_service_x86.rs")),
    (efs_file_system_cold::CHECK.id, include_str!("efs_file_system_cold.rs")),
    (efs_file_system_idle::CHECK.id, include_str!("efs_file_system_idle.rs")),
    (efs_file_system_provisioned_throughput::CHECK.id, include_str!("efs_file_system_provisioned_throughput.rs")),
    (eks_cluster_extended_support::CHECK.id, include_str!("eks_cluster_extended_support.rs")),
    (eks_cluster_without_nodes::CHECK.id, include_str!("eks_cluster_without_nodes.rs")),
    (eks_nodegroup_x86::CHECK.id, include_str!("eks_nodegroup_x86.rs")),
    (elasticache_cluster_idle::CHECK.id, include_str!("elasticache_cluster_idle.rs")),
    (elasticache_cluster_oversized::CHECK.id, include_str!("elasticache_cluster_oversized.rs")),
    (elasticache_engine_redis::CHECK.id, include_str!("elasticache_engine_redis.rs")),
    (elasticache_previous_generation::CHECK.id, include_str!("elasticache_previous_generation.rs")),
    (elasticache_reservation_unused::CHECK.id, include_str!("elasticache_reservation_unused.rs")),
    (elasticache_serverless_idle::CHECK.id, include_str!("elasticache_serverless_idle.rs")),
    (elb_load_balancer_classic::CHECK.id, include_str!("elb_load_balancer_classic.rs")),
    (elb_load_balancer_cross_zone::CHECK.id, include_str!("elb_load_balancer_cross_zone.rs")),
    (elb_load_balancer_idle::CHECK.id, include_str!("elb_load_balancer_idle.rs")),
    (emr_cluster_idle::CHECK.id, include_str!("emr_cluster_idle.rs")),
    (lambda_function_always_busy::CHECK.id, include_str!("lambda_function_always_busy.rs")),
    (lambda_function_x86::CHECK.id, include_str!("lambda_function_x86.rs")),
    (lambda_provisioned_concurrency_oversized::CHECK.id, include_str!("lambda_provisioned_concurrency_oversized.rs")),
    (lambda_provisioned_concurrency_unused::CHECK.id, include_str!("lambda_provisioned_concurrency_unused.rs")),
    (logs_group_idle::CHECK.id, include_str!("logs_group_idle.rs")),
    (logs_group_standard_class::CHECK.id, include_str!("logs_group_standard_class.rs")),
    (logs_group_without_retention::CHECK.id, include_str!("logs_group_without_retention.rs")),
    (memorydb_cluster_idle::CHECK.id, include_str!("memorydb_cluster_idle.rs")),
    (memorydb_reservation_unused::CHECK.id, include_str!("memorydb_reservation_unused.rs")),
    (neptune_cluster_idle::CHECK.id, include_str!("neptune_cluster_idle.rs")),
    (opensearch_domain_gp2::CHECK.id, include_str!("opensearch_domain_gp2.rs")),
    (opensearch_domain_idle::CHECK.id, include_str!("opensearch_domain_idle.rs")),
    (opensearch_domain_previous_generation::CHECK.id, include_str!("opensearch_domain_previous_generation.rs")),
    (opensearch_reservation_unused::CHECK.id, include_str!("opensearch_reservation_unused.rs")),
    (rds_cluster_snapshot_source_deleted::CHECK.id, include_str!("rds_cluster_snapshot_source_deleted.rs")),
    (rds_instance_burst_surplus::CHECK.id, include_str!("rds_instance_burst_surplus.rs")),
    (rds_instance_extended_support::CHECK.id, include_str!("rds_instance_extended_support.rs")),
    (rds_instance_idle::CHECK.id, include_str!("rds_instance_idle.rs")),
    (rds_instance_insights_retention_paid::CHECK.id, include_str!("rds_instance_insights_retention_paid.rs")),
    (rds_instance_multi_az_nonproduction::CHECK.id, include_str!("rds_instance_multi_az_nonproduction.rs")),
    (rds_instance_off_hours::CHECK.id, include_str!("rds_instance_off_hours.rs")),
    (rds_instance_oversized::CHECK.id, include_str!("rds_instance_oversized.rs")),
    (rds_instance_previous_generation::CHECK.id, include_str!("rds_instance_previous_generation.rs")),
    (rds_instance_query_heavy::CHECK.id, include_str!("rds_instance_query_heavy.rs")),
    (rds_instance_stopped::CHECK.id, include_str!("rds_instance_stopped.rs")),
    (rds_instance_x86::CHECK.id, include_str!("rds_instance_x86.rs")),
    (rds_replica_idle::CHECK.id, include_str!("rds_replica_idle.rs")),
    (rds_reservation_unused::CHECK.id, include_str!("rds_reservation_unused.rs")),
    (rds_snapshot_source_deleted::CHECK.id, include_str!("rds_snapshot_source_deleted.rs")),
    (rds_storage_gp2::CHECK.id, include_str!("rds_storage_gp2.rs")),
    (rds_storage_gp3_iops_unused::CHECK.id, include_str!("rds_storage_gp3_iops_unused.rs")),
    (rds_storage_io1::CHECK.id, include_str!("rds_storage_io1.rs")),
    (rds_storage_overallocated::CHECK.id, include_str!("rds_storage_overallocated.rs")),
    (redshift_cluster_idle::CHECK.id, include_str!("redshift_cluster_idle.rs")),
    (redshift_cluster_oversized::CHECK.id, include_str!("redshift_cluster_oversized.rs")),
    (redshift_reservation_unused::CHECK.id, include_str!("redshift_reservation_unused.rs")),
    (s3_bucket_incomplete_uploads::CHECK.id, include_str!("s3_bucket_incomplete_uploads.rs")),
    (s3_bucket_infrequent_access_hot::CHECK.id, include_str!("s3_bucket_infrequent_access_hot.rs")),
    (s3_bucket_noncurrent_versions::CHECK.id, include_str!("s3_bucket_noncurrent_versions.rs")),
    (s3_bucket_standard_cold::CHECK.id, include_str!("s3_bucket_standard_cold.rs")),
    (sagemaker_app_idle::CHECK.id, include_str!("sagemaker_app_idle.rs")),
    (sagemaker_endpoint_idle::CHECK.id, include_str!("sagemaker_endpoint_idle.rs")),
    (sagemaker_notebook_always_on::CHECK.id, include_str!("sagemaker_notebook_always_on.rs")),
    (savings_plan_unused::CHECK.id, include_str!("savings_plan_unused.rs")),
    (secretsmanager_secret_unused::CHECK.id, include_str!("secretsmanager_secret_unused.rs")),
    (transit_gateway_attachment_idle::CHECK.id, include_str!("transit_gateway_attachment_idle.rs")),
    (vpc_endpoint_duplicate::CHECK.id, include_str!("vpc_endpoint_duplicate.rs")),
    (vpc_endpoint_idle::CHECK.id, include_str!("vpc_endpoint_idle.rs")),
    (vpc_endpoint_interface_s3::CHECK.id, include_str!("vpc_endpoint_interface_s3.rs")),
    (vpc_endpoint_zones_nonproduction::CHECK.id, include_str!("vpc_endpoint_zones_nonproduction.rs")),
    (vpc_nat_gateway_duplicate_nonproduction::CHECK.id, include_str!("vpc_nat_gateway_duplicate_nonproduction.rs")),
    (vpc_nat_gateway_dynamodb_traffic::CHECK.id, include_str!("vpc_nat_gateway_dynamodb_traffic.rs")),
    (vpc_nat_gateway_idle::CHECK.id, include_str!("vpc_nat_gateway_idle.rs")),
    (vpc_nat_gateway_s3_traffic::CHECK.id, include_str!("vpc_nat_gateway_s3_traffic.rs")),
    (vpc_nat_gateway_unrouted::CHECK.id, include_str!("vpc_nat_gateway_unrouted.rs")),
    (vpn_connection_down::CHECK.id, include_str!("vpn_connection_down.rs")),
];
