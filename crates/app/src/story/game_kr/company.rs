//! The whole cast of the story, with identifiers drawn from the seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::cast::{Database, Disk, Machine};
use super::databases::databases;
use super::leftovers::{
    Balancer, DiskSnapshot, Gateway, LambdaFunction, Logs, PublicAddress, addresses, balancers,
    functions, gateways, log_groups, loose_disks, snapshots,
};
use super::machines::{disks_of, machines};

/// Everything the company runs and has forgotten.
#[derive(Debug, Clone)]
pub(super) struct Company {
    /// EC2 instances.
    pub(super) machines: Vec<Machine>,
    /// EBS volumes, attached ones first.
    pub(super) disks: Vec<Disk>,
    /// EBS snapshots.
    pub(super) snapshots: Vec<DiskSnapshot>,
    /// Elastic IP addresses.
    pub(super) addresses: Vec<PublicAddress>,
    /// NAT gateways.
    pub(super) gateways: Vec<Gateway>,
    /// Load balancers.
    pub(super) balancers: Vec<Balancer>,
    /// RDS DB instances.
    pub(super) databases: Vec<Database>,
    /// Log groups.
    pub(super) logs: Vec<Logs>,
    /// Functions.
    pub(super) functions: Vec<LambdaFunction>,
}

impl Company {
    /// Founds the company; the same seed gives the same identifiers.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let machines = machines(&mut rng);
        let mut disks = disks_of(&machines, &mut rng);
        let living = disks
            .iter()
            .find(|disk| disk.name == "match-server-1-root")
            .map(|disk| disk.id.clone())
            .unwrap_or_default();
        disks.extend(loose_disks(&mut rng));
        Self {
            machines,
            disks,
            snapshots: snapshots(&mut rng, &living),
            addresses: addresses(&mut rng),
            gateways: gateways(&mut rng),
            balancers: balancers(),
            databases: databases(),
            logs: log_groups(),
            functions: functions(),
        }
    }
}
