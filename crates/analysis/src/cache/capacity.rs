//! How much memory an ElastiCache node leaves to the engine.

/// A node size, by the series of its family.
///
/// `maxmemory` in GiB of Redis OSS and Valkey nodes. Source: ElastiCache user guide, "Redis OSS
/// node-type specific parameters" and "Supported node types", 2026-10.
const SIZES: &[(&str, &str, u32, f64)] = &[
    ("t", "micro", 2, 0.5),
    ("t", "small", 2, 1.37),
    ("t", "medium", 2, 3.09),
    ("m", "large", 2, 6.38),
    ("m", "xlarge", 4, 12.93),
    ("m", "2xlarge", 8, 26.04),
    ("m", "4xlarge", 16, 52.26),
    ("m", "8xlarge", 32, 103.68),
    ("m", "12xlarge", 48, 157.12),
    ("m", "16xlarge", 64, 209.55),
    ("m", "24xlarge", 96, 314.32),
    ("r", "large", 2, 13.07),
    ("r", "xlarge", 4, 26.32),
    ("r", "2xlarge", 8, 52.82),
    ("r", "4xlarge", 16, 105.81),
    ("r", "8xlarge", 32, 209.55),
    ("r", "12xlarge", 48, 317.77),
    ("r", "16xlarge", 64, 419.09),
    ("r", "24xlarge", 96, 635.61),
];

/// What one node of a size offers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// The size, such as `large`.
    pub size: &'static str,
    /// vCPUs.
    pub vcpu: u32,
    /// Memory for the engine, in GiB.
    pub memory_gib: f64,
}

/// Returns what a node of `series` and `size` offers.
pub fn of(series: &str, size: &str) -> Option<Capacity> {
    smaller_first(series).find(|capacity| capacity.size == size)
}

/// Lists the sizes of a series, the smallest first.
pub fn smaller_first(series: &str) -> impl Iterator<Item = Capacity> {
    SIZES.iter().filter(move |(of, ..)| *of == series).map(|(_, size, vcpu, memory_gib)| Capacity {
        size,
        vcpu: *vcpu,
        memory_gib: *memory_gib,
    })
}
