//! A small account for tests: one resource, its metrics, its bill, and prices of two regions.

mod meters;
mod outcome;
mod requests;
mod usage;
mod week;

pub(crate) use commitments::{in_days, september};
pub(crate) use databases::{busy_database, watched_cluster, with_db_class};
pub(crate) use outcome::{check, outcome, recommended};
pub(crate) use requests::{logs, with_hours};
pub(crate) use week::{now_and_then, office};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use trimtab_model::charge::{Charges, Cost, ResourceCharge};
use trimtab_model::environment::Environment;
use trimtab_model::focus::{ChargeCategory, CommitmentDiscountStatus};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::metric::{MetricKey, Statistic};
use trimtab_model::money::Money;
use trimtab_model::period::Period;
use trimtab_model::policy::{Permission, Policy, SizingPolicy};
use trimtab_model::price::{DbPriceKey, InstanceTypeFacts, Price, PriceBasis, PriceBook};
use trimtab_model::profile::{DayProfile, Hours, LevelHistory, Levels, Profiles, UsageProfile};
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::capacity_reservation::CapacityReservation;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::fast_snapshot_restore::FastSnapshotRestore;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::host::Host;
use trimtab_model::resource::image::Image;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::launch_template::LaunchTemplate;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::snapshot::Snapshot as VolumeSnapshot;
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef, Tags};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::traffic::Traffic;

use crate::check::Facts;
use meters::METERS;

/// Everything that a check may look at, owned.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) snapshot: Snapshot,
    pub(crate) profiles: Profiles,
    pub(crate) charges: Charges,
    pub(crate) prices: PriceBook,
    pub(crate) policy: Policy,
    pub(crate) traffic: Traffic,
}

/// Returns an account in which every kind was listed and nothing is there.
pub(crate) fn scene() -> Scene {
    let now = now();
    let mut snapshot = Snapshot::empty(now);
    for kind in ResourceKind::ALL {
        snapshot.listed.entry(*kind).or_default().insert((account(), region()));
    }
    let mut scene = Scene {
        snapshot,
        profiles: Profiles::default(),
        charges: Charges::default(),
        prices: PriceBook::default(),
        policy: Policy::default(),
        traffic: Traffic::default(),
    };
    for (meter, usd) in METERS {
        scene = scene.price(meter, usd);
    }
    scene
}

/// Returns the moment of every scene.
pub(crate) fn now() -> Timestamp {
    "2026-10-31T00:00:00Z".parse().expect("a moment")
}

/// Returns the moment so many days before the scene's.
pub(crate) fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn account() -> SubAccountId {
    "111122223333".into()
}

fn region() -> RegionId {
    "us-east-1".into()
}

fn resource<K>(id: &str, kind: K) -> Resource<K> {
    Resource {
        id: id.into(),
        account: account(),
        region: region(),
        environment: Environment::Dev,
        tags: Tags::new(),
        kind,
    }
}

/// Returns a series that has one value all the time, every five minutes.
pub(crate) fn flat(value: f64, days: i64) -> UsageProfile {
    let per_day = 288_u32;
    let count = u64::from(per_day) * u64::try_from(days).expect("days ahead");
    let first_day = i32::try_from(days_ago(days).as_second() / 86_400).expect("this century");
    UsageProfile {
        window: Period::new(days_ago(days), now()).expect("in order"),
        period_seconds: 300,
        count,
        covered_seconds: u64::try_from(days).expect("days ahead") * 86_400,
        coverage: 1.0,
        first: days_ago(days),
        last: now() - SignedDuration::from_mins(5),
        longest_gap_seconds: 300,
        mean: value,
        p50: value,
        p90: value,
        p95: value,
        p99: value,
        p99_5: value,
        max: value,
        min: value,
        sum: value * count as f64,
        last_value: value,
        trend_per_day: Some(0.0),
        hour_of_week: vec![Some(value); 168],
        local_week: Some(week::flat_week(value, days)),
        hours: Some(flat_hours(value, days)),
        levels: Some(LevelHistory {
            whole: Levels::new([(value, u32::try_from(days * 86_400).expect("days ahead"))]),
            ..LevelHistory::default()
        }),
        bursts: Some(week::no_bursts(value, days)),
        days: (0..i32::try_from(days).expect("few"))
            .map(|day| DayProfile {
                day: first_day + day,
                count: per_day,
                mean: value,
                max: value,
                sum: value * f64::from(per_day),
            })
            .collect(),
    }
}

/// Returns hours that are all alike.
fn flat_hours(value: f64, days: i64) -> Hours {
    let row = vec![Some(value as f32); usize::try_from(days * 24).expect("days ahead")];
    let first = days_ago(days).as_second() / 3_600;
    Hours { first, mean: row.clone(), max: row.clone(), min: row }
}

