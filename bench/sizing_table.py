"""Writes crates/analysis/src/sizing/forecast/table.rs from the parameters that sizing_train.py fitted.

    python3 bench/sizing_table.py params.json > crates/analysis/src/sizing/forecast/table.rs
"""

import json
import sys


def rows(values, indent):
    lines, line = [], ""
    for value in values:
        text = f"{value:.6f}".rstrip("0")
        text = f"{text}0, " if text.endswith(".") else f"{text}, "
        if len(indent) + len(line) + len(text) > 98:
            lines.append(indent + line.rstrip())
            line = ""
        line += text
    if line:
        lines.append(indent + line.rstrip())
    return "\n".join(lines)


def table(name, doc, fitted):
    parts = [
        ("short", fitted["short"]),
        ("long", fitted["long"]),
        ("calm", fitted["calm"]),
        ("population", fitted["G"]),
        ("ever", fitted["chance"]),
    ]
    body = "\n".join(f"    {key}: [\n{rows(values, ' ' * 8)}\n    ]," for key, values in parts)
    for key, field in (("share_map", "map"), ("ever_map", "chance_map")):
        pairs = zip(fitted[field]["log_odds"], fitted[field]["shifts"]) if field in fitted else ()
        body += f"\n    {key}: &[{', '.join(f'({at:.6f}, {shift:.6f})' for at, shift in pairs)}],"
    return f"/// {doc}\npub(super) static {name}: Table = Table {{\n{body}\n}};\n"


def main():
    fitted = json.load(open(sys.argv[1]))
    levels, weights = len(fitted["FG"]), len(fitted["cpu"]["long"])
    print(
        f"""//! The parameters of the forecast, fitted once.
//!
//! Written by `bench/sizing_table.py` from what `bench/sizing_train.py` fitted. The data, the
//! validation and the figures are in `docs/decisions/0011-demand.md`.

/// What the past is multiplied with.
pub(super) const FACTORS: [f64; {len(fitted["R"])}] = [
{rows(fitted["R"], "    ")}
];

/// Where the slope of a chance may change: logarithms of a size over the highest use.
pub(super) const KNOTS: [f64; {len(fitted["knots"])}] = [
{rows(fitted["knots"], "    ")}
];

/// Coefficients of the chance that a flow is above a capacity once or more, the constant first:
/// as those of [`Table::ever`], without the size, fitted to processor and memory together.
pub(super) const FLOW_EVER: [f64; {len(fitted["flow_chance"])}] = [
{rows(fitted["flow_chance"], "    ")}
];

/// Levels of the population's curve: each is the one before times the root of two, up to 1.
const LEVELS: usize = {levels};

/// The parameters of one resource of a machine.
#[derive(Debug)]
pub(super) struct Table {{
    /// Weights of the pool for a history of two days or less: each past with each factor, and
    /// the curve of the population last.
    pub(super) short: [f64; {weights}],
    /// The same for a history of 14 days or more whose days differ.
    pub(super) long: [f64; {weights}],
    /// The same for one whose days are alike.
    pub(super) calm: [f64; {weights}],
    /// The share of time that machines of the population spend above each level.
    population: [f64; LEVELS],
    /// Coefficients of the chance to be above a size once or more, the constant first.
    pub(super) ever: [f64; {len(fitted["cpu"]["chance"])}],
    /// Corrections of shares: at which logarithm of the odds, and by how much.
    pub(super) share_map: &'static [(f64, f64)],
    /// Corrections of chances.
    pub(super) ever_map: &'static [(f64, f64)],
}}

impl Table {{
    /// Returns the curve of the population at a share of the size: linear in its logarithm
    /// between the levels, and flat beyond.
    pub(super) fn population_above(&self, share: f64) -> f64 {{
        let last = (LEVELS - 1) as f64;
        let level = (share.max(f64::MIN_POSITIVE).log2() * 2.0 + last).clamp(0.0, last);
        let at = |level: f64| {{
            self.population.get(level as usize).copied().unwrap_or_default()
        }};
        let (low, high) = (at(level.floor()), at(level.ceil()));
        low + (high - low) * (level - level.floor())
    }}
}}

{table("CPU", "The processor.", fitted["cpu"])}
{table("MEMORY", "Memory.", fitted["memory"])}""",
        end="",
    )


main()
