//! Maintenance that is pending, which a change that interrupts anyway can take along.

use jiff::tz::TimeZone;

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::pending_maintenance_action::PendingMaintenanceAction;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use crate::check::Facts;

/// Returns a note for each action that is pending on a DB instance or its cluster.
pub fn notes(facts: &Facts<'_>, db: &Resource<DbInstance>) -> Vec<Text> {
    let cluster = facts.snapshot.db_clusters.iter().find(|cluster| {
        cluster.account == db.account
            && cluster.region == db.region
            && Some(&cluster.id) == db.kind.db_cluster_identifier.as_ref()
    });
    let cluster_arn = cluster.and_then(|cluster| cluster.kind.db_cluster_arn.as_ref());
    let arns = [db.kind.db_instance_arn.as_ref(), cluster_arn];
    facts
        .snapshot
        .pending_maintenance_actions
        .iter()
        .filter(|action| arns.contains(&Some(&action.kind.resource_identifier)))
        .map(|action| note(&action.kind))
        .collect()
}

/// Says that pending maintenance was not listed, where it was not.
pub fn unseen(facts: &Facts<'_>, db: &Resource<DbInstance>) -> Option<UnseenSignal> {
    let kind = ResourceKind::PendingMaintenanceAction;
    let listed = facts.snapshot.was_listed(kind, &db.account, &db.region);
    (!listed).then(|| UnseenSignal {
        name: "maintenance".to_owned(),
        text: Text::new(
            "Whether maintenance is pending that could go in the same window: describe-pending-maintenance-actions says.",
            "같은 시간에 함께 처리할 수 있는 대기 중인 유지 관리 작업이 있는지는 describe-pending-maintenance-actions로 확인할 수 있습니다.",
        ),
    })
}

fn note(action: &PendingMaintenanceAction) -> Text {
    let name = match &action.description {
        Some(description) => format!("{} ({description})", action.action),
        None => action.action.clone(),
    };
    let date = action
        .forced_apply_date
        .or(action.current_apply_date)
        .map(|at| at.to_zoned_datetime(TimeZone::UTC).date());
    let (en, ko) = match date {
        Some(date) => (format!(", due on {date}"), format!(", 예정일 {date}")),
        None => (String::new(), String::new()),
    };
    Text::new(
        format!(
            "Maintenance is pending: {name}{en}. The change interrupts the database anyway: do both in one window."
        ),
        format!(
            "대기 중인 유지 관리 작업이 있습니다: {name}{ko}. 클래스 변경에도 중단이 따르므로 같은 시간에 함께 진행하세요."
        ),
    )
}
