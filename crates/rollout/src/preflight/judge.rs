//! Every row of a change's table, judged by what was read.

use std::collections::BTreeSet;

use trimtab_model::action::{Action, ScheduleTarget};
use trimtab_model::environment::Environment;
use trimtab_model::observed::{
    Attestation, Attested, Facts, Inspected, JudgedRow, Obstacle, RowVerdict,
};
use trimtab_model::plan::{Change, RolloutRules};
use trimtab_model::text::Reason;

use super::finding::{Findings, is_unread, unread};
use super::table::{attestation, only, titles};
use super::{
    address, database_switch, db_instance_class, db_storage, function, group, instance_refresh,
    instance_type, log_group, successor, volume,
};

/// Judges every row of a change's table. Facts of another kind than the change's are none: then
/// one row says so.
pub fn judge(change: &Change, rules: &RolloutRules, inspected: &Inspected) -> Vec<JudgedRow> {
    let Some((prefix, findings)) = findings(change, rules, inspected) else {
        let source = change.resource.kind.as_str();
        return vec![judged("facts".to_owned(), unread("Facts", source), inspected)];
    };
    let names = titles(&change.action).into_iter().map(|(name, _)| name);
    let names = names.filter(|name| name.starts_with(prefix));
    names.zip(findings).map(|(name, findings)| judged(name, findings, inspected)).collect()
}

/// Returns why nothing is done, from the worst row: what blocks in any environment, what only an
/// owner's word would open in production, and what must wait as long as nothing was begun.
pub fn refusal(rows: &[JudgedRow], environment: Environment, is_untouched: bool) -> Option<Reason> {
    let is_careful = matches!(environment, Environment::Prod | Environment::Unknown);
    let forbids = |verdict: RowVerdict| match verdict {
        RowVerdict::Block | RowVerdict::Unread | RowVerdict::Prep => true,
        RowVerdict::Attest => is_careful,
        RowVerdict::Wait => is_untouched,
        RowVerdict::Warn | RowVerdict::Attested | RowVerdict::Pass => false,
    };
    let worst = rows.iter().filter(|row| forbids(row.verdict)).min_by_key(|row| row.verdict)?;
    worst.reasons.first().cloned()
}

/// Returns how the names of the rows begin, and what each row finds, in order.
fn findings(
    change: &Change,
    rules: &RolloutRules,
    inspected: &Inspected,
) -> Option<(&'static str, Vec<Findings>)> {
    let (limits, environment) = (&rules.limits, change.environment);
    let words: BTreeSet<Attestation> =
        inspected.attested.keys().filter_map(|row| attestation(row)).collect();
    Some(match (&change.action, &inspected.facts) {
        (Action::ModifyInstanceType { to, .. }, Facts::Instance(facts)) => {
            let mut facts = facts.clone();
            facts.attested.extend(words);
            ("ec2-", instance_type::rows(&facts, to, limits, environment))
        }
        (Action::ApplySchedule { .. }, Facts::Instance(facts)) => {
            let mut facts = facts.clone();
            facts.attested.extend(words);
            // The rows of a stop do not ask for a type.
            let none = "".into();
            let all = instance_type::rows(&facts, &none, limits, environment);
            ("ec2-", only(all, instance_type::OF_A_STOP))
        }
        (Action::StopInstance { .. }, Facts::Instance(facts)) => {
            let mut facts = facts.clone();
            facts.attested.extend(words);
            let none = "".into();
            let all = instance_type::rows(&facts, &none, limits, environment);
            let mut rows = only(all, instance_type::OF_A_REPLACEMENT);
            rows.extend(successor::rows(&facts, change.migration.as_deref()));
            // Both tables of it, one behind the other.
            ("", rows)
        }
        (Action::ModifyDbInstanceClass { .. }, Facts::DbInstance(facts)) => {
            ("rds-", db_instance_class::rows(facts, environment))
        }
        (Action::ApplySchedule { .. }, Facts::DbInstance(facts)) => {
            let all = db_instance_class::rows(facts, environment);
            ("rds-", only(all, db_instance_class::OF_A_STOP))
        }
        (Action::ModifyDbStorage { from, to, .. }, Facts::DbStorage(facts)) => {
            ("storage-", db_storage::rows(facts, from, to, environment).into())
        }
        (Action::ModifyVolume { to, .. }, Facts::Volume(facts)) => {
            ("ebs-", volume::rows(facts, to).into())
        }
        (Action::DeleteVolume { .. }, Facts::Volume(facts)) => {
            ("delete-", volume::deletion_rows(facts, rules.quarantine).into())
        }
        (Action::ReleaseAddress { .. }, Facts::Address(facts)) => {
            ("eip-", address::rows(facts).into())
        }
        (
            Action::UpdateFunctionMemory { .. } | Action::UpdateFunctionArchitecture { .. },
            Facts::Function(facts),
        ) => {
            let mut facts = facts.clone();
            facts.attested.extend(words);
            ("lambda-", function::rows(&facts, &change.action, limits, environment).into())
        }
        (Action::PutRetentionPolicy { .. }, Facts::LogGroup(facts)) => {
            ("logs-", log_group::rows(facts).into())
        }
        (Action::ResizeAutoScalingGroup { to, .. }, Facts::Group(facts)) => {
            ("asg-", group::rows(facts, to).into())
        }
        (Action::RefreshInstances(plan), Facts::Refresh(facts)) => {
            ("refresh-", instance_refresh::rows(facts, plan).into())
        }
        (Action::SwitchDatabase(plan), Facts::Switch(facts)) => {
            ("switch-", database_switch::rows(facts, plan).into())
        }
        // Every look at one tells all that can stand in its way.
        (
            Action::ApplySchedule {
                target: ScheduleTarget::DbCluster { .. } | ScheduleTarget::AutoScalingGroup { .. },
                ..
            },
            _,
        ) => ("", Vec::new()),
        _ => return None,
    })
}

