//! A small account for the tests of this module.

use jiff::Timestamp;
use jiff::civil::time;
use rust_decimal::Decimal;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::Evidence;
use trimtab_model::id::InstanceType;
use trimtab_model::migration::{Migration, MigrationCheck, Replaced};
use trimtab_model::money::Money;
use trimtab_model::plan::{Change, ChangeWindow, Plan, RolloutRules};
use trimtab_model::price::{
    DbClassFacts, InstanceTypeFacts, Price, PriceBasis, PriceBook, RegionPrices,
};
use trimtab_model::recommendation::{
    ActionType, Estimate, Finding, ImplementationEffort, PerformanceRisk, Projection,
    Recommendation, Restart, Undo,
};
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::{AutoScalingGroup, LaunchTemplateSpecification};
use trimtab_model::resource::db_cluster::{DbCluster, DbClusterMember};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType, TargetCount};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::volume::{Volume, VolumeAttachment};
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef, Tags};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::{PlanRequest, create};

pub(super) const REGION: &str = "ap-northeast-2";
pub(super) const ACCOUNT: &str = "111122223333";

pub(super) fn now() -> Timestamp {
    "2026-11-26T00:00:00Z".parse().expect("a moment")
}

pub(super) fn snapshot() -> Snapshot {
    Snapshot::empty(now())
}

pub(super) fn resource<K>(id: &str, kind: K) -> Resource<K> {
    Resource {
        id: id.into(),
        account: ACCOUNT.into(),
        region: REGION.into(),
        environment: Environment::Prod,
        tags: Tags::new(),
        kind,
    }
}

pub(super) fn tagged<K>(mut resource: Resource<K>, key: &str, value: &str) -> Resource<K> {
    resource.tags.insert(key.to_owned(), value.to_owned());
    resource
}

pub(super) fn reference(kind: ResourceKind, id: &str) -> ResourceRef {
    resource(id, ()).reference(kind)
}

pub(super) fn instance(id: &str, instance_type: &str) -> Resource<Instance> {
    let kind = Instance {
        instance_type: instance_type.into(),
        state: InstanceState::Running,
        stopped_at: None,
        launch_time: None,
        architecture: Some("x86_64".to_owned()),
        platform_details: Some("Linux/UNIX".to_owned()),
        virtualization_type: Some("hvm".to_owned()),
        ena_support: Some(true),
        root_device_type: Some("ebs".to_owned()),
        ebs_optimized: Some(true),
        instance_lifecycle: None,
        availability_zone: Some("ap-northeast-2a".to_owned()),
        tenancy: Some("default".to_owned()),
        volume_ids: Vec::new(),
        has_public_ip: Some(false),
        auto_scaling_group_name: None,
        image_id: Some("ami-1".into()),
        monitoring: None,
        cpu_credits: None,
        cpu_options: None,
        has_product_codes: Some(false),
        is_managed_by_service: Some(false),
        host_id: None,
        private_addresses: Vec::new(),
    };
    resource(id, kind)
}

pub(super) fn volume(id: &str, volume_type: &str, machine: Option<&str>) -> Resource<Volume> {
    let attachment = |instance: &str| VolumeAttachment {
        instance_id: instance.into(),
        device: Some("/dev/sdf".to_owned()),
        state: Some("attached".to_owned()),
    };
    let kind = Volume {
        volume_type: volume_type.to_owned(),
        size_gib: 100,
        iops: Some(300),
        throughput_mib_s: None,
        state: if machine.is_some() { "in-use" } else { "available" }.to_owned(),
        create_time: None,
        availability_zone: Some("ap-northeast-2a".to_owned()),
        snapshot_id: None,
        encrypted: Some(false),
        multi_attach_enabled: Some(false),
        attachments: machine.map(attachment).into_iter().collect(),
    };
    resource(id, kind)
}

pub(super) fn function(id: &str, kind: Function) -> Resource<Function> {
    resource(id, kind)
}

pub(super) fn address(id: &str) -> Resource<Address> {
    let kind = Address {
        public_ip: Some("203.0.113.7".to_owned()),
        association_id: None,
        instance_id: None,
        network_interface_id: None,
        public_ipv4_pool: None,
    };
    resource(id, kind)
}

pub(super) fn log_group(id: &str) -> Resource<LogGroup> {
    let kind = LogGroup {
        arn: None,
        retention_in_days: None,
        stored_bytes: None,
        creation_time: None,
        log_group_class: None,
        metric_filter_count: None,
        subscription_filter_count: None,
        last_ingestion_time: None,
    };
    resource(id, kind)
}

pub(super) fn group(id: &str, min: u32, max: u32, desired: u32) -> Resource<AutoScalingGroup> {
    let template = LaunchTemplateSpecification {
        launch_template_id: Some(format!("lt-{id}")),
        launch_template_name: None,
        version: Some("7".to_owned()),
        image_id: None,
    };
    let kind = AutoScalingGroup {
        min_size: min,
        max_size: max,
        desired_capacity: desired,
        launch_templates: Some(vec![template]),
        ..AutoScalingGroup::default()
    };
    resource(id, kind)
}

