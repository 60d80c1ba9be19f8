//! The parameters of the forecast, fitted once.
//!
//! Written by `bench/sizing_table.py` from what `bench/sizing_train.py` fitted. The data, the
//! validation and the figures are in `docs/decisions/0011-demand.md`.

/// What the past is multiplied with.
pub(super) const FACTORS: [f64; 14] =
    [0.35, 0.5, 0.7, 0.85, 1.0, 1.15, 1.35, 1.6, 2.0, 2.5, 3.2, 4.2, 6.0, 10.0];

/// Where the slope of a chance may change: logarithms of a size over the highest use.
pub(super) const KNOTS: [f64; 7] = [-0.3, 0.0, 0.2, 0.5, 1.0, 1.7, 2.6];

/// Levels of the population's curve: each is the one before times the root of two, up to 1.
const LEVELS: usize = 17;

/// The parameters of one resource of a machine.
#[derive(Debug)]
pub(super) struct Table {
    /// Weights of the pool for a history of two days or less: each past with each factor, and
    /// the curve of the population last.
    pub(super) short: [f64; 57],
    /// The same for a history of 14 days or more.
    pub(super) long: [f64; 57],
    /// The share of time that machines of the population spend above each level.
    population: [f64; LEVELS],
    /// Coefficients of the chance to be above a size once or more, the constant first.
    pub(super) ever: [f64; 17],
}

impl Table {
    /// Returns the curve of the population at a share of the size: linear in its logarithm
    /// between the levels, and flat beyond.
    pub(super) fn population_above(&self, share: f64) -> f64 {
        let last = (LEVELS - 1) as f64;
        let level = (share.max(f64::MIN_POSITIVE).log2() * 2.0 + last).clamp(0.0, last);
        let at = |level: f64| self.population.get(level as usize).copied().unwrap_or_default();
        let (low, high) = (at(level.floor()), at(level.ceil()));
        low + (high - low) * (level - level.floor())
    }
}

/// The processor.
pub(super) static CPU: Table = Table {
    short: [
        0.0, 0.001982, 0.012741, 0.065561, 0.112658, 0.040881, 0.025991, 0.015791, 0.009805,
        0.006413, 0.0, 0.0, 0.0, 0.0, 0.0, 0.001982, 0.012741, 0.065561, 0.112658, 0.040881,
        0.025991, 0.015791, 0.009805, 0.006413, 0.0, 0.0, 0.0, 0.0, 0.0, 0.002147, 0.013966,
        0.072022, 0.126206, 0.045541, 0.029216, 0.017799, 0.011291, 0.007377, 0.0, 0.0, 0.0, 0.0,
        0.037542, 0.016496, 0.005003, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.03175,
    ],
    long: [
        0.0, 0.001003, 0.008647, 0.055179, 0.128841, 0.036048, 0.012214, 0.002699, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.001114, 0.009622, 0.061365, 0.142337, 0.036871, 0.01275, 0.002759,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.00183, 0.015667, 0.093066, 0.251614, 0.059718,
        0.021067, 0.004698, 0.002092, 0.0, 0.0, 0.0, 0.0, 0.0, 0.013936, 0.009076, 0.00546,
        0.007092, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.003235,
    ],
    population: [
        0.773216, 0.713946, 0.695373, 0.641401, 0.605475, 0.479798, 0.442046, 0.388542, 0.325571,
        0.276428, 0.213386, 0.151319, 0.096054, 0.056361, 0.030691, 0.017131, 0.0,
    ],
    ever: [
        1.805492, -0.14725, -3.893562, 0.408372, 2.234255, 1.669235, 0.146259, 0.165675, -0.15156,
        -0.73466, -0.282138, -0.201918, -0.199584, -0.374056, 0.006297, -0.383367, 0.282887,
    ],
};

/// Memory.
pub(super) static MEMORY: Table = Table {
    short: [
        0.001355, 0.002633, 0.018373, 0.067343, 0.120759, 0.078271, 0.023363, 0.004726, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.001355, 0.002633, 0.018373, 0.067343, 0.120759, 0.078271, 0.023363,
        0.004726, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.001099, 0.002141, 0.015371, 0.057096, 0.103805,
        0.067882, 0.020593, 0.004226, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.023044, 0.014, 0.009065,
        0.006304, 0.009153, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.032574,
    ],
    long: [
        0.0, 0.005091, 0.016389, 0.057142, 0.100051, 0.07, 0.020716, 0.003815, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.00392, 0.0158, 0.057595, 0.112543, 0.078894, 0.02345, 0.004096, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.003229, 0.018617, 0.0804, 0.155397, 0.108388, 0.032885,
        0.006054, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.019399, 0.006128, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    ],
    population: [
        0.828497, 0.759597, 0.683751, 0.577055, 0.472035, 0.378354, 0.314986, 0.24059, 0.178885,
        0.119487, 0.077429, 0.043669, 0.02612, 0.013344, 0.003751, 0.000901, 0.0,
    ],
    ever: [
        2.342413, 0.041495, -4.816398, -1.275215, 4.345412, 1.948871, 0.009922, 0.687178,
        -0.354309, -0.744429, -0.860043, -0.112675, -0.014859, -0.589227, 0.001445, 0.240386,
        -0.143806,
    ],
};
