//! A machine under test.

use std::collections::BTreeSet;

use trimtab_model::observed::{CheckState, InstanceObserved, StatusChecks};
use trimtab_model::plan::Fingerprint;
use trimtab_model::resource::instance::InstanceState;

/// Returns a running machine that is well and registered nowhere.
pub(crate) fn machine(instance_type: &str) -> InstanceObserved {
    InstanceObserved {
        fingerprint: Fingerprint::default(),
        obstacles: Vec::new(),
        state: InstanceState::Running,
        state_reason: None,
        instance_type: instance_type.into(),
        launch_time: None,
        availability_zone: Some("ap-northeast-2a".to_owned()),
        platform: Some("Linux/UNIX".to_owned()),
        volumes: BTreeSet::new(),
        checks: Some(StatusChecks {
            system: CheckState::Ok,
            instance: CheckState::Ok,
            attached_ebs: None,
        }),
        cpu_credits: None,
        is_opted_in: true,
        targets: Vec::new(),
        snapshots: Vec::new(),
        reservations: Vec::new(),
    }
}
