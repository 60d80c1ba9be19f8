//! Where the money goes: services as areas, divided by account.

use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::caption::Caption;
use super::ink::{SERIES, class_of};
use super::measure::{clean, fitted};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::squarify::squarify;
use super::svg::Svg;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Cost on two levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treemap {
    /// What it is called.
    pub caption: Caption,
    /// The outer level: services, say. The eight largest have a colour; the rest are one area.
    pub groups: Vec<TileGroup>,
}

/// One area of the outer level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileGroup {
    /// The name.
    pub name: String,
    /// Its page.
    pub link: Option<String>,
    /// What it is divided by: accounts, say.
    pub tiles: Vec<Tile>,
}

/// One area of the inner level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The name.
    pub name: String,
    /// What it costs. An amount below zero has no area.
    pub amount: Money,
    /// Its page.
    pub link: Option<String>,
}

/// The size of names and amounts, as the style sheet has it.
const TEXT: f64 = 11.0;
/// Above the tiles of a group, for its name.
const HEAD: f64 = 20.0;
/// Areas that are smaller than this have no room for a name of their own.
const LEAST_HEAD: (f64, f64) = (44.0, 44.0);
/// More tiles of a group than this are added up.
const MOST_TILES: usize = 12;

/// An area as it is drawn.
struct Area {
    class: &'static str,
    name: String,
    link: Option<String>,
    value: Decimal,
    tiles: Vec<Area>,
}

impl Treemap {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let areas = self.areas(&shown, style);
        let total: Decimal = areas.iter().map(|area| area.value).sum();
        let height = size.pick(300.0, 320.0);
        let mut sheet = Sheet::new("treemap", &self.caption, size, height);
        self.describe(&mut sheet, total, &shown, style);
        let whole = Rect { x: 0.0, y: 0.0, width: size.width(), height };
        if areas.is_empty() {
            let middle = (size.width() / 2.0, height / 2.0);
            let text = style.locale().text("chart-no-data");
            sheet.text("tick", Anchor::Middle, middle, &text);
        }
        let shares: Vec<f64> = areas.iter().map(|area| coordinate(area.value)).collect();
        for (area, rect) in areas.iter().zip(squarify(&shares, whole)) {
            group(&mut sheet, area, rect.inset(1.5), total, &shown);
        }
        sheet.finish()
    }

    /// Returns the same in rows.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("group", "column-group", Kind::Text),
            column("part", "column-part", Kind::Text),
            column("cost", "column-cost", Kind::Money),
        ]);
        for group in &self.groups {
            for tile in &group.tiles {
                table.row(vec![
                    Cell::text(&group.name),
                    Cell::text(&tile.name),
                    Cell::Amount(tile.amount),
                ]);
            }
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        self.groups.iter().flat_map(|group| group.tiles.iter().map(|tile| tile.amount))
    }

    fn describe(&self, sheet: &mut Sheet, total: Decimal, shown: &Shown<'_>, style: &Style) {
        let locale = style.locale();
        sheet.describe(locale.text_with("chart-total", &[("total", &shown.text(total))]));
        shown.say_left_out(sheet, self.amounts());
        let has_no_area = |money: &Money| {
            shown.value(*money).is_some_and(|value| value.is_sign_negative() && !value.is_zero())
        };
        let count = self.amounts().filter(has_no_area).count();
        if count > 0 {
            let count = count.to_string();
            sheet.describe(locale.text_with("chart-below-zero", &[("count", &count)]));
        }
    }

    fn areas(&self, shown: &Shown<'_>, style: &Style) -> Vec<Area> {
        let mut areas: Vec<Area> = self
            .groups
            .iter()
            .map(|group| {
                let tile = |tile: &Tile| Area {
                    class: "tile",
                    name: clean(&tile.name),
                    link: tile.link.clone(),
                    value: shown.value(tile.amount).unwrap_or_default(),
                    tiles: Vec::new(),
                };
                let tiles = sorted(group.tiles.iter().map(tile).collect());
                let tiles = folded(tiles, MOST_TILES, "tile", style);
                let (name, link) = (clean(&group.name), group.link.clone());
                let value = tiles.iter().map(|tile| tile.value).sum();
                Area { class: "other", name, link, value, tiles }
            })
            .collect();
        areas = folded(sorted(areas), SERIES, "other", style);
        for (place, area) in areas.iter_mut().enumerate() {
            area.class = class_of(place);
        }
        areas
    }
}

