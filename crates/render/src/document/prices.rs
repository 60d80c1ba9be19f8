//! Prices and type facts of the catalogue.

use trimtab_model::id::RegionId;
use trimtab_model::money::Money;
use trimtab_model::price::{InstanceTypeFacts, Price};

use super::page::Page;
use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise, unit};

/// One price and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The product, such as `m6i.large` or `ebs/volume_storage_gp3`.
    pub product: String,
    /// The region.
    pub region: RegionId,
    /// The price.
    pub price: Price,
}

/// Makes the table of prices, each with basis, source and date.
pub fn price_table(rows: &[PriceRow], style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("product", locale.text("column-product"), Kind::Text, Priority::Essential),
        Column::new("region", locale.text("column-region"), Kind::Text, Priority::Essential),
        Column::new("price", locale.text("column-price"), Kind::Money, Priority::Essential),
        Column::new("unit", locale.text("column-unit"), Kind::Text, Priority::Essential),
        Column::new("basis", locale.text("column-basis"), Kind::Text, Priority::High),
        Column::new("as_of", locale.text("column-date"), Kind::Text, Priority::High),
        Column::new("source", locale.text("column-source"), Kind::Text, Priority::Normal),
    ]);
    for row in rows {
        table.row(vec![
            Cell::text(&row.product),
            Cell::text(row.region.as_str()),
            Cell::Price(Money::usd(row.price.usd)),
            Cell::Text(unit::name(&row.price.unit, locale)),
            Cell::Text(words::price_basis(row.price.basis, locale)),
            Cell::optional(row.price.as_of.map(|date| date.to_string())),
            Cell::text(&row.price.source),
        ]);
    }
    table
}

/// Returns what the catalogue knows of an instance type.
pub fn instance_type_facts(facts: &InstanceTypeFacts, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&sanitise(facts.instance_type.as_str()));
    page.labelled(&locale.text("label-vcpu"), &facts.vcpu.to_string());
    page.labelled(&locale.text("label-memory"), &number::gibibytes(facts.memory_mib));
    page.labelled(&locale.text("label-architecture"), &sanitise(&facts.architecture));
    let known = |value: Option<String>| value.unwrap_or_else(|| locale.text("not-known"));
    page.labelled(
        &locale.text("label-network"),
        &known(
            facts
                .network_baseline_gbps
                .map(|value| format!("{} Gbit/s", number::significant(value))),
        ),
    );
    page.labelled(
        &locale.text("label-ebs"),
        &known(facts.ebs_baseline_mb_s.map(|value| format!("{} MB/s", number::significant(value)))),
    );
    page.labelled(
        &locale.text("label-ebs-iops"),
        &known(facts.ebs_baseline_iops.map(|value| number::count(u64::from(value)))),
    );
    page.labelled(
        &locale.text("label-generation"),
        &if facts.current_generation {
            locale.text("generation-current")
        } else {
            locale.text("generation-previous")
        },
    );
    if facts.burstable {
        page.sentence(&locale.text("facts-burstable"));
    }
    page.finish()
}
