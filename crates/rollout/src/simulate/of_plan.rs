//! A world in which everything is as a plan expects to find it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, DbStorageSettings, VolumeSettings};
use trimtab_model::call::Target;
use trimtab_model::id::{DbInstanceClass, InstanceType, ResourceId};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, Fingerprint, Plan, UnitKind};
use trimtab_model::price::PriceBook;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::capacity::Shape;
use super::db_instance::Database;
use super::function::Function;
use super::group::Group;
use super::instance::Machine;
use super::setting::Address;
use super::state::Times;
use super::target_group::TargetGroup;
use super::volume::Volume;
use super::world::World;

/// For how long everything has been as it is.
const AGE: SignedDuration = SignedDuration::from_hours(60 * 24);
/// What stands in a fingerprint where there is none.
const NONE: &str = "none";
/// A type that the catalogue does not know. No call depends on how large it is.
const UNKNOWN: (u32, u32) = (2, 8 * 1024);
/// The share of a vCPU that each size of T3, T3a and T4g may use for ever, in percent
/// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html).
const BASELINES: &[(&str, f64)] = &[
    ("nano", 5.0),
    ("micro", 10.0),
    ("small", 20.0),
    ("medium", 20.0),
    ("large", 30.0),
    ("xlarge", 40.0),
    ("2xlarge", 40.0),
];

impl World {
    /// Makes a world of what a plan says of its resources. The inventory adds the machines that
    /// volumes hang on, the catalogue how large types are; without them the former are not there
    /// and the latter of one size.
    pub fn of_plan(
        plan: &Plan,
        inventory: Option<&Snapshot>,
        prices: Option<&PriceBook>,
        now: Timestamp,
        seed: u64,
    ) -> Self {
        let mut world = Self::new(now, seed, Times::default());
        let since = now.saturating_sub(AGE).unwrap_or(now);
        // Volumes come first, for a machine attaches those that are there.
        let is_volume = |change: &&Change| change.resource.kind == ResourceKind::Volume;
        for change in plan.changes().filter(is_volume) {
            place_volume(&mut world, change);
        }
        for change in plan.changes().filter(|change| !is_volume(change)) {
            place(&mut world, change, prices, since);
        }
        for change in plan.changes() {
            world.known.insert(change.resource.id.clone(), change.expected.clone());
        }
        place_targets(&mut world, plan);
        if let Some(inventory) = inventory {
            place_hosts(&mut world, plan, (inventory, prices), since);
        }
        world
    }
}