/// Judges a row by the worst that it finds, which comes first.
fn judged(row: String, mut findings: Findings, inspected: &Inspected) -> JudgedRow {
    findings.sort_by_key(verdict);
    let says = attestation(&row);
    let given = says.and_then(|_| inspected.attested.get(&row));
    let worst = findings.first().map_or(RowVerdict::Pass, verdict);
    let mut reasons: Vec<Reason> = findings.into_iter().map(|(_, reason)| reason).collect();
    let verdict = match given {
        // A word opens what only a word can open, and nothing that is known to be in the way.
        Some(given)
            if worst >= RowVerdict::Attest
                || (worst == RowVerdict::Unread && says == Some(Attestation::ReadElsewhere)) =>
        {
            reasons.insert(0, said(given));
            RowVerdict::Attested
        }
        _ => worst,
    };
    JudgedRow { row, verdict, reasons }
}

fn verdict((obstacle, reason): &(Obstacle, Reason)) -> RowVerdict {
    match obstacle {
        Obstacle::Block if is_unread(reason) => RowVerdict::Unread,
        Obstacle::Block => RowVerdict::Block,
        Obstacle::Prep => RowVerdict::Prep,
        Obstacle::Attest => RowVerdict::Attest,
        Obstacle::Wait => RowVerdict::Wait,
        Obstacle::Warn => RowVerdict::Warn,
    }
}

