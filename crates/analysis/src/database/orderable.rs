//! Whether RDS sells a class for the engine version of a DB instance, where it is.

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::id::DbInstanceClass;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::orderable_db_instance_option::OrderableDbInstanceOption;
use trimtab_model::text::Text;

use crate::check::Facts;

/// What is for sale for one DB instance, where that was listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Orderable<'a> {
    option: Option<&'a OrderableDbInstanceOption>,
}

impl<'a> Orderable<'a> {
    /// Finds what is for sale for a DB instance.
    pub fn of(facts: &Facts<'a>, db: &Resource<DbInstance>) -> Self {
        let option = facts.snapshot.orderable_db_instance_options.iter().find(|option| {
            let kind = &option.kind;
            option.account == db.account
                && option.region == db.region
                && kind.engine == db.kind.engine
                && Some(&kind.engine_version) == db.kind.engine_version.as_ref()
                && (kind.license_model.is_none() || kind.license_model == db.kind.license_model)
        });
        Self { option: option.map(|option| &option.kind) }
    }

    /// Returns whether a class may be ordered with the storage and the standby that the DB
    /// instance has; absent where that was not listed.
    pub fn offers(&self, db: &DbInstance, class: &DbInstanceClass) -> Option<bool> {
        let option = self.option?;
        Some(option.classes.iter().any(|one| {
            let storage = one.storage_type.is_none()
                || db.storage_type.is_none()
                || one.storage_type == db.storage_type;
            let standby = db.multi_az != Some(true) || one.multi_az_capable != Some(false);
            one.db_instance_class == *class && storage && standby
        }))
    }

    /// Returns what could not be seen.
    pub fn unseen(&self) -> Option<UnseenSignal> {
        self.option.is_none().then(|| UnseenSignal {
            name: "orderable".to_owned(),
            text: Text::new(
                "Whether the class is offered for this exact engine version and zone: describe-orderable-db-instance-options says.",
                "정확히 이 엔진 버전과 가용 영역에서 해당 클래스를 쓸 수 있는지는 describe-orderable-db-instance-options로 확인해야 합니다.",
            ),
        })
    }
}
