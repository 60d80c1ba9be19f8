//! `trimtab prices`.

use trimtab_app::failure::Failure;
use trimtab_app::prices;
use trimtab_model::id::RegionId;
use trimtab_render::document::{PriceRow, instance_type_facts, price_table};
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};
use trimtab_store::catalog;

use crate::cli::{PricesCommand, PricesRefreshArgs, PricesShowArgs};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_text};

/// Runs `trimtab prices …`.
pub fn run(console: &Console, command: &PricesCommand) -> Result<Printed, Failure> {
    match command {
        PricesCommand::Show(args) => show(console, args)?,
        PricesCommand::List => list(console)?,
        PricesCommand::Refresh(args) => refresh(console, args)?,
    }
    Ok(Printed::Complete)
}

fn show(console: &Console, args: &PricesShowArgs) -> Result<(), Failure> {
    let region = RegionId::new(args.region.as_str());
    let found = prices::lookup(&console.settings.data_dir, &args.product, &region)?;
    let rows: Vec<PriceRow> = found
        .into_iter()
        .map(|row| PriceRow {
            product: if row.variant.is_empty() {
                row.product
            } else {
                format!("{} {}", row.product, row.variant)
            },
            region: region.clone(),
            price: row.price,
        })
        .collect();
    console.print_table("prices.show", &price_table(&rows, &console.list_style()))?;
    let facts = catalog::instance_types().get(&args.product.as_str().into());
    if let (true, Some(facts)) = (console.is_table(), facts) {
        print_text(&instance_type_facts(facts, &console.style))?;
    }
    Ok(())
}

fn list(console: &Console) -> Result<(), Failure> {
    let style = console.list_style();
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("table", locale.text("column-table"), Kind::Text, Priority::Essential),
        Column::new("rows", locale.text("column-rows"), Kind::Count, Priority::Essential),
        Column::new("basis", locale.text("column-basis"), Kind::Text, Priority::High),
        Column::new("oldest", locale.text("column-oldest"), Kind::Text, Priority::High),
        Column::new("newest", locale.text("column-newest"), Kind::Text, Priority::High),
        Column::new("undated", locale.text("column-undated"), Kind::Count, Priority::Low),
        Column::new("source", locale.text("column-source"), Kind::Text, Priority::Normal),
    ]);
    for summary in catalog::tables() {
        let basis = if summary.estimated { "basis-estimated" } else { "basis-list" };
        table.row(vec![
            Cell::text(summary.name),
            Cell::Count(summary.rows),
            Cell::text(locale.text(basis)),
            Cell::optional(summary.oldest.clone()),
            Cell::optional(summary.newest.clone()),
            Cell::Count(summary.undated),
            Cell::text(summary.sources.iter().cloned().collect::<Vec<_>>().join(", ")),
        ]);
    }
    console.print_table("prices.list", &table)
}

fn refresh(console: &Console, args: &PricesRefreshArgs) -> Result<(), Failure> {
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-prices"), locale, console.quiet);
    let regions: Vec<RegionId> =
        args.region.iter().map(|region| RegionId::new(region.as_str())).collect();
    let refreshed =
        prices::refresh(&console.settings.data_dir, &args.url, &regions, &|text| bar.say(text))?;
    drop(bar);
    let mut table = Table::new(vec![
        Column::new("region", locale.text("column-region"), Kind::Text, Priority::Essential),
        Column::new("instances", locale.text("column-instances"), Kind::Count, Priority::Essential),
        Column::new("databases", locale.text("column-databases"), Kind::Count, Priority::Essential),
        Column::new("meters", locale.text("column-meters"), Kind::Count, Priority::Essential),
        Column::new("left_out", locale.text("column-left-out"), Kind::Count, Priority::High),
        Column::new("as_of", locale.text("column-date"), Kind::Text, Priority::High),
        Column::new("file", locale.text("column-file"), Kind::Text, Priority::Normal),
    ]);
    for region in refreshed {
        table.row(vec![
            Cell::text(region.region.as_str()),
            Cell::Count(region.instances),
            Cell::Count(region.databases),
            Cell::Count(region.meters),
            Cell::Count(region.left_out),
            Cell::optional(region.published.map(|day| day.to_string())),
            Cell::text(region.path.display().to_string()),
        ]);
    }
    console.print_table("prices.refresh", &table)
}