fn said(given: &Attested) -> Reason {
    let day = given.at.strftime("%Y-%m-%d");
    Reason::new(
        "attested",
        format!("{} vouched for it on {day}: {}", given.by, given.note),
        format!("{} 확인({day}): {}", given.by, given.note),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::InstancePreflight;

    use super::*;
    use crate::simulate::plain;

    fn change(environment: Environment) -> Change {
        let action = Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m5.large".into() };
        Change { action, environment, ..crate::plan::sample::change() }
    }

    fn inspected(alter: impl FnOnce(&mut InstancePreflight)) -> Inspected {
        let mut facts = plain::instance();
        alter(&mut facts);
        Inspected { facts: Facts::Instance(Box::new(facts)), ..Inspected::default() }
    }

    fn check(environment: Environment, inspected: &Inspected, expected: Option<&str>) {
        let rows = judge(&change(environment), &RolloutRules::default(), inspected);
        let found = refusal(&rows, environment, true).map(|reason| reason.code);
        assert_eq!(found.as_deref(), expected, "{rows:?}");
    }

    #[test]
    fn every_row_is_judged_and_a_plain_machine_passes() {
        let rows = judge(&change(Environment::Prod), &RolloutRules::default(), &inspected(|_| {}));
        assert_eq!(rows.len(), 36);
        assert!(rows.iter().all(|row| row.verdict == RowVerdict::Pass), "{rows:?}");
    }

    #[test]
    fn what_was_not_read_blocks_and_says_by_which_permission_it_would_be() {
        let blind = inspected(|one| one.vcpu_quota = None);
        check(Environment::Dev, &blind, Some("unknown-v-cpu-quota"));
        let rows = judge(&change(Environment::Dev), &RolloutRules::default(), &blind);
        let row = rows.iter().find(|row| row.row == "ec2-23").expect("the row");
        assert_eq!(row.verdict, RowVerdict::Unread);
        let text = &row.reasons.first().expect("a reason").text;
        assert!(text.en.contains("servicequotas:GetServiceQuota"), "{}", text.en);
    }

    #[test]
    fn a_stop_is_judged_by_the_machine_and_by_the_function_that_does_its_work() {
        let replaced = |facts: &Inspected| {
            let mut change = change(Environment::Prod);
            change.action = Action::StopInstance { instance_type: "m5.xlarge".into() };
            change.migration = Some(Box::new(crate::plan::sample::migration("i-1")));
            judge(&change, &RolloutRules::default(), facts)
        };
        let rows = replaced(&inspected(|_| {}));
        assert_eq!(rows.len(), 18);
        assert!(rows.iter().all(|row| row.verdict == RowVerdict::Pass), "{rows:?}");
        let names: Vec<&str> = rows.iter().map(|row| row.row.as_str()).collect();
        assert_eq!(names.first(), Some(&"ec2-01"));
        let last = ["migration-1", "migration-2", "migration-3", "migration-4", "migration-5"];
        assert_eq!(names.get(13..), Some(&last[..]));
        let mut silent = inspected(|one| one.successor.runs = None);
        let code = |facts: &Inspected| {
            refusal(&replaced(facts), Environment::Prod, true).map(|reason| reason.code)
        };
        assert_eq!(code(&silent).as_deref(), Some("unknown-invocations"));
        // What AWS does not tell may be looked up elsewhere; what it tells is not talked away.
        let word = || Attested {
            by: "kim".to_owned(),
            note: "seen in the console".to_owned(),
            at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
        };
        silent.attested.insert("migration-2".to_owned(), word());
        assert_eq!(code(&silent), None);
        let mut never = inspected(|one| one.successor.runs = Some(0.0));
        never.attested.insert("migration-2".to_owned(), word());
        assert_eq!(code(&never).as_deref(), Some("no-invocations"));
    }

    #[test]
    fn facts_of_another_kind_are_none() {
        check(Environment::Dev, &Inspected::default(), Some("unknown-facts"));
    }

    #[test]
    fn a_word_of_the_owner_opens_what_only_a_word_can_open() {
        let mut xen = inspected(|one| one.from.nvme = Some("unsupported".to_owned()));
        check(Environment::Dev, &xen, None);
        check(Environment::Prod, &xen, Some("nvme-drivers"));
        let word = |note: &str| Attested {
            by: "kim".to_owned(),
            note: note.to_owned(),
            at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
        };
        xen.attested.insert("ec2-08".to_owned(), word("nvme is in the initramfs"));
        check(Environment::Prod, &xen, None);
        let rows = judge(&change(Environment::Prod), &RolloutRules::default(), &xen);
        let row = rows.iter().find(|row| row.row == "ec2-08").expect("the row");
        assert_eq!(row.verdict, RowVerdict::Attested);
        assert!(row.reasons.iter().any(|why| why.text.en.contains("initramfs")), "{row:?}");
        // Nobody can vouch for another row.
        let mut protected = inspected(|one| one.is_stop_protected = Some(true));
        protected.attested.insert("ec2-18".to_owned(), word("it is fine"));
        check(Environment::Prod, &protected, Some("stop-protection"));
    }

    #[test]
    fn what_no_api_tells_may_be_looked_up_by_a_person() {
        let action = Action::ReleaseAddress { public_ip: None };
        let change = Change { action, ..crate::plan::sample::change() };
        let mut facts = plain::address();
        facts.dns_records = None;
        let mut inspected = Inspected { facts: Facts::Address(facts), ..Inspected::default() };
        let code = |inspected: &Inspected| {
            let rows = judge(&change, &RolloutRules::default(), inspected);
            refusal(&rows, Environment::Dev, true).map(|reason| reason.code)
        };
        assert_eq!(code(&inspected).as_deref(), Some("unknown-dns-records"));
        let word = Attested {
            by: "kim".to_owned(),
            note: "no record in any of our zones".to_owned(),
            at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
        };
        inspected.attested.insert("eip-2".to_owned(), word);
        assert_eq!(code(&inspected), None);
    }

    #[test]
    fn d10_a_key_that_is_disabled_is_not_opened_by_a_word() {
        let mut dead = inspected(|one| {
            let key = trimtab_model::observed::KeyFacts {
                id: "key-1".to_owned(),
                state: "Disabled".to_owned(),
                may_grant: None,
            };
            one.keys = Some(vec![key]);
        });
        let word = Attested {
            by: "kim".to_owned(),
            note: "the role has the grant".to_owned(),
            at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
        };
        dead.attested.insert("ec2-24".to_owned(), word);
        check(Environment::Dev, &dead, Some("key-not-enabled"));
    }
}
