//! The kinds of the network, of storage and of governance, for tests.

use trimtab_model::resource::alarm::Alarm;
use trimtab_model::resource::bucket::{Bucket, Versioning};
use trimtab_model::resource::file_system::{FileSystem, FileSystemLifecycle};
use trimtab_model::resource::managed_instance::ManagedInstance;
use trimtab_model::resource::network_interface::NetworkInterface;
use trimtab_model::resource::repository::Repository;
use trimtab_model::resource::route_table::RouteTable;
use trimtab_model::resource::secret::Secret;
use trimtab_model::resource::trail::Trail;
use trimtab_model::resource::transit_gateway_attachment::TransitGatewayAttachment;
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;
use trimtab_model::resource::vpn_connection::{VpnConnection, VpnTunnel};

use super::{Resource, Scene, days_ago, resource};

impl Scene {
    tables! {
        vpc_endpoint, vpc_endpoints, VpcEndpoint, resource("vpce-1", VpcEndpoint {
            vpc_endpoint_type: "Interface".into(), vpc_id: Some("vpc-1".into()),
            service_name: "com.amazonaws.us-east-1.logs".into(), state: Some("available".into()),
            subnet_ids: vec!["subnet-1".into(), "subnet-2".into()], route_table_ids: Vec::new(),
            private_dns_enabled: Some(true), private_dns_only_for_inbound_resolver_endpoint: None,
            requester_managed: Some(false), creation_timestamp: Some(days_ago(90)),
        });
        network_interface, network_interfaces, NetworkInterface, resource("eni-1", NetworkInterface {
            status: "in-use".into(), interface_type: Some("interface".into()),
            vpc_id: Some("vpc-1".into()), subnet_id: Some("subnet-1".into()),
            requester_managed: Some(false), instance_id: Some("i-1".into()),
            public_ip: Some("203.0.113.7".into()), allocation_id: None,
        });
        route_table, route_tables, RouteTable, resource("rtb-1", RouteTable {
            vpc_id: Some("vpc-1".into()), main: true, subnet_ids: Vec::new(),
            targets: vec!["nat-1".into()],
        });
        transit_gateway_attachment, transit_gateway_attachments, TransitGatewayAttachment,
        resource("tgw-attach-1", TransitGatewayAttachment {
            transit_gateway_id: Some("tgw-1".into()), resource_type: Some("vpc".into()),
            attached_id: Some("vpc-1".into()), resource_owner_id: Some("111122223333".into()),
            state: Some("available".into()), creation_time: Some(days_ago(90)),
        });
        vpn_connection, vpn_connections, VpnConnection, resource("vpn-1", VpnConnection {
            state: Some("available".into()), customer_gateway_id: Some("cgw-1".into()),
            vpn_gateway_id: Some("vgw-1".into()), transit_gateway_id: None,
            tunnels: vec![
                VpnTunnel { status: "DOWN".into(), last_status_change: Some(days_ago(60)) },
                VpnTunnel { status: "DOWN".into(), last_status_change: Some(days_ago(40)) },
            ],
        });
        bucket, buckets, Bucket, resource("game-assets", Bucket {
            creation_date: Some(days_ago(365)), versioning: Some(Versioning::Off),
            lifecycle_rules: Some(Vec::new()), multipart_uploads: None,
        });
        file_system, file_systems, FileSystem, resource("fs-1", FileSystem {
            file_system_arn: Some(
                "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1".into(),
            ),
            life_cycle_state: Some("available".into()), creation_time: Some(days_ago(365)),
            throughput_mode: Some("bursting".into()), provisioned_throughput_mib_s: None,
            standard_bytes: Some(100 << 30), ia_bytes: Some(0), number_of_mount_targets: Some(2),
            availability_zone_name: None, lifecycle: Some(FileSystemLifecycle::default()),
        });
        repository, repositories, Repository, resource("game/server", Repository {
            repository_arn: Some("arn:aws:ecr:us-east-1:111122223333:repository/game/server".into()),
            created_at: Some(days_ago(365)), has_lifecycle_policy: Some(false), images: None,
        });
        alarm, alarms, Alarm, resource("cpu-high", Alarm {
            alarm_arn: None, state_value: Some("INSUFFICIENT_DATA".into()),
            state_since: Some(days_ago(60)), actions_enabled: Some(true),
            namespace: Some("AWS/EC2".into()), metric_name: Some("CPUUtilization".into()),
            dimensions: [("InstanceId".to_owned(), "i-gone".to_owned())].into(),
            period_seconds: Some(300), metric_count: 1, expression_queues: Vec::new(),
        });
        trail, trails, Trail, resource("second", Trail {
            trail_arn: None, home_region: Some("us-east-1".into()),
            is_multi_region_trail: Some(true), is_organization_trail: Some(false),
            s3_bucket_name: Some("trail-logs".into()), is_logging: Some(true),
            management_events: Some(true), other_events: Some(false),
        });
        managed_instance, managed_instances, ManagedInstance, resource("i-1", ManagedInstance {
            ping_status: Some("Online".into()), agent_version: Some("3.3.987.0".into()),
            platform_type: Some("Linux".into()),
        });
        secret, secrets, Secret, resource(
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf", Secret {
                name: "db".into(), created_date: Some(days_ago(365)),
                last_accessed_date: Some(days_ago(200)), last_changed_date: Some(days_ago(365)),
                deleted_date: None, owning_service: None, primary_region: None,
            });
    }
}
