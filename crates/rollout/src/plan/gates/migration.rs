//! The gates of a server that is stopped because a function does its work: the function's figures,
//! with the limits that its project rings alarms for.

use trimtab_model::gate::{ALARM_NAME, HealthGate, Presence, Signal};
use trimtab_model::metric::Statistic;
use trimtab_model::migration::{LAMBDA, Migration, MigrationCheck};

use super::source::{FIVE_MINUTES, Metric};
use super::{Watched, own};

/// Returns the gates. That it ran must be seen, or nothing proves that it does the work; what only
/// AWS can name, or another service measures, is watched by the project's own alarm.
pub(super) fn gates(watched: &Watched<'_>, migration: &Migration) -> Vec<HealthGate> {
    let function = migration.name.as_str();
    let runs = Metric::new(LAMBDA, "Invocations", Statistic::Sum, FIVE_MINUTES);
    let runs = runs.gate(watched, &function.into(), Signal::Invocations, Presence::Required);
    let mut gates = vec![runs.done()];
    let checks = migration.checks.iter();
    gates.extend(checks.map(|check| {
        of_figure(watched, migration, check)
            .unwrap_or_else(|| alarm(watched, &check.alarm(migration)))
    }));
    gates.push(own::alarm(watched, function, "FunctionName", false));
    gates.extend(own::named(watched));
    gates
}

/// Returns the gate of an alarm of the project: it is made of single five-minute figures, so that one
/// that rings for a moment told of work that was not done.
fn alarm(watched: &Watched<'_>, name: &str) -> HealthGate {
    HealthGate { is_strict: true, ..own::alarm(watched, name, ALARM_NAME, true) }
}

/// Returns the gate of a figure of the function itself; absent for any other.
fn of_figure(
    watched: &Watched<'_>,
    migration: &Migration,
    check: &MigrationCheck,
) -> Option<HealthGate> {
    let (signal, name) = check.figure(migration)?;
    let plain = Statistic::ALL.iter().find(|one| one.as_str() == check.statistic);
    let metric = Metric::new(LAMBDA, name, *plain.unwrap_or(&Statistic::Average), FIVE_MINUTES);
    let function = migration.name.as_str().into();
    let gate = metric.gate(watched, &function, signal, Presence::Required);
    let gate = gate.limit(f64::from(check.fails_above));
    Some(match plain {
        Some(_) => gate.done(),
        None => gate.percentile(&check.statistic).done(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use trimtab_model::action::Action;
    use trimtab_model::gate::ALARMS;
    use trimtab_model::plan::RolloutRules;
    use trimtab_model::resource::ResourceKind;

    use super::super::super::inventory::Inventory;
    use super::super::super::sample;
    use super::super::super::services::Services;
    use super::super::super::watch::{OwnQuery, Watch};
    use super::*;

    fn check(id: &str, metric: &str, statistic: &str, fails_above: u32) -> MigrationCheck {
        MigrationCheck {
            id: id.to_owned(),
            namespace: LAMBDA.to_owned(),
            metric: metric.to_owned(),
            statistic: statistic.to_owned(),
            dimension: "FunctionName".to_owned(),
            of: Some("notice".to_owned()),
            fails_above,
        }
    }

    fn found(checks: Vec<MigrationCheck>, watch: &Watch) -> Vec<HealthGate> {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        let resource = sample::reference(ResourceKind::Instance, "i-1");
        let (rules, changed) = (RolloutRules::default(), BTreeSet::from([resource.clone()]));
        let inventory = Inventory::of(&snapshot);
        let services = Services::of(&snapshot, &[], &changed);
        let migration = Migration { checks, ..sample::migration("i-1") };
        super::super::of(&Watched {
            action: &Action::StopInstance { instance_type: "m5.xlarge".into() },
            resource: &resource,
            projected: &[],
            rules: &rules,
            inventory: &inventory,
            prices: None,
            watch,
            services: &services,
            migration: Some(&migration),
        })
    }

    #[test]
    fn the_figures_of_the_function_are_watched_with_their_limits() {
        let checks = vec![
            check("errors", "Errors", "Sum", 0),
            check("throttles", "Throttles", "Sum", 0),
            check("duration", "Duration", "p95", 24_000),
            check("event_age", "AsyncEventAge", "Maximum", 300_000),
        ];
        let gates = found(checks, &Watch::default());
        let of = |signal| gates.iter().find(|gate| gate.signal == signal).expect("a gate");
        let runs = of(Signal::Invocations);
        assert_eq!((runs.presence, runs.limit), (Presence::Required, None));
        for (signal, limit) in [
            (Signal::FunctionErrors, 0.0),
            (Signal::Throttles, 0.0),
            (Signal::FunctionDuration, 24_000.0),
            (Signal::EventAge, 300_000.0),
        ] {
            let gate = of(signal);
            assert_eq!((gate.presence, gate.limit), (Presence::Required, Some(limit)));
            assert_eq!(gate.source.resource.as_str(), "notice");
            assert_eq!(gate.source.origin.account.as_str(), sample::ACCOUNT);
            assert_eq!(gate.source.origin.region.as_str(), sample::REGION);
        }
        assert_eq!(of(Signal::FunctionErrors).source.statistic, Statistic::Sum);
        assert_eq!(of(Signal::FunctionDuration).source.percentile.as_deref(), Some("p95"));
        assert_eq!(of(Signal::EventAge).source.percentile, None);
        // The server measures nothing once it is stopped.
        assert!(gates.iter().all(|gate| gate.source.resource.as_str() != "i-1"), "{gates:?}");
    }

    #[test]
    fn what_is_not_of_the_function_is_watched_by_the_alarm_of_its_project() {
        let letters = MigrationCheck {
            namespace: "AWS/SQS".to_owned(),
            dimension: "QueueName".to_owned(),
            of: Some("notice-dead-letters".to_owned()),
            ..check("dead_letters", "ApproximateNumberOfMessagesVisible", "Maximum", 0)
        };
        let api = MigrationCheck {
            namespace: "AWS/ApiGateway".to_owned(),
            dimension: "ApiId".to_owned(),
            of: None,
            ..check("server_errors", "5xx", "Sum", 0)
        };
        let gates = found(vec![letters, api], &Watch::default());
        let alarms: Vec<(&str, &str, Presence, bool)> = gates
            .iter()
            .filter(|gate| gate.source.namespace == ALARMS)
            .map(|gate| {
                let source = &gate.source;
                (source.metric.as_str(), source.resource.as_str(), gate.presence, gate.is_strict)
            })
            .collect();
        assert_eq!(
            alarms,
            [
                (ALARM_NAME, "notice-dead-letters", Presence::Required, true),
                (ALARM_NAME, "notice-server-errors", Presence::Required, true),
                ("FunctionName", "notice", Presence::Optional, false),
            ]
        );
    }

    #[test]
    fn alarms_of_the_owner_stay_and_queries_about_the_server_do_not() {
        let query = OwnQuery {
            service: None,
            signal: Signal::CpuUtilization,
            query: "cpu{id=\"$id\"}".to_owned(),
            scale: 1.0,
            step_seconds: 60,
            limit: None,
        };
        let watch = Watch {
            queries: vec![query],
            alarms: vec!["everything".to_owned()],
            ..Watch::default()
        };
        let gates = found(Vec::new(), &watch);
        assert!(!gates.iter().any(|gate| gate.signal == Signal::CpuUtilization));
        let named = |gate: &HealthGate| gate.source.resource.as_str() == "everything";
        assert!(gates.iter().any(named));
    }
}