// A macro because the tables of the inventory are filled in the same way.
macro_rules! tables {
    ($($name:ident, $table:ident, $kind:ty, $base:expr;)+) => {
        $(
            #[doc = "Adds a resource after the test has changed what it needs."]
            pub(crate) fn $name(mut self, change: impl FnOnce(&mut Resource<$kind>)) -> Self {
                let mut resource: Resource<$kind> = $base;
                change(&mut resource);
                self.snapshot.$table.push(resource);
                self
            }
        )+
    };
}

mod commitments;
mod containers;
mod databases;
mod kinds;
mod serverless;

impl Scene {
    tables! {
        instance, instances, Instance, resource("i-1", Instance {
            instance_type: "m5.large".into(), state: InstanceState::Running, stopped_at: None,
            launch_time: Some(days_ago(90)), architecture: Some("x86_64".into()),
            platform_details: Some("Linux/UNIX".into()), virtualization_type: Some("hvm".into()),
            ena_support: Some(true), root_device_type: Some("ebs".into()), ebs_optimized: Some(true),
            instance_lifecycle: None, availability_zone: Some("us-east-1a".into()),
            tenancy: Some("default".into()), volume_ids: Vec::new(), has_public_ip: Some(false),
            auto_scaling_group_name: None, image_id: Some("ami-1".into()),
            monitoring: Some("disabled".into()), cpu_credits: None, cpu_options: None,
            has_product_codes: Some(false), is_managed_by_service: Some(false), host_id: None,
            private_addresses: Vec::new(),
        });
        volume, volumes, Volume, resource("vol-1", Volume {
            volume_type: "gp2".into(), size_gib: 100, iops: Some(300), throughput_mib_s: None,
            state: "available".into(), create_time: Some(days_ago(90)),
            availability_zone: Some("us-east-1a".into()), snapshot_id: None, encrypted: Some(true),
            multi_attach_enabled: Some(false), attachments: Vec::new(),
        });
        volume_snapshot, snapshots, VolumeSnapshot, resource("snap-1", VolumeSnapshot {
            volume_id: Some("vol-gone".into()), volume_size_gib: Some(100),
            full_snapshot_size_bytes: Some(40 << 30), start_time: Some(days_ago(90)),
            state: Some("completed".into()), storage_tier: Some("standard".into()),
            description: Some("before the migration".into()),
        });
        address, addresses, Address, resource("eipalloc-1", Address {
            public_ip: Some("203.0.113.7".into()), association_id: None, instance_id: None,
            network_interface_id: None, public_ipv4_pool: Some("amazon".into()),
        });
        nat_gateway, nat_gateways, NatGateway, resource("nat-1", NatGateway {
            state: "available".into(), create_time: Some(days_ago(90)), vpc_id: Some("vpc-1".into()),
            subnet_id: Some("subnet-1".into()), connectivity_type: Some("public".into()),
            allocation_ids: vec!["eipalloc-9".into()],
        });
        group, auto_scaling_groups, AutoScalingGroup, resource("lobby", AutoScalingGroup {
            min_size: 4, max_size: 8, desired_capacity: 4,
            created_time: Some(days_ago(90)),
            availability_zones: Some(vec!["us-east-1a".into(), "us-east-1b".into()]),
            launch_templates: Some(Vec::new()), suspended_processes: Some(Vec::new()),
            enabled_metrics: Some(Vec::new()), scaling_policies: Some(Vec::new()),
            scheduled_actions: Some(Vec::new()), recent_activities: Some(0),
            ..AutoScalingGroup::default()
        });
        image, images, Image, resource("ami-1", Image {
            name: Some("lobby-2026-01".into()), state: Some("available".into()),
            creation_date: Some(days_ago(400)), last_launched_time: Some(days_ago(200)),
            deprecation_time: None, is_protected: Some(false), public: Some(false),
            source_image_id: None, snapshot_ids: vec!["snap-1".into()],
        });
        launch_template, launch_templates, LaunchTemplate, resource("lt-1", LaunchTemplate {
            launch_template_name: Some("lobby".into()), create_time: Some(days_ago(90)),
            default_version_number: Some(1), latest_version_number: Some(1),
            versions: Some(Vec::new()),
        });
        reservation, capacity_reservations, CapacityReservation, resource("cr-1", CapacityReservation {
            capacity_reservation_arn: Some(
                "arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-1".into()),
            instance_type: "m5.large".into(), instance_platform: Some("Linux/UNIX".into()),
            availability_zone: Some("us-east-1a".into()), tenancy: Some("default".into()),
            total_instance_count: Some(10), available_instance_count: Some(10),
            state: "active".into(), create_date: Some(days_ago(90)), end_date: None,
            instance_match_criteria: Some("open".into()), reservation_type: Some("default".into()),
            capacity_reservation_fleet_id: None, commitment_end_date: None,
            unused_reservation_billing_owner_id: None,
        });
        host, hosts, Host, resource("h-1", Host {
            state: "available".into(), instance_type: None, instance_family: Some("m5".into()),
            availability_zone: Some("us-east-1a".into()), allocation_time: Some(days_ago(90)),
            auto_placement: Some("on".into()), host_reservation_id: None,
            member_of_service_linked_resource_group: Some(false), instance_ids: Vec::new(),
        });
        fast_restore, fast_snapshot_restores, FastSnapshotRestore, resource(
            "snap-1/us-east-1a", FastSnapshotRestore {
                snapshot_id: "snap-1".into(), availability_zone: "us-east-1a".into(),
                state: "enabled".into(), enabled_time: Some(days_ago(90)),
            });
        load_balancer, load_balancers, LoadBalancer, resource(
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188",
            LoadBalancer {
                load_balancer_name: "web".into(), load_balancer_type: LoadBalancerType::Application,
                state: Some("active".into()), scheme: Some("internet-facing".into()),
                created_time: Some(days_ago(90)), targets: None, target_ids: None,
                target_groups: None, cross_zone: None,
            });
        db_instance, db_instances, DbInstance, resource("db", DbInstance {
            db_instance_arn: Some("arn:aws:rds:us-east-1:111122223333:db:db".into()),
            dbi_resource_id: Some("db-ABC".into()), db_instance_class: "db.m5.large".into(),
            engine: "mysql".into(), engine_version: Some("8.0.39".into()),
            license_model: Some("general-public-license".into()),
            db_instance_status: "available".into(), instance_create_time: Some(days_ago(90)),
            multi_az: Some(false), storage_type: Some("gp2".into()), allocated_storage_gib: Some(100),
            iops: None, storage_throughput_mib_s: None, db_cluster_identifier: None,
            read_replica_source: None, read_replicas: Vec::new(),
            performance_insights_enabled: Some(false), performance_insights_retention_days: None,
            database_insights_mode: None, has_pending_modifications: false,
            db_parameter_groups: vec!["default.mysql8.0".into()], max_allocated_storage_gib: None,
            engine_lifecycle_support: None, endpoint_address: None,
        });
        log_group, log_groups, LogGroup, resource("/app/game", LogGroup {
            arn: Some("arn:aws:logs:us-east-1:111122223333:log-group:/app/game:*".into()),
            retention_in_days: None, stored_bytes: Some(100_000_000_000),
            creation_time: Some(days_ago(730)), log_group_class: Some("STANDARD".into()),
            metric_filter_count: Some(0), subscription_filter_count: None, last_ingestion_time: None,
        });
        function, functions, Function, resource("resize", Function {
            function_arn: Some("arn:aws:lambda:us-east-1:111122223333:function:resize".into()),
            runtime: Some("python3.12".into()), architectures: vec!["x86_64".into()],
            memory_size_mb: Some(1024), timeout_seconds: Some(30),
            package_type: Some("Zip".into()), layer_count: 0, code_size_bytes: Some(1 << 20),
            versions: None, aliases: None,
        });
    }

