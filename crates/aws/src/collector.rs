//! What a collector is: data, and one function.

use std::fmt;

use futures::future::BoxFuture;

use trimtab_model::resource::ResourceKind;

use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;

/// How far one listing reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One region.
    Region,
    /// The whole account: asked once, in the partition's home region.
    Account,
}

/// How one kind of resource is read.
///
/// Declared as `pub static COLLECTOR` in a file of its own, named as the kind's struct is.
/// It can only read: every action begins with Describe, List or Get, and a test sees that.
pub struct Collector {
    /// The kind that it lists.
    pub kind: ResourceKind,
    /// How far one listing reaches.
    pub reach: Reach,
    /// The IAM actions it calls, the one that it cannot do without first.
    pub actions: &'static [&'static str],
    /// Fills a part. What was put there before an error stays.
    pub collect: for<'a> fn(&'a Session, &'a mut Part) -> BoxFuture<'a, Result<(), AwsError>>,
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").field("kind", &self.kind).finish_non_exhaustive()
    }
}
