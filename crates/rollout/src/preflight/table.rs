//! The tables by which changes are judged: which rows each has, what they are about, and which of
//! them an owner may vouch for.

use trimtab_model::action::{Action, ScheduleTarget};
use trimtab_model::observed::Attestation;
use trimtab_model::text::Text;

use super::{
    address, database_switch, db_instance_class, db_storage, function, group, instance_refresh,
    instance_type, log_group, successor, volume,
};

/// The rows for which a word of the owner counts, and what the word says.
const ATTESTABLE: &[(&str, Attestation)] = &[
    ("ec2-08", Attestation::GuestIsReady),
    ("ec2-09", Attestation::InstanceStoreIsScratch),
    ("ec2-17", Attestation::ProcessorOptionsMayChange),
    ("ec2-24", Attestation::KeysMayBeGranted),
    ("ec2-25", Attestation::PublicAddressMayChange),
    ("ec2-34", Attestation::LicenceAllowsIt),
    ("lambda-2", Attestation::ReadElsewhere),
    ("lambda-3", Attestation::CodeRunsThere),
    ("eip-2", Attestation::ReadElsewhere),
    ("eip-3", Attestation::ReadElsewhere),
    ("asg-2", Attestation::ReadElsewhere),
    ("migration-1", Attestation::ReadElsewhere),
    ("migration-2", Attestation::ReadElsewhere),
    ("migration-3", Attestation::WorkHasMoved),
    ("migration-4", Attestation::ReadElsewhere),
    ("migration-5", Attestation::ReadElsewhere),
];

/// Returns what a word of the owner about a row says; absent where none counts.
pub fn attestation(row: &str) -> Option<Attestation> {
    ATTESTABLE.iter().find(|(name, _)| *name == row).map(|(_, says)| *says)
}

/// Returns the rows of an action by name, each with its title, in order; none for an action that
/// trimtab does not do itself.
pub fn titles(action: &Action) -> Vec<(String, Text)> {
    let all = |prefix: &'static str, titles: &[(&'static str, &'static str)]| {
        let width = if titles.len() > 9 { 2 } else { 1 };
        let named = titles.iter().enumerate();
        named
            .map(|(at, (en, ko))| (format!("{prefix}-{:0width$}", at + 1), Text::new(*en, *ko)))
            .collect::<Vec<_>>()
    };
    let instance = || all("ec2", &instance_type::titles());
    let database = || all("rds", &db_instance_class::titles());
    match action {
        Action::ModifyInstanceType { .. } => instance(),
        Action::StopInstance { .. } => {
            let machine = only(instance(), instance_type::OF_A_REPLACEMENT);
            [machine, all("migration", &successor::ROWS)].concat()
        }
        Action::ModifyDbInstanceClass { .. } => database(),
        Action::ModifyDbStorage { .. } => all("storage", &db_storage::ROWS),
        Action::ModifyVolume { .. } => all("ebs", &volume::ROWS),
        Action::DeleteVolume { .. } => all("delete", &volume::DELETION_ROWS),
        Action::ReleaseAddress { .. } => all("eip", &address::ROWS),
        Action::UpdateFunctionMemory { .. } | Action::UpdateFunctionArchitecture { .. } => {
            all("lambda", &function::ROWS)
        }
        Action::PutRetentionPolicy { .. } => all("logs", &log_group::ROWS),
        Action::ResizeAutoScalingGroup { .. } => all("asg", &group::ROWS),
        Action::RefreshInstances(_) => all("refresh", &instance_refresh::ROWS),
        Action::SwitchDatabase(_) => all("switch", &database_switch::ROWS),
        Action::ApplySchedule { target: ScheduleTarget::Instance, .. } => {
            only(instance(), instance_type::OF_A_STOP)
        }
        Action::ApplySchedule { target: ScheduleTarget::DbInstance, .. } => {
            only(database(), db_instance_class::OF_A_STOP)
        }
        _ => Vec::new(),
    }
}

/// Returns the rows of these numbers, from 1.
pub(super) fn only<T>(rows: Vec<T>, numbers: &[usize]) -> Vec<T> {
    let numbered = rows.into_iter().enumerate();
    numbered.filter(|(at, _)| numbers.contains(&(at + 1))).map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_names_that_sort_as_they_stand() {
        let resize = Action::ModifyInstanceType { from: "m5.large".into(), to: "m6i.large".into() };
        let names: Vec<String> = titles(&resize).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 36);
        assert!(names.is_sorted());
        let is_a_row = |row: &str| names.iter().any(|name| name == row);
        let of_ec2 = ATTESTABLE.iter().filter(|(name, _)| name.starts_with("ec2-"));
        assert!(of_ec2.clone().count() == 6 && of_ec2.clone().all(|(name, _)| is_a_row(name)));
        let smaller = Action::UpdateFunctionMemory { from_mb: 512, to_mb: 256 };
        assert!(titles(&smaller).iter().any(|(name, _)| name == "lambda-3"));
    }
}