pub(super) fn database(id: &str, class: &str) -> Resource<DbInstance> {
    let kind = DbInstance {
        db_instance_arn: None,
        dbi_resource_id: Some(format!("db-{id}")),
        db_instance_class: class.into(),
        engine: "mysql".to_owned(),
        engine_version: Some("8.0.39".to_owned()),
        license_model: None,
        db_instance_status: "available".to_owned(),
        instance_create_time: None,
        multi_az: Some(true),
        storage_type: Some("gp3".to_owned()),
        allocated_storage_gib: Some(100),
        iops: Some(3_000),
        storage_throughput_mib_s: Some(125),
        db_cluster_identifier: None,
        read_replica_source: None,
        read_replicas: Vec::new(),
        performance_insights_enabled: None,
        performance_insights_retention_days: None,
        database_insights_mode: None,
        has_pending_modifications: false,
        db_parameter_groups: Vec::new(),
        max_allocated_storage_gib: None,
        engine_lifecycle_support: None,
        endpoint_address: None,
    };
    resource(id, kind)
}

pub(super) fn cluster(id: &str, writer: &str) -> Resource<DbCluster> {
    let member =
        DbClusterMember { db_instance_identifier: writer.into(), is_cluster_writer: Some(true) };
    let kind = DbCluster {
        db_cluster_arn: None,
        db_cluster_resource_id: None,
        engine: "aurora-mysql".to_owned(),
        engine_version: None,
        engine_mode: None,
        status: "available".to_owned(),
        cluster_create_time: None,
        db_cluster_members: vec![member],
        storage_type: None,
        io_optimized_next_allowed_modification_time: None,
        serverless_v2_scaling: None,
        replication_source_identifier: None,
        read_replica_identifiers: Vec::new(),
        global_cluster_identifier: None,
        deletion_protection: None,
        backup_retention_period_days: None,
    };
    resource(id, kind)
}

pub(super) fn balancer(targets: &[&str], healthy: u32) -> Resource<LoadBalancer> {
    let registered = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let kind = LoadBalancer {
        load_balancer_name: "lobby".to_owned(),
        load_balancer_type: LoadBalancerType::Application,
        state: None,
        scheme: None,
        created_time: None,
        targets: Some(TargetCount { registered, healthy: Some(healthy) }),
        target_ids: Some(targets.iter().map(|&target| target.to_owned()).collect()),
        target_groups: None,
        cross_zone: None,
    };
    resource("arn:aws:elasticloadbalancing:r:1:loadbalancer/app/lobby/1", kind)
}

fn facts(name: &str, generation: u32, vcpu: u32, memory_gib: u64) -> InstanceTypeFacts {
    let (family, size) = name.split_once('.').expect("a family and a size");
    let is_arm = family.ends_with('g');
    InstanceTypeFacts {
        instance_type: name.into(),
        family: family.to_owned(),
        size: size.to_owned(),
        series: family.chars().take(1).collect(),
        generation,
        attributes: String::new(),
        current_generation: true,
        bare_metal: false,
        burstable: family.starts_with('t'),
        hypervisor: Some("nitro".to_owned()),
        architecture: if is_arm { "arm64" } else { "x86_64" }.to_owned(),
        cpu_vendor: None,
        vcpu,
        memory_mib: memory_gib * 1_024,
        network_baseline_gbps: Some(0.75),
        ebs_baseline_mb_s: None,
        ebs_baseline_iops: None,
        instance_store_gb: None,
        accelerators: 0,
        coremark: None,
    }
}

pub(super) fn prices() -> PriceBook {
    let rows = [
        ("m5.xlarge", 5, 4, 16, "0.236"),
        ("m5.large", 5, 2, 8, "0.118"),
        ("m6i.large", 6, 2, 8, "0.119"),
        ("m6a.large", 6, 2, 8, "0.106"),
        ("m7i.large", 7, 2, 8, "0.124"),
        ("m7g.large", 7, 2, 8, "0.100"),
        ("c6i.large", 6, 2, 4, "0.096"),
        ("r6i.large", 6, 2, 16, "0.152"),
        ("t3.large", 6, 2, 8, "0.104"),
        ("x2.large", 6, 2, 64, "0.500"),
    ];
    let price = |usd: &str| Price {
        usd: usd.parse().expect("a price"),
        unit: "hour".to_owned(),
        basis: PriceBasis::List,
        source: "a list".to_owned(),
        as_of: None,
    };
    let mut book = PriceBook::default();
    let mut region = RegionPrices::default();
    for (name, generation, vcpu, memory, usd) in rows {
        let name_: InstanceType = name.into();
        book.instance_types.insert(name_.clone(), facts(name, generation, vcpu, memory));
        region.instance_hour.insert(name_, price(usd));
    }
    for (class, memory) in [("db.r6g.large", 16), ("db.r6g.xlarge", 32)] {
        let facts = DbClassFacts {
            db_instance_class: class.into(),
            family: "r6g".to_owned(),
            vcpu: memory / 8,
            memory_gib: Decimal::from(memory),
            current_generation: true,
        };
        book.db_classes.insert(class.into(), facts);
    }
    book.regions.insert(REGION.into(), region);
    book
}

