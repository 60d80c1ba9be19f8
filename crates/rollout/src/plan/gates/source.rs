//! Where a signal is read, and the gate made of it.

use trimtab_model::gate::{HealthGate, Presence, Signal, SignalSource};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::{Origin, Statistic};

use super::Watched;

/// The seconds of a point where a metric comes every five minutes, and where every minute.
pub(super) const FIVE_MINUTES: u32 = 300;
pub(super) const A_MINUTE: u32 = 60;

/// A metric as CloudWatch names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metric {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) statistic: Statistic,
    pub(super) period_seconds: u32,
}

impl Metric {
    pub(super) const fn new(
        namespace: &'static str,
        name: &'static str,
        statistic: Statistic,
        period_seconds: u32,
    ) -> Self {
        Self { namespace, name, statistic, period_seconds }
    }

    /// Makes the gate of a signal that this metric gives for a resource.
    pub(super) fn gate(
        self,
        watched: &Watched<'_>,
        resource: &ResourceId,
        signal: Signal,
        presence: Presence,
    ) -> Gate {
        let of = &watched.resource;
        Gate(HealthGate {
            signal,
            source: SignalSource {
                origin: Origin { account: of.account.clone(), region: of.region.clone() },
                resource: resource.clone(),
                namespace: self.namespace.to_owned(),
                metric: self.name.to_owned(),
                statistic: self.statistic,
                percentile: None,
                period_seconds: self.period_seconds,
                scale: 1.0,
                query: None,
            },
            stand_ins: Vec::new(),
            controls: Vec::new(),
            limit: None,
            expected: None,
            busy: None,
            presence,
            is_strict: false,
        })
    }
}

/// A gate that is being made.
#[derive(Debug, Clone)]
pub(super) struct Gate(HealthGate);

impl Gate {
    pub(super) fn limit(mut self, limit: impl Into<Option<f64>>) -> Self {
        self.0.limit = limit.into();
        self
    }

    pub(super) fn expected(mut self, expected: Option<f64>) -> Self {
        self.0.expected = expected;
        self
    }

    pub(super) fn scaled(mut self, scale: f64) -> Self {
        self.0.source.scale = scale;
        self
    }

    pub(super) fn percentile(mut self, percentile: &str) -> Self {
        self.0.source.percentile = Some(percentile.to_owned());
        self
    }

    /// Reads the same of others that are not changed.
    pub(super) fn beside(mut self, controls: &[ResourceId]) -> Self {
        let of = |resource: &ResourceId| SignalSource {
            resource: resource.clone(),
            ..self.0.source.clone()
        };
        self.0.controls = controls.iter().map(of).collect();
        self
    }

    /// Reads the same of others by a query of each.
    pub(super) fn beside_by(mut self, queries: Vec<(ResourceId, String)>) -> Self {
        let of = |(resource, query): (ResourceId, String)| SignalSource {
            resource,
            query: Some(query),
            ..self.0.source.clone()
        };
        self.0.controls = queries.into_iter().map(of).collect();
        self
    }

    /// Reads the source by a query.
    pub(super) fn query(mut self, query: String) -> Self {
        self.0.source.query = Some(query);
        self
    }

    /// Reads another source where the own one has no points.
    pub(super) fn or(mut self, other: Option<Self>) -> Self {
        self.0.stand_ins.extend(other.map(|other| other.0.source));
        self
    }

    pub(super) fn busy(mut self, busy: Option<f64>) -> Self {
        self.0.busy = busy;
        self
    }

    /// Returns the gate. A signal without a limit of which there is no general one can only be
    /// looked at: demanded, it would hold every change.
    pub(super) fn done(mut self) -> HealthGate {
        if self.0.limit.is_none() && crate::gate::needs_limit(self.0.signal) {
            self.0.presence = Presence::Optional;
        }
        self.0
    }
}
