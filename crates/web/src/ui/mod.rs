//! Pieces that pages are made of.

mod badge;
mod card;
mod chart;
mod layout;
mod navigation;
mod palette;
mod state;
mod switcher;
mod table;
mod view_menu;

pub(crate) use badge::{confidence, environment, risk, status};
pub(crate) use card::{card, facts, figure, found_count};
pub(crate) use chart::{Chart, WIDE, chart, stacked};
pub(crate) use layout::{Page, page};
pub(crate) use navigation::Tab;
pub(crate) use state::{Empty, empty, note};
pub(crate) use table::{Draw, Row, Sheet, asked, drawn_sheet, sheet};
