//! How one resource stands to another: what it is attached to, made from or a part of.

use crate::resource::ResourceRef;

/// What binds two resources, told from the one that names the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bond {
    /// It is attached to the other, as a volume to its instance.
    Attachment,
    /// It is a member of the other, as an instance of its group.
    Membership,
    /// It was made from the other, as an instance from its image.
    Origin,
    /// It is kept the same as the other, as a replica.
    Copy,
    /// It sends requests to the other, as a load balancer to its targets.
    Traffic,
    /// It lies in the other, as a gateway in its network.
    Location,
    /// It scales the other.
    Scaling,
    /// It watches the other, as an alarm does.
    Watch,
    /// It takes its settings from the other.
    Setting,
}

/// From which end a bond is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// From the resource that names the other.
    Naming,
    /// From the resource that is named.
    Named,
}

/// What another resource is to one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    /// What binds them.
    pub bond: Bond,
    /// The end that it is told from.
    pub side: Side,
    /// The type of the other as CloudFormation names it; it may be one that trimtab does not read.
    pub kind: &'static str,
    /// The other as its own service names it.
    pub id: String,
    /// The other as the inventory has it; none where it does not.
    pub resource: Option<ResourceRef>,
}

impl Relation {
    /// Returns the word of machines, such as `attached-to`.
    pub fn as_str(&self) -> &'static str {
        match (self.bond, self.side) {
            (Bond::Attachment, Side::Naming) => "attached-to",
            (Bond::Attachment, Side::Named) => "has-attached",
            (Bond::Membership, Side::Naming) => "member-of",
            (Bond::Membership, Side::Named) => "has-member",
            (Bond::Origin, Side::Naming) => "made-from",
            (Bond::Origin, Side::Named) => "origin-of",
            (Bond::Copy, Side::Naming) => "copy-of",
            (Bond::Copy, Side::Named) => "copied-by",
            (Bond::Traffic, Side::Naming) => "sends-to",
            (Bond::Traffic, Side::Named) => "receives-from",
            (Bond::Location, Side::Naming) => "located-in",
            (Bond::Location, Side::Named) => "contains",
            (Bond::Scaling, Side::Naming) => "scales",
            (Bond::Scaling, Side::Named) => "scaled-by",
            (Bond::Watch, Side::Naming) => "watches",
            (Bond::Watch, Side::Named) => "watched-by",
            (Bond::Setting, Side::Naming) => "configured-by",
            (Bond::Setting, Side::Named) => "configures",
        }
    }
}
