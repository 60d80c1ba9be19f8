//! `sizing`: how sizes are chosen, for all environments and for each.

use rust_decimal::Decimal;
use serde::Deserialize;

use trimtab_model::environment::Environment;
use trimtab_model::policy::{
    CpuThreshold, Headroom, Horizon, Lookback, Permission, Preset, SizingMethod, SizingPolicy,
};

use super::file::decimal;
use super::refused::Refused;

/// Machine-hours that an hour of harm counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct Weight(pub Decimal);

impl TryFrom<toml::Value> for Weight {
    type Error = Refused;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        let most = Decimal::from(100_000);
        let within = |weight: &Decimal| *weight >= Decimal::ZERO && *weight <= most;
        decimal(&value).filter(within).map(Self).ok_or_else(|| {
            Refused::new(
                format!("`{value}` is not a number of machine-hours from 0 to 100000"),
                format!("0에서 100000 사이의 서버 시간이 아닙니다: `{value}`"),
            )
        })
    }
}

/// The sizing keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizingKeys {
    method: Option<SizingMethod>,
    horizon: Option<Horizon>,
    harm_cpu_above_80: Option<Weight>,
    harm_cpu_above_100: Option<Weight>,
    harm_memory_above_100: Option<Weight>,
    preset: Option<Preset>,
    cpu_threshold: Option<CpuThreshold>,
    cpu_headroom: Option<Headroom>,
    memory_headroom: Option<Headroom>,
    lookback: Option<Lookback>,
    previous_generation: Option<Permission>,
    other_architecture: Option<Permission>,
    burstable: Option<Permission>,
    estimated_prices: Option<Permission>,
}

impl SizingKeys {
    /// Puts the keys over `sizing`.
    ///
    /// Who names a preset, a percentile or a headroom wants sizes by a percentile, unless the
    /// same table names a method.
    pub fn apply(self, sizing: &mut SizingPolicy) {
        if let Some(preset) = self.preset {
            *sizing = SizingPolicy {
                lookback: sizing.lookback,
                horizon: sizing.horizon,
                harm: sizing.harm,
                ..SizingPolicy::preset(preset)
            };
        }
        let by_percentile = self.cpu_threshold.is_some()
            || self.cpu_headroom.is_some()
            || self.memory_headroom.is_some();
        if by_percentile {
            sizing.method = SizingMethod::Percentile;
        }
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut sizing.method, self.method);
        set(&mut sizing.horizon, self.horizon);
        set(&mut sizing.harm.cpu_above_80, self.harm_cpu_above_80.map(|weight| weight.0));
        set(&mut sizing.harm.cpu_above_100, self.harm_cpu_above_100.map(|weight| weight.0));
        set(&mut sizing.harm.memory_above_100, self.harm_memory_above_100.map(|weight| weight.0));
        set(&mut sizing.cpu_threshold, self.cpu_threshold);
        set(&mut sizing.cpu_headroom, self.cpu_headroom);
        set(&mut sizing.memory_headroom, self.memory_headroom);
        set(&mut sizing.lookback, self.lookback);
        set(&mut sizing.previous_generation, self.previous_generation);
        set(&mut sizing.other_architecture, self.other_architecture);
        set(&mut sizing.burstable, self.burstable);
        set(&mut sizing.estimated_prices, self.estimated_prices);
    }
}

/// `sizing` and its tables per environment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizingTable {
    method: Option<SizingMethod>,
    horizon: Option<Horizon>,
    harm_cpu_above_80: Option<Weight>,
    harm_cpu_above_100: Option<Weight>,
    harm_memory_above_100: Option<Weight>,
    preset: Option<Preset>,
    cpu_threshold: Option<CpuThreshold>,
    cpu_headroom: Option<Headroom>,
    memory_headroom: Option<Headroom>,
    lookback: Option<Lookback>,
    previous_generation: Option<Permission>,
    other_architecture: Option<Permission>,
    burstable: Option<Permission>,
    estimated_prices: Option<Permission>,
    dev: Option<SizingKeys>,
    staging: Option<SizingKeys>,
    prod: Option<SizingKeys>,
    unknown: Option<SizingKeys>,
}

impl SizingTable {
    /// Returns the keys for all environments.
    pub fn general(&self) -> SizingKeys {
        SizingKeys {
            method: self.method,
            horizon: self.horizon,
            harm_cpu_above_80: self.harm_cpu_above_80,
            harm_cpu_above_100: self.harm_cpu_above_100,
            harm_memory_above_100: self.harm_memory_above_100,
            preset: self.preset,
            cpu_threshold: self.cpu_threshold,
            cpu_headroom: self.cpu_headroom,
            memory_headroom: self.memory_headroom,
            lookback: self.lookback,
            previous_generation: self.previous_generation,
            other_architecture: self.other_architecture,
            burstable: self.burstable,
            estimated_prices: self.estimated_prices,
        }
    }

    /// Returns the keys of one environment.
    pub fn of(&self, environment: Environment) -> SizingKeys {
        match environment {
            Environment::Dev => self.dev,
            Environment::Staging => self.staging,
            Environment::Prod => self.prod,
            Environment::Unknown => self.unknown,
        }
        .unwrap_or_default()
    }
}
