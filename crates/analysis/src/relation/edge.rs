//! One resource that names another.

use std::borrow::Cow;

use trimtab_model::relation::Bond;
use trimtab_model::resource::{Resource, ResourceKind};

/// A network of EC2, which trimtab does not list.
pub(super) const VPC: &str = "AWS::EC2::VPC";
/// A part of a network.
pub(super) const SUBNET: &str = "AWS::EC2::Subnet";

/// One end of a bond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End<'a> {
    /// The type as CloudFormation names it.
    pub(super) kind: &'static str,
    /// The account.
    pub(super) account: &'a str,
    /// The region.
    pub(super) region: &'a str,
    /// The resource as its own service names it.
    pub(super) id: Cow<'a, str>,
}

impl<'a> End<'a> {
    /// Returns the end that a resource is.
    pub(super) fn of<K>(resource: &'a Resource<K>, kind: ResourceKind) -> Self {
        Self {
            kind: kind.as_str(),
            account: resource.account.as_str(),
            region: resource.region.as_str(),
            id: Cow::Borrowed(resource.id.as_str()),
        }
    }

    /// Returns another end at the same place.
    pub(super) fn beside(&self, kind: &'static str, id: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, id: id.into(), ..*self }
    }

    /// Returns the end that a name of RDS means: an ARN may lead to another place.
    pub(super) fn database(&self, kind: &'static str, name: &'a str) -> Self {
        let mut parts = name.splitn(7, ':');
        match (parts.next(), parts.nth(2), parts.next(), parts.nth(1)) {
            (Some("arn"), Some(region), Some(account), Some(id)) => {
                Self { kind, account, region, id: Cow::Borrowed(id) }
            }
            _ => self.beside(kind, name),
        }
    }
}

/// A resource that names another.
#[derive(Debug, Clone)]
pub(super) struct Edge<'a> {
    /// The one that names.
    pub(super) from: End<'a>,
    /// What binds them.
    pub(super) bond: Bond,
    /// The one that is named.
    pub(super) to: End<'a>,
}

/// Takes each edge.
pub(super) type Visit<'a, 'v> = &'v mut dyn FnMut(Edge<'a>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_a_database_leads_to_its_own_place() {
        let here = End { kind: "", account: "1", region: "here", id: Cow::Borrowed("") };
        let there = here.database("db", "arn:aws:rds:there:2:db:main");
        assert_eq!((there.account, there.region, there.id.as_ref()), ("2", "there", "main"));
        let beside = here.database("db", "main");
        assert_eq!((beside.account, beside.region, beside.id.as_ref()), ("1", "here", "main"));
        assert_eq!(here.database("db", "arn:odd").id, "arn:odd");
    }
}