    /// Adds a series.
    pub(crate) fn metric(
        mut self,
        id: &str,
        namespace: &str,
        metric: &str,
        statistic: Statistic,
        profile: UsageProfile,
    ) -> Self {
        let key = MetricKey {
            origin: None,
            resource_id: id.into(),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            statistic,
        };
        self.profiles.extend(Profiles::new([(key, profile)]));
        self
    }

    /// Sets the list price of a meter.
    pub(crate) fn price(mut self, meter: &str, usd: &str) -> Self {
        let prices = self.prices.regions.entry(region()).or_default();
        prices.meters.insert(meter.to_owned(), list_price(usd));
        self
    }

    /// Turns the price of a meter into an estimated one.
    pub(crate) fn estimated_price(mut self, meter: &str) -> Self {
        let prices = self.prices.regions.entry(region()).or_default();
        let listed = prices.meters.remove(meter).expect("a meter of the scene");
        let estimated = Price { basis: PriceBasis::Estimated, ..listed };
        prices.meters_estimated.insert(meter.to_owned(), estimated);
        self
    }

    /// Allows estimated prices in every environment.
    pub(crate) fn allowing_estimates(mut self) -> Self {
        let allowing =
            SizingPolicy { estimated_prices: Permission::Allow, ..SizingPolicy::default() };
        self.policy.sizing = Environment::ALL.iter().map(|one| (*one, allowing)).collect();
        self
    }

    /// Takes the price of a meter away.
    pub(crate) fn without_price(mut self, meter: &str) -> Self {
        self.prices.regions.entry(region()).or_default().meters.remove(meter);
        self
    }

