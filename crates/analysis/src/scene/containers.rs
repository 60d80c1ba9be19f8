//! Services and clusters of containers of a scene.

use trimtab_model::resource::ecs_cluster::EcsCluster;
use trimtab_model::resource::ecs_service::{EcsService, TaskDefinition};
use trimtab_model::resource::eks_cluster::{EksCluster, Hosting};
use trimtab_model::resource::eks_nodegroup::EksNodegroup;

use super::{Resource, Scene, days_ago, resource};

impl Scene {
    tables! {
        ecs_cluster, ecs_clusters, EcsCluster, resource("arena", EcsCluster {
            cluster_arn: Some("arn:aws:ecs:us-east-1:111122223333:cluster/arena".into()),
            status: Some("ACTIVE".into()), registered_container_instances: 1, running_tasks: 0,
            pending_tasks: 0, active_services: 0, capacity_providers: Vec::new(),
            ec2_instance_ids: Some(vec!["i-1".into()]),
        });
        ecs_service, ecs_services, EcsService, resource("arena/match", EcsService {
            service_arn: Some("arn:aws:ecs:us-east-1:111122223333:service/arena/match".into()),
            cluster: "arena".into(), service_name: "match".into(), status: Some("ACTIVE".into()),
            desired_count: 2, running_count: 2, pending_count: 0,
            launch_type: Some("FARGATE".into()), capacity_provider_strategy: Vec::new(),
            scheduling_strategy: Some("REPLICA".into()), deployment_controller: Some("ECS".into()),
            deployments: 1, created_at: Some(days_ago(90)), target_groups: Vec::new(),
            task_definition: Some(TaskDefinition {
                family: "match".into(), revision: 7, cpu_units: Some(1024), memory_mib: Some(2048),
                cpu_architecture: None, operating_system_family: None,
                requires_compatibilities: vec!["FARGATE".into()], ephemeral_storage_gib: None,
                container_cpu_units: 0, container_memory_mib: 0,
                same_size_since: Some(days_ago(90)),
            }),
        });
        eks_cluster, eks_clusters, EksCluster, resource("games", EksCluster {
            arn: Some("arn:aws:eks:us-east-1:111122223333:cluster/games".into()),
            status: Some("ACTIVE".into()), version: Some("1.34".into()), platform_version: None,
            support_type: Some("EXTENDED".into()), end_of_standard_support: None,
            end_of_extended_support: None, created_at: Some(days_ago(90)),
            hosting: Hosting::Cloud, auto_mode: false, deletion_protection: None,
            nodegroups: Some(Vec::new()), fargate_profiles: Some(Vec::new()),
        });
        eks_nodegroup, eks_nodegroups, EksNodegroup, resource("games/workers", EksNodegroup {
            nodegroup_arn: None, cluster_name: "games".into(), status: Some("ACTIVE".into()),
            version: Some("1.34".into()), created_at: Some(days_ago(90)),
            capacity_type: Some("ON_DEMAND".into()), ami_type: None, instance_types: Vec::new(),
            min_size: Some(0), max_size: Some(3), desired_size: Some(0),
            auto_scaling_groups: Vec::new(),
        });
    }
}