/// An estimate of a saving, on a cost of twice that and a dollar.
pub(super) fn estimate(usd: &str) -> Estimate {
    let likely: Decimal = usd.parse().expect("an amount");
    let cost = likely * Decimal::TWO + Decimal::ONE;
    Estimate {
        low: Money::usd(likely),
        likely: Money::usd(likely),
        high: Money::usd(likely),
        before_discounts: Money::usd(likely),
        cost_now: Money::usd(cost),
        cost_after: Money::usd(cost - likely),
        formula_now: Vec::new(),
        formula_after: Vec::new(),
        basis: PriceBasis::List,
        billed: None,
    }
}

pub(super) fn recommendation(
    id: &str,
    resource: ResourceRef,
    action: Action,
    usd: &str,
) -> Recommendation {
    let projected = |name: &str, percent: f64| Projection { name: name.to_owned(), percent };
    Recommendation {
        id: id.into(),
        check: "ec2-instance-oversized".into(),
        resource,
        action,
        action_type: ActionType::Rightsize,
        finding: Finding::Overprovisioned,
        reason_codes: Vec::new(),
        reason: Reason::new("oversized", "It is too large.", "너무 큽니다."),
        estimated_monthly_savings: estimate(usd),
        performance_risk: PerformanceRisk::VERY_LOW,
        projected: vec![projected("cpu_p99_5", 44.0), projected("memory_max", 61.0)],
        options: Vec::new(),
        implementation_effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence::default(),
        second_opinion: None,
    }
}

pub(super) fn resize() -> Action {
    Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m6i.large".into() }
}

pub(super) fn settings(volume_type: &str, iops: Option<u32>) -> VolumeSettings {
    VolumeSettings { volume_type: volume_type.to_owned(), iops, throughput_mib_s: None }
}

/// A recommendation to resize an instance.
pub(super) fn resizing(id: &str, instance: &Resource<Instance>, usd: &str) -> Recommendation {
    recommendation(id, instance.reference(ResourceKind::Instance), resize(), usd)
}

pub(super) fn rules() -> RolloutRules {
    let window = ChangeWindow {
        environments: Vec::new(),
        days: Vec::new(),
        from: time(4, 0, 0, 0),
        until: time(6, 0, 0, 0),
        time_zone: "Asia/Seoul".to_owned(),
    };
    RolloutRules { windows: vec![window], ..RolloutRules::default() }
}

pub(super) fn request() -> PlanRequest {
    let mut request = PlanRequest::new("lee", now());
    request.aliases.insert(ACCOUNT.into(), "game-live".to_owned());
    request
}

/// A plan of two machines, one for development and one for production, and of one that a group
/// owns.
pub(crate) fn plan() -> Plan {
    let mut dev = instance("i-dev", "m5.xlarge");
    dev.environment = Environment::Dev;
    let live = tagged(instance("i-live", "m5.xlarge"), "Name", "lobby");
    let mut member = instance("i-left", "m5.xlarge");
    member.kind.auto_scaling_group_name = Some("web".to_owned());
    let recommendations = [
        resizing("R-dev", &dev, "70.08"),
        resizing("R-live", &live, "70.08"),
        resizing("R-left", &member, "70.08"),
    ];
    let mut snapshot = snapshot();
    snapshot.instances = vec![dev, live, member];
    create(&recommendations, &snapshot, Some(&prices()), &rules(), &request())
}

pub(crate) fn change() -> Change {
    plan().changes().next().expect("a change").clone()
}

/// A migration whose function replaces an instance.
pub(crate) fn migration(instance: &str) -> Migration {
    let check = |id: &str, metric: &str, statistic: &str, fails_above| MigrationCheck {
        id: id.to_owned(),
        namespace: "AWS/Lambda".to_owned(),
        metric: metric.to_owned(),
        statistic: statistic.to_owned(),
        dimension: "FunctionName".to_owned(),
        of: Some("notice".to_owned()),
        fails_above,
    };
    Migration {
        name: "notice".to_owned(),
        region: REGION.into(),
        account: None,
        replaces: Replaced::Instance { id: instance.into() },
        soak_days: 14,
        stop_days: 1,
        checks: vec![
            check("errors", "Errors", "Sum", 0),
            check("throttles", "Throttles", "Sum", 0),
            check("duration", "Duration", "p95", 24_000),
        ],
        stop: Vec::new(),
    }
}
