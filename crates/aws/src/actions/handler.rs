//! What an action is to AWS: data, and which calls it makes.

use std::fmt;

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::Grant;
use super::{
    apply_schedule, delete_volume, modify_db_instance_class, modify_db_storage,
    modify_instance_type, modify_volume, put_retention_policy, refresh_instances, release_address,
    resize_auto_scaling_group, stop_instance, switch_database, update_function_architecture,
    update_function_memory,
};

/// Every action that has a handler, by the name of its file.
pub static ALL: &[&Handler] = &[
    &apply_schedule::HANDLER,
    &delete_volume::HANDLER,
    &modify_db_instance_class::HANDLER,
    &modify_db_storage::HANDLER,
    &modify_instance_type::HANDLER,
    &modify_volume::HANDLER,
    &put_retention_policy::HANDLER,
    &refresh_instances::HANDLER,
    &release_address::HANDLER,
    &resize_auto_scaling_group::HANDLER,
    &stop_instance::HANDLER,
    &switch_database::HANDLER,
    &update_function_architecture::HANDLER,
    &update_function_memory::HANDLER,
];

/// Which role may do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The one that applies: what it does can be taken back.
    Apply,
    /// The one that destroys, which an account need not have.
    Destroy,
}

/// How one action is done in AWS.
pub struct Handler {
    /// Its name on the command line.
    pub name: &'static str,
    /// Which role may do it.
    pub tier: Tier,
    /// Whether an action is this one.
    pub is_of: fn(&Action) -> bool,
    /// Whether it makes a call, forward, back or to give back what it held.
    pub makes: fn(&Call) -> bool,
    /// What looking at its resource reads.
    pub(crate) reads: &'static [&'static str],
    /// What is read besides, once, before anything is asked of AWS.
    pub(crate) inspects: &'static [&'static str],
    /// What its calls need to be allowed.
    pub(crate) grants: &'static [&'static Grant],
}

impl Handler {
    /// Returns the handler of an action; absent for one that trimtab does not do itself.
    pub fn of(action: &Action) -> Option<&'static Self> {
        ALL.iter().copied().find(|handler| (handler.is_of)(action))
    }

    /// Returns the handler of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|handler| handler.name == name)
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").field("name", &self.name).finish_non_exhaustive()
    }
}