    /// Offers an instance type at an hourly price.
    pub(crate) fn instance_type(mut self, facts: InstanceTypeFacts, usd: &str) -> Self {
        let prices = self.prices.regions.entry(region()).or_default();
        prices.offered.get_or_insert_default().insert(facts.instance_type.clone());
        prices.instance_hour.insert(facts.instance_type.clone(), list_price(usd));
        self.prices.instance_types.insert(facts.instance_type.clone(), facts);
        self
    }

    /// Sets the hourly price of a DB instance class for MySQL.
    pub(crate) fn db_class(mut self, class: &str, usd: &str) -> Self {
        let key = DbPriceKey {
            db_instance_class: class.into(),
            engine: "mysql".into(),
            edition: String::new(),
            license: "none".into(),
        };
        let prices = self.prices.regions.entry(region()).or_default();
        prices.db_instance_hour.insert(key, list_price(usd));
        self
    }

    /// Puts an uncovered charge on a bill of 30 days.
    pub(crate) fn bill(self, id: &str, usage_type: &str, quantity: &str, usd: &str) -> Self {
        self.charge("111122223333", id, usage_type, quantity, usd, None)
    }

    /// Puts a charge that a commitment covers on a bill of 30 days.
    pub(crate) fn committed(self, id: &str, usage_type: &str, quantity: &str, usd: &str) -> Self {
        let used = Some(CommitmentDiscountStatus::Used);
        self.charge("111122223333", id, usage_type, quantity, usd, used)
    }

    /// Puts a charge of another account on the bill.
    pub(crate) fn bill_of_account(
        self,
        account: &str,
        id: &str,
        usage_type: &str,
        quantity: &str,
        usd: &str,
    ) -> Self {
        self.charge(account, id, usage_type, quantity, usd, None)
    }

    fn charge(
        mut self,
        account: &str,
        id: &str,
        usage_type: &str,
        quantity: &str,
        usd: &str,
        commitment_discount_status: Option<CommitmentDiscountStatus>,
    ) -> Self {
        let amount = Money::usd(decimal(usd));
        self.charges.window = Some(Period::new(days_ago(30), now()).expect("in order"));
        self.charges.resources.push(ResourceCharge {
            resource_id: id.into(),
            account: Some(account.into()),
            region: Some(region()),
            service_name: "AmazonCloudWatch".to_owned(),
            charge_category: ChargeCategory::Usage,
            usage_type: Some(usage_type.to_owned()),
            sku_id: None,
            pricing_category: None,
            commitment_discount_status,
            pricing_unit: Some("Hrs".to_owned()),
            pricing_quantity: Some(decimal(quantity)),
            cost: Cost { billed: amount, effective: amount, list: None, contracted: None },
        });
        self.charges.resources.sort_by(|a, b| a.resource_id.cmp(&b.resource_id));
        self
    }

    /// Returns what a check may look at.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            snapshot: &self.snapshot,
            profiles: &self.profiles,
            charges: &self.charges,
            traffic: &self.traffic,
            prices: &self.prices,
            policy: &self.policy,
            now: now(),
        }
    }

    /// Returns a reference to an instance of the scene's account.
    pub(crate) fn reference(&self, id: &str) -> ResourceRef {
        resource(id, ()).reference(ResourceKind::Instance)
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn list_price(usd: &str) -> Price {
    Price {
        usd: decimal(usd),
        unit: "unit".to_owned(),
        basis: PriceBasis::List,
        source: "test".to_owned(),
        as_of: None,
    }
}

/// Returns the facts of a current x86 type with so many vCPUs and GiB.
pub(crate) fn instance_facts(instance_type: &str, vcpu: u32, memory_gib: u64) -> InstanceTypeFacts {
    let (family, size) = instance_type.split_once('.').expect("family.size");
    let series: String = family.chars().take_while(char::is_ascii_alphabetic).collect();
    let generation: String = family.chars().filter(char::is_ascii_digit).collect();
    let attributes =
        family.trim_start_matches(series.as_str()).trim_start_matches(generation.as_str());
    InstanceTypeFacts {
        instance_type: instance_type.into(),
        family: family.to_owned(),
        size: size.to_owned(),
        attributes: attributes.to_owned(),
        series,
        generation: generation.parse().expect("one number"),
        current_generation: true,
        bare_metal: false,
        burstable: family.starts_with('t'),
        hypervisor: Some("nitro".to_owned()),
        architecture: "x86_64".to_owned(),
        cpu_vendor: Some("Intel".to_owned()),
        vcpu,
        memory_mib: memory_gib * 1024,
        network_baseline_gbps: None,
        ebs_baseline_mb_s: None,
        ebs_baseline_iops: None,
        instance_store_gb: None,
        accelerators: 0,
        coremark: None,
    }
}
