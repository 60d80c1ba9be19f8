//! What a resource is attached to and what depends on it.

use trimtab_model::relation::{Bond, Relation, Side};

use super::words;
use crate::locale::Locale;
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Returns the words for what another resource is to one.
pub fn relation_words(relation: &Relation, locale: Locale) -> String {
    match (relation.bond, relation.side) {
        (Bond::Attachment, Side::Naming) => locale.text("relation-attached-to"),
        (Bond::Attachment, Side::Named) => locale.text("relation-has-attached"),
        (Bond::Membership, Side::Naming) => locale.text("relation-member-of"),
        (Bond::Membership, Side::Named) => locale.text("relation-has-member"),
        (Bond::Origin, Side::Naming) => locale.text("relation-made-from"),
        (Bond::Origin, Side::Named) => locale.text("relation-origin-of"),
        (Bond::Copy, Side::Naming) => locale.text("relation-copy-of"),
        (Bond::Copy, Side::Named) => locale.text("relation-copied-by"),
        (Bond::Traffic, Side::Naming) => locale.text("relation-sends-to"),
        (Bond::Traffic, Side::Named) => locale.text("relation-receives-from"),
        (Bond::Location, Side::Naming) => locale.text("relation-located-in"),
        (Bond::Location, Side::Named) => locale.text("relation-contains"),
        (Bond::Scaling, Side::Naming) => locale.text("relation-scales"),
        (Bond::Scaling, Side::Named) => locale.text("relation-scaled-by"),
        (Bond::Watch, Side::Naming) => locale.text("relation-watches"),
        (Bond::Watch, Side::Named) => locale.text("relation-watched-by"),
        (Bond::Setting, Side::Naming) => locale.text("relation-configured-by"),
        (Bond::Setting, Side::Named) => locale.text("relation-configures"),
    }
}

/// Makes the table of relations. Of what the inventory does not have, account and region are missing.
pub fn relation_table(relations: &[Relation], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, priority| Column::new(key, locale.text(name), Kind::Text, priority);
    let mut table = Table::new(vec![
        column("relation", "column-relation", Priority::Essential),
        column("resource", "column-resource", Priority::Essential),
        column("kind", "column-resource-type", Priority::High),
        column("resource_id", "column-resource-id", Priority::Wide),
        column("account", "column-account", Priority::Wide),
        column("region", "column-region", Priority::Wide),
    ]);
    for one in relations {
        let known = one.resource.as_ref();
        let name = known.map_or_else(|| sanitise(&one.id), words::resource_name);
        table.row(vec![
            Cell::Text(relation_words(one, locale)),
            Cell::Text(name),
            Cell::text(one.kind),
            Cell::Text(one.id.clone()),
            Cell::optional(known.map(|one| one.account.as_str())),
            Cell::optional(known.map(|one| one.region.as_str())),
        ]);
    }
    table
}
