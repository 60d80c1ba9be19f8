//! Provisioned concurrency, EMR and SageMaker, for tests.

use trimtab_model::resource::emr_cluster::{
    AutoTermination, EmrCapacity, EmrCluster, EmrInstanceGroup,
};
use trimtab_model::resource::model_endpoint::{EndpointVariant, Inference, ModelEndpoint};
use trimtab_model::resource::notebook_instance::NotebookInstance;
use trimtab_model::resource::provisioned_concurrency::ProvisionedConcurrency;
use trimtab_model::resource::scalable_target::{ScalableTarget, TargetPolicy};
use trimtab_model::resource::studio_app::{AppOwner, StudioApp};

use super::{Resource, Scene, days_ago, resource};

impl Scene {
    tables! {
        scalable_target, scalable_targets, ScalableTarget, resource(
            "service/arena/match ecs:service:DesiredCount", ScalableTarget {
                scalable_target_arn: None, service_namespace: "ecs".into(),
                resource_id: "service/arena/match".into(),
                scalable_dimension: "ecs:service:DesiredCount".into(),
                min_capacity: 2, max_capacity: 8, scaling_in_suspended: false,
                creation_time: Some(days_ago(90)),
                policies: Some(vec![TargetPolicy {
                    policy_name: "cpu".into(), policy_type: "TargetTrackingScaling".into(),
                    target_value: Some(60.into()), scale_in_disabled: false,
                    alarms: Vec::new(), queues: Vec::new(),
                }]),
                scheduled_actions: Some(Vec::new()),
            });
        provisioned_concurrency, provisioned_concurrency, ProvisionedConcurrency,
        resource("resize:live", ProvisionedConcurrency {
            function_name: "resize".into(),
            function_arn: Some("arn:aws:lambda:us-east-1:111122223333:function:resize".into()),
            qualifier: "live".into(), requested: Some(10), allocated: Some(10),
            status: Some("READY".into()), last_modified: Some(days_ago(90)),
            memory_size_mb: Some(1024), architecture: Some("x86_64".into()),
        });
        emr_cluster, emr_clusters, EmrCluster, resource("j-1", EmrCluster {
            cluster_arn: Some("arn:aws:elasticmapreduce:us-east-1:111122223333:cluster/j-1".into()),
            name: Some("nightly".into()), state: "WAITING".into(), ready_date_time: Some(days_ago(90)),
            release_label: Some("emr-7.5.0".into()), applications: vec!["Spark".into()],
            termination_protected: Some(false), auto_termination: Some(AutoTermination::Never),
            capacity: Some(EmrCapacity::Groups(vec![EmrInstanceGroup {
                instance_group_type: Some("MASTER".into()), instance_type: "m5.large".into(),
                market: Some("ON_DEMAND".into()), running_instance_count: 1,
            }])),
        });
        model_endpoint, model_endpoints, ModelEndpoint, resource("ranker", ModelEndpoint {
            endpoint_arn: Some("arn:aws:sagemaker:us-east-1:111122223333:endpoint/ranker".into()),
            endpoint_status: "InService".into(), endpoint_config_name: Some("ranker-3".into()),
            creation_time: Some(days_ago(90)), last_modified_time: Some(days_ago(60)),
            inference: Inference::RealTime,
            variants: vec![EndpointVariant {
                variant_name: "AllTraffic".into(), instance_type: Some("ml.m5.large".into()),
                model_name: Some("ranker-3".into()), current_instance_count: Some(1), serverless: None,
            }],
        });
        notebook_instance, notebook_instances, NotebookInstance, resource("research", NotebookInstance {
            notebook_instance_arn: Some(
                "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/research".into()),
            notebook_instance_status: "InService".into(), instance_type: Some("ml.t3.medium".into()),
            creation_time: Some(days_ago(90)), last_modified_time: Some(days_ago(60)),
            lifecycle_config_name: None,
        });
        studio_app, studio_apps, StudioApp, resource("d-1/kim/JupyterLab/default", StudioApp {
            app_arn: Some(
                "arn:aws:sagemaker:us-east-1:111122223333:app/d-1/kim/jupyterlab/default".into()),
            domain_id: "d-1".into(), owner: AppOwner::Space("kim".into()),
            app_type: "JupyterLab".into(), app_name: "default".into(), status: "InService".into(),
            creation_time: Some(days_ago(90)), instance_type: Some("ml.g4dn.xlarge".into()),
            last_user_activity: Some(days_ago(20)), last_health_check: Some(days_ago(0)),
        });
    }
}