/// Adds to what identifies a resource what is not simulated of it, and so never changes.
pub(super) fn complete(observed: &mut Observed, known: &Fingerprint) {
    let fingerprint = match observed {
        Observed::Gone => return,
        Observed::Instance(one) => &mut one.fingerprint,
        Observed::Volume(one) => &mut one.fingerprint,
        Observed::DbInstance(one) => &mut one.fingerprint,
        Observed::Address(one) => &mut one.fingerprint,
        Observed::Function(one) => &mut one.fingerprint,
        Observed::LogGroup(one) => &mut one.fingerprint,
        Observed::Group(one) => &mut one.fingerprint,
        Observed::Schedule(one) => &mut one.fingerprint,
    };
    for (name, value) in &known.0 {
        fingerprint.0.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

fn place(world: &mut World, change: &Change, prices: Option<&PriceBook>, since: Timestamp) {
    let id = change.resource.id.as_str();
    if let Some(migration) = &change.migration {
        world.state.successors.insert(ResourceId::new(&migration.name));
    }
    match &change.action {
        Action::ModifyInstanceType { from, to } => {
            for one in [from, to].into_iter().chain(&change.ladder) {
                offer(world, one, prices, word(change, "Architecture"));
            }
            place_machine(world, change, from, since);
        }
        Action::StopInstance { instance_type } => {
            offer(world, instance_type, prices, word(change, "Architecture"));
            place_machine(world, change, instance_type, since);
        }
        Action::ModifyDbInstanceClass { from, to } => {
            for class in [from, to] {
                world.offer_db_class(class.as_str(), memory_of(class, prices));
            }
            world.add_database(id, database(change, from, db_storage(change)));
        }
        Action::ModifyDbStorage { from, .. } => {
            let class = DbInstanceClass::new(word(change, "DBInstanceClass").unwrap_or(NONE));
            world.add_database(id, database(change, &class, from.clone()));
        }
        Action::ReleaseAddress { public_ip } => {
            let address = Address {
                public_ip: public_ip.clone().unwrap_or_default(),
                is_associated: false,
                is_opted_in: true,
                quarantine_until: None,
            };
            world.add_address(id, address);
        }
        Action::PutRetentionPolicy { .. } => {
            world.add_log_group(id, word(change, "retentionInDays").and_then(|d| d.parse().ok()));
        }
        Action::UpdateFunctionArchitecture { from, .. } => {
            let memory = number(change, "MemorySize").unwrap_or(128);
            world.add_function(id, Function::new(memory, from));
        }
        Action::UpdateFunctionMemory { from_mb, .. } => {
            let architecture = word(change, "Architectures").unwrap_or("x86_64");
            world.add_function(id, Function::new(*from_mb, architecture));
        }
        Action::ResizeAutoScalingGroup { from, .. } => world.add_group(id, Group::new(*from, "1")),
        // A plan has no other change of these kinds.
        _ => {}
    }
}

fn place_machine(world: &mut World, change: &Change, from: &InstanceType, since: Timestamp) {
    let zone = zone(change);
    let mut machine = match word(change, "State") {
        Some("stopped") => Machine::stopped(from.as_str(), &zone, since),
        _ => Machine::running(from.as_str(), &zone, since),
    };
    if let Some(image) = word(change, "ImageId") {
        image.clone_into(&mut machine.image);
    }
    if let Some(architecture) = word(change, "Architecture") {
        architecture.clone_into(&mut machine.architecture);
    }
    machine.cpu_credits = credits(from);
    machine.volumes = names(change, "Volumes");
    for volume in machine.volumes.clone() {
        if world.volume(volume.as_str()).is_none() {
            world.add_volume(volume.as_str(), Volume::new(gp3(), 0));
        }
    }
    world.add_machine(change.resource.id.as_str(), machine);
}

fn place_volume(world: &mut World, change: &Change) {
    let (settings, size) = match &change.action {
        Action::ModifyVolume { from, size_gib, .. } => (from, *size_gib),
        Action::DeleteVolume { settings, size_gib, .. } => (settings, *size_gib),
        _ => return,
    };
    let mut volume = Volume::new(settings.clone(), size);
    // What is deleted must be in the Recycle Bin; whether a rule sees to that is looked at then.
    volume.is_recycled = true;
    volume.attached_to = names(change, "Attachments").pop_first();
    if let Some(state) = word(change, "State") {
        state.clone_into(&mut volume.state);
    }
    world.add_volume(change.resource.id.as_str(), volume);
}

/// Puts machines behind the load balancers that send to them. Which target groups those have is
/// only seen in the account: one stands for all.
fn place_targets(world: &mut World, plan: &Plan) {
    let mut behind: BTreeMap<&str, (u32, Vec<&ResourceId>)> = BTreeMap::new();
    for change in plan.changes().filter(|one| one.resource.kind == ResourceKind::Instance) {
        for unit in change.units.iter().filter(|unit| unit.kind == UnitKind::TargetGroup) {
            let known = behind.entry(&unit.name).or_insert((unit.members, Vec::new()));
            known.1.push(&change.resource.id);
        }
    }
    for (group, (members, changed)) in behind {
        let ours = u32::try_from(changed.len()).unwrap_or(u32::MAX);
        world.add_target_group(group, TargetGroup { others: members.saturating_sub(ours) });
        let machines = changed.iter().map(|id| (*id).clone()).collect();
        world.balanced.insert(ResourceId::new(group), machines);
        for instance in changed {
            let (group, instance) = (ResourceId::new(group), instance.clone());
            world.add_registration(Target { group, instance, port: None });
        }
    }
}

/// Adds the machines that volumes hang on and that are not changed themselves.
fn place_hosts(
    world: &mut World,
    plan: &Plan,
    (inventory, prices): (&Snapshot, Option<&PriceBook>),
    since: Timestamp,
) {
    for change in plan.changes().filter(|one| one.resource.kind == ResourceKind::Volume) {
        for host in names(change, "Attachments") {
            let found = inventory.instances.iter().find(|one| one.id == host);
            let Some(found) = found.filter(|_| world.machine(&host).is_none()) else { continue };
            let of = &found.kind.instance_type;
            offer(world, of, prices, found.kind.architecture.as_deref());
            let mut machine = Machine::running(of.as_str(), &zone(change), since);
            machine.volumes = BTreeSet::from([change.resource.id.clone()]);
            world.add_machine(host.as_str(), machine);
        }
    }
}

fn offer(
    world: &mut World,
    of: &InstanceType,
    prices: Option<&PriceBook>,
    architecture: Option<&str>,
) {
    let facts = prices.and_then(|book| book.instance_types.get(of));
    let memory = |mib: u64| u32::try_from(mib).unwrap_or(u32::MAX);
    let shape = Shape {
        vcpus: facts.map_or(UNKNOWN.0, |facts| facts.vcpu),
        memory_mib: facts.map_or(UNKNOWN.1, |facts| memory(facts.memory_mib)),
        architecture: facts
            .map(|facts| facts.architecture.as_str())
            .or(architecture)
            .unwrap_or("x86_64")
            .to_owned(),
        needs_ena: facts.is_some_and(|facts| facts.hypervisor.as_deref() == Some("nitro")),
        baseline_percent: baseline(of),
    };
    world.offer(of.as_str(), shape);
}

fn baseline(of: &InstanceType) -> Option<f64> {
    let (family, size) = of.as_str().split_once('.')?;
    let is_burstable = matches!(family, "t3" | "t3a" | "t4g");
    let known = BASELINES.iter().find(|(name, _)| is_burstable && *name == size);
    known.map(|(_, percent)| *percent)
}

/// Returns how a type pays for its credits unless somebody said otherwise, which only a look
/// tells.
fn credits(of: &InstanceType) -> Option<String> {
    match of.as_str().split('.').next() {
        Some("t2") => Some("standard".to_owned()),
        Some("t3" | "t3a" | "t4g") => Some("unlimited".to_owned()),
        _ => None,
    }
}

fn memory_of(class: &DbInstanceClass, prices: Option<&PriceBook>) -> u32 {
    let facts = prices.and_then(|book| book.db_classes.get(class));
    let mib = facts.and_then(|facts| {
        let mib = facts.memory_gib.checked_mul(1024.into())?;
        mib.to_u32()
    });
    mib.unwrap_or(UNKNOWN.1)
}

fn database(change: &Change, class: &DbInstanceClass, storage: DbStorageSettings) -> Database {
    let mut database = Database::available(class.as_str(), storage);
    if let Some(id) = word(change, "DbiResourceId") {
        id.clone_into(&mut database.dbi_resource_id);
    }
    database.is_multi_az = word(change, "MultiAZ") == Some("true");
    database
}

fn db_storage(change: &Change) -> DbStorageSettings {
    DbStorageSettings {
        storage_type: word(change, "StorageType").unwrap_or("gp3").to_owned(),
        allocated_storage_gib: number(change, "AllocatedStorage").unwrap_or(0),
        iops: number(change, "Iops"),
        storage_throughput_mib_s: number(change, "StorageThroughput"),
    }
}

fn gp3() -> VolumeSettings {
    VolumeSettings { volume_type: "gp3".to_owned(), iops: None, throughput_mib_s: None }
}

/// Returns the zone. One that nobody noted is looked up in the account before a change; no call
/// depends on which one it is.
fn zone(change: &Change) -> String {
    let known = word(change, "AvailabilityZone").map(str::to_owned);
    known.unwrap_or_else(|| format!("{}a", change.resource.region))
}

fn word<'a>(change: &'a Change, name: &str) -> Option<&'a str> {
    change.expected.0.get(name).map(String::as_str).filter(|word| *word != NONE)
}

fn number(change: &Change, name: &str) -> Option<u32> {
    word(change, name)?.parse().ok()
}

fn names(change: &Change, name: &str) -> BTreeSet<ResourceId> {
    let words = word(change, name).into_iter().flat_map(|list| list.split(','));
    words.map(ResourceId::new).collect()
}
