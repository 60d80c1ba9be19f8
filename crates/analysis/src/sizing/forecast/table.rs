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
        0.000803, 0.003943, 0.018983, 0.063261, 0.092028, 0.049312, 0.032584, 0.017042, 0.009578,
        0.004349, 0.000998, 0.0, 0.0, 0.0, 0.000803, 0.003943, 0.018983, 0.063261, 0.092028,
        0.049312, 0.032584, 0.017042, 0.009578, 0.004349, 0.000998, 0.0, 0.0, 0.0, 0.00084,
        0.004103, 0.01995, 0.066522, 0.09849, 0.05288, 0.035294, 0.018745, 0.010799, 0.004945,
        0.001124, 0.0, 0.0, 0.0, 0.028035, 0.017128, 0.002744, 0.000749, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.000505, 0.001143, 0.050243,
    ],
    long: [
        0.00053, 0.00232, 0.015863, 0.064266, 0.109022, 0.046935, 0.020606, 0.003808, 0.000996,
        0.000311, 0.000069, 0.0, 0.0, 0.0, 0.000545, 0.002429, 0.016946, 0.069114, 0.118871,
        0.049071, 0.022231, 0.004281, 0.001201, 0.000418, 0.000103, 0.0, 0.0, 0.0, 0.000761,
        0.003307, 0.023238, 0.092311, 0.173023, 0.067504, 0.030385, 0.007378, 0.002049, 0.001127,
        0.000214, 0.0, 0.0, 0.0, 0.009709, 0.010719, 0.007729, 0.009001, 0.00227, 0.000489, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.008851,
    ],
    population: [
        0.773216, 0.713946, 0.695373, 0.641401, 0.605475, 0.479798, 0.442046, 0.388542, 0.325571,
        0.276428, 0.213386, 0.151319, 0.096054, 0.056361, 0.030691, 0.017131, 0.0,
    ],
    ever: [
        1.61317, -0.517879, -4.669231, 0.367558, 2.388682, 2.250122, 1.062073, -1.02231, 0.380253,
        -0.630715, 0.015856, -0.275357, -0.553048, -0.297429, -0.072165, -0.337085, 0.083407,
    ],
};

/// Memory.
pub(super) static MEMORY: Table = Table {
    short: [
        0.000759, 0.003057, 0.020244, 0.067526, 0.111058, 0.076148, 0.026757, 0.005263, 0.000537,
        0.000064, 0.0, 0.0, 0.0, 0.0, 0.000759, 0.003057, 0.020244, 0.067526, 0.111058, 0.076148,
        0.026757, 0.005263, 0.000537, 0.000064, 0.0, 0.0, 0.0, 0.0, 0.000635, 0.002525, 0.016908,
        0.057059, 0.094389, 0.065776, 0.023462, 0.00471, 0.000496, 0.000063, 0.0, 0.0, 0.0, 0.0,
        0.01577, 0.02132, 0.011829, 0.002996, 0.002141, 0.000758, 0.001736, 0.0, 0.002331,
        0.000898, 0.0, 0.000487, 0.0, 0.0, 0.050883,
    ],
    long: [
        0.000938, 0.003396, 0.02094, 0.064921, 0.102508, 0.069814, 0.022339, 0.003901, 0.000319,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.000803, 0.002997, 0.020143, 0.066127, 0.108261, 0.07412,
        0.024299, 0.004231, 0.000328, 0.0, 0.0, 0.0, 0.0, 0.0, 0.000653, 0.002834, 0.021523,
        0.078679, 0.135676, 0.09673, 0.032879, 0.00631, 0.000566, 0.000053, 0.0, 0.0, 0.0, 0.0,
        0.01574, 0.009568, 0.001111, 0.000152, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.007137,
    ],
    population: [
        0.828497, 0.759597, 0.683751, 0.577055, 0.472035, 0.378354, 0.314986, 0.24059, 0.178885,
        0.119487, 0.077429, 0.043669, 0.02612, 0.013344, 0.003751, 0.000901, 0.0,
    ],
    ever: [
        1.98977, 0.290326, -4.081861, -1.94481, 3.813773, 2.009403, 0.478738, -0.648063, 2.21148,
        -0.637267, -0.787706, -0.266118, -0.324679, -0.611179, 0.058827, 0.401008, 0.013291,
    ],
};
