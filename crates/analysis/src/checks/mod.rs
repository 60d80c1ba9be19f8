//! Every check, one file each. Written by `make gen` from the files beside it.

use crate::check::Check;

mod ebs_snapshot_source_deleted;
mod ebs_volume_gp2;
mod ebs_volume_idle;
mod ebs_volume_provisioned_iops;
mod ebs_volume_unattached;
mod ec2_address_unassociated;
mod ec2_instance_idle;
mod ec2_instance_oversized;
mod ec2_instance_previous_generation;
mod ec2_instance_stopped;
mod elb_load_balancer_idle;
mod lambda_function_x86;
mod logs_group_without_retention;
mod rds_instance_idle;
mod rds_instance_oversized;
mod rds_storage_gp2;
mod vpc_nat_gateway_idle;

/// Every check, by name.
pub static ALL: &[&Check] = &[
    &ebs_snapshot_source_deleted::CHECK,
    &ebs_volume_gp2::CHECK,
    &ebs_volume_idle::CHECK,
    &ebs_volume_provisioned_iops::CHECK,
    &ebs_volume_unattached::CHECK,
    &ec2_address_unassociated::CHECK,
    &ec2_instance_idle::CHECK,
    &ec2_instance_oversized::CHECK,
    &ec2_instance_previous_generation::CHECK,
    &ec2_instance_stopped::CHECK,
    &elb_load_balancer_idle::CHECK,
    &lambda_function_x86::CHECK,
    &logs_group_without_retention::CHECK,
    &rds_instance_idle::CHECK,
    &rds_instance_oversized::CHECK,
    &rds_storage_gp2::CHECK,
    &vpc_nat_gateway_idle::CHECK,
];

/// The file of every check by its name; the head comment is the check's public page.
#[rustfmt::skip]
pub static SOURCES: &[(&str, &str)] = &[
    (ebs_snapshot_source_deleted::CHECK.id, include_str!("ebs_snapshot_source_deleted.rs")),
    (ebs_volume_gp2::CHECK.id, include_str!("ebs_volume_gp2.rs")),
    (ebs_volume_idle::CHECK.id, include_str!("ebs_volume_idle.rs")),
    (ebs_volume_provisioned_iops::CHECK.id, include_str!("ebs_volume_provisioned_iops.rs")),
    (ebs_volume_unattached::CHECK.id, include_str!("ebs_volume_unattached.rs")),
    (ec2_address_unassociated::CHECK.id, include_str!("ec2_address_unassociated.rs")),
    (ec2_instance_idle::CHECK.id, include_str!("ec2_instance_idle.rs")),
    (ec2_instance_oversized::CHECK.id, include_str!("ec2_instance_oversized.rs")),
    (ec2_instance_previous_generation::CHECK.id, include_str!("ec2_instance_previous_generation.rs")),
    (ec2_instance_stopped::CHECK.id, include_str!("ec2_instance_stopped.rs")),
    (elb_load_balancer_idle::CHECK.id, include_str!("elb_load_balancer_idle.rs")),
    (lambda_function_x86::CHECK.id, include_str!("lambda_function_x86.rs")),
    (logs_group_without_retention::CHECK.id, include_str!("logs_group_without_retention.rs")),
    (rds_instance_idle::CHECK.id, include_str!("rds_instance_idle.rs")),
    (rds_instance_oversized::CHECK.id, include_str!("rds_instance_oversized.rs")),
    (rds_storage_gp2::CHECK.id, include_str!("rds_storage_gp2.rs")),
    (vpc_nat_gateway_idle::CHECK.id, include_str!("vpc_nat_gateway_idle.rs")),
];