/// Returns what has an area, largest first.
fn sorted(mut areas: Vec<Area>) -> Vec<Area> {
    areas.retain(|area| area.value > Decimal::ZERO);
    areas.sort_by(|left, right| {
        right.value.cmp(&left.value).then_with(|| left.name.cmp(&right.name))
    });
    areas
}

/// Makes one area of all beyond the first `most`; they become its tiles.
fn folded(mut areas: Vec<Area>, most: usize, class: &'static str, style: &Style) -> Vec<Area> {
    let rest = areas.split_off(areas.len().min(most));
    if rest.is_empty() {
        return areas;
    }
    let count = rest.len().to_string();
    let name = style.locale().text_with("chart-others", &[("count", &count)]);
    let value = rest.iter().map(|area| area.value).sum();
    let into_tile = |area: Area| Area { class: "tile", tiles: Vec::new(), ..area };
    let mut tiles: Vec<Area> = rest.into_iter().map(into_tile).collect();
    tiles.truncate(if class == "tile" { 0 } else { MOST_TILES });
    areas.push(Area { class, name, link: None, value, tiles });
    areas
}

fn group(sheet: &mut Sheet, area: &Area, rect: Rect, total: Decimal, shown: &Shown<'_>) {
    let share = number::share(area.value, total);
    let line = format!("{} · {} ({share})", area.name, shown.text(area.value));
    let has_head = rect.width >= LEAST_HEAD.0 && rect.height >= LEAST_HEAD.1;
    sheet.mark(&Tip::new(line).to(area.link.as_deref()), |sheet| {
        sheet.rect(&format!("group {}", area.class), rect, 3.0);
        if has_head {
            head(sheet, area, rect, shown);
        }
    });
    let inner =
        if has_head { Rect { y: rect.y + HEAD, height: rect.height - HEAD, ..rect } } else { rect };
    let shares: Vec<f64> = area.tiles.iter().map(|tile| coordinate(tile.value)).collect();
    for (tile, place) in area.tiles.iter().zip(squarify(&shares, inner.inset(1.0))) {
        let place = place.inset(0.75);
        if place.width < 1.0 || place.height < 1.0 {
            continue;
        }
        let share = number::share(tile.value, total);
        let line = format!("{} · {} · {} ({share})", area.name, tile.name, shown.text(tile.value));
        sheet.mark(&Tip::new(line).to(tile.link.as_deref()), |sheet| {
            sheet.rect("tile", place, 2.0);
            label(sheet, tile, place, shown);
        });
    }
}

/// Writes the name of a group, and its amount where both fit.
fn head(sheet: &mut Sheet, area: &Area, rect: Rect, shown: &Shown<'_>) {
    let room = rect.width - 12.0;
    let amount = shown.text(area.value);
    let beside = room - super::measure::width_of(&amount, TEXT) - 8.0;
    let baseline = rect.y + 14.5;
    let bold = TEXT * 1.08;
    if let Some(name) = fitted(&area.name, bold, beside).filter(|name| !name.ends_with('…')) {
        sheet.text("on name", Anchor::Start, (rect.x + 6.0, baseline), &name);
        let end = (rect.x + rect.width - 6.0, baseline);
        sheet.text("on", Anchor::End, end, &amount);
    } else if let Some(name) = fitted(&area.name, bold, room) {
        sheet.text("on name", Anchor::Start, (rect.x + 6.0, baseline), &name);
    }
}

/// Writes the name of a tile, and its amount below where both fit.
fn label(sheet: &mut Sheet, tile: &Area, rect: Rect, shown: &Shown<'_>) {
    let room = rect.width - 10.0;
    if rect.height < 18.0 {
        return;
    }
    let Some(name) = fitted(&tile.name, TEXT, room) else { return };
    sheet.text("on", Anchor::Start, (rect.x + 5.0, rect.y + 14.0), &name);
    let amount = shown.text(tile.value);
    if rect.height >= 34.0 && super::measure::width_of(&amount, TEXT) <= room {
        sheet.text("on", Anchor::Start, (rect.x + 5.0, rect.y + 28.0), &amount);
    }
}
