//! The resource of a recommendation, as the snapshot has it.

use trimtab_model::environment::Environment;
use trimtab_model::plan::Fingerprint;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef, Tags};

use super::fingerprint;

/// A resource of a kind that can be changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Subject<'a> {
    Instance(&'a Resource<Instance>),
    Volume(&'a Resource<Volume>),
    DbInstance(&'a Resource<DbInstance>),
    DbCluster(&'a Resource<DbCluster>),
    Address(&'a Resource<Address>),
    Function(&'a Resource<Function>),
    LogGroup(&'a Resource<LogGroup>),
    Group(&'a Resource<AutoScalingGroup>),
}

impl<'a> Subject<'a> {
    pub(super) fn tags(self) -> &'a Tags {
        match self {
            Self::Instance(one) => &one.tags,
            Self::Volume(one) => &one.tags,
            Self::DbInstance(one) => &one.tags,
            Self::DbCluster(one) => &one.tags,
            Self::Address(one) => &one.tags,
            Self::Function(one) => &one.tags,
            Self::LogGroup(one) => &one.tags,
            Self::Group(one) => &one.tags,
        }
    }

    pub(super) fn environment(self) -> Environment {
        match self {
            Self::Instance(one) => one.environment,
            Self::Volume(one) => one.environment,
            Self::DbInstance(one) => one.environment,
            Self::DbCluster(one) => one.environment,
            Self::Address(one) => one.environment,
            Self::Function(one) => one.environment,
            Self::LogGroup(one) => one.environment,
            Self::Group(one) => one.environment,
        }
    }

    /// Returns what identifies it as the snapshot has it now.
    pub(super) fn reference(self, kind: ResourceKind) -> ResourceRef {
        match self {
            Self::Instance(one) => one.reference(kind),
            Self::Volume(one) => one.reference(kind),
            Self::DbInstance(one) => one.reference(kind),
            Self::DbCluster(one) => one.reference(kind),
            Self::Address(one) => one.reference(kind),
            Self::Function(one) => one.reference(kind),
            Self::LogGroup(one) => one.reference(kind),
            Self::Group(one) => one.reference(kind),
        }
    }

    pub(super) fn fingerprint(self) -> Fingerprint {
        match self {
            Self::Instance(one) => fingerprint::instance(one),
            Self::Volume(one) => fingerprint::volume(one),
            Self::DbInstance(one) => fingerprint::db_instance(one),
            Self::DbCluster(one) => fingerprint::db_cluster(one),
            Self::Address(one) => fingerprint::address(one),
            Self::Function(one) => fingerprint::function(one),
            Self::LogGroup(one) => fingerprint::log_group(one),
            Self::Group(one) => fingerprint::group(one),
        }
    }
}
