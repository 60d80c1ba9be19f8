//! Marks on pages become a PDF.

use jiff::tz::TimeZone;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;

use trimtab_model::document::Document;

use super::sheet::{Ink, Mark, PAGE, Weight};
use super::{FONT, PdfError, Typeface};
use crate::style::Style;

/// Paints pages.
pub(super) fn paint(
    pages: &[Vec<Mark>],
    document: &Document,
    title: &str,
    style: &Style,
) -> Result<Vec<u8>, PdfError> {
    let typeface = Typeface::new(FONT).ok_or(PdfError::Font)?;
    let mut pdf = krilla::Document::new();
    pdf.set_metadata(metadata(document, title, style));
    for marks in pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1)
            .ok_or_else(|| PdfError::Write("the page has no size".into()))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Words { x, y, size, text, ink, weight } => {
                    surface.set_fill(Some(fill(*ink)));
                    surface.set_stroke(outline(*ink, *weight, *size));
                    surface.draw_glyphs(
                        Point::from_xy(*x, *y),
                        &typeface.glyphs(text),
                        typeface.font.clone(),
                        text,
                        *size,
                        false,
                    );
                }
                Mark::Area { x, y, width, height, ink } => {
                    area(&mut surface, (*x, *y, *width, *height), *ink);
                }
                Mark::Link { .. } => {}
            }
        }
        surface.finish();
        for mark in marks {
            if let Mark::Link { x, y, width, height, address } = mark
                && let Some(place) = Rect::from_xywh(*x, *y, *width, *height)
            {
                let target = Target::Action(Action::Link(LinkAction::new(address.clone())));
                page.add_annotation(LinkAnnotation::new(place, target).into());
            }
        }
        page.finish();
    }
    pdf.finish().map_err(|cause| PdfError::Write(format!("{cause:?}")))
}

fn metadata(document: &Document, title: &str, style: &Style) -> Metadata {
    let moment = document.as_of.to_zoned_datetime(TimeZone::UTC);
    let byte = |value: i8| u8::try_from(value).unwrap_or_default();
    let created = DateTime::new(u16::try_from(moment.year()).unwrap_or_default())
        .month(byte(moment.month()))
        .day(byte(moment.day()))
        .hour(byte(moment.hour()))
        .minute(byte(moment.minute()))
        .second(byte(moment.second()))
        .utc_offset_hour(0);
    Metadata::new()
        .title(format!("{title} {} – {}", document.period.first, document.period.last))
        .language(style.language.code().to_owned())
        .creator("trimtab".to_owned())
        .creation_date(created)
}

fn area(surface: &mut Surface<'_>, (x, y, width, height): (f32, f32, f32, f32), ink: Ink) {
    let Some(rectangle) = Rect::from_xywh(x, y, width, height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rectangle);
    let Some(path) = path.finish() else { return };
    surface.set_fill(Some(fill(ink)));
    surface.set_stroke(None);
    surface.draw_path(&path);
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: colour(ink).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn outline(ink: Ink, weight: Weight, size: f32) -> Option<Stroke> {
    match weight {
        Weight::Regular => None,
        Weight::Bold => {
            Some(Stroke { paint: colour(ink).into(), width: size * 0.034, ..Stroke::default() })
        }
    }
}

fn colour(ink: Ink) -> rgb::Color {
    let (red, green, blue) = match ink {
        Ink::Plain => (0x14, 0x18, 0x1f),
        Ink::Soft => (0x5b, 0x64, 0x75),
        Ink::Fell => (0x0b, 0x7a, 0x50),
        Ink::Rose => (0xb3, 0x26, 0x1e),
        Ink::Line => (0xe3, 0xe7, 0xee),
        Ink::Inset => (0xf4, 0xf6, 0xf9),
        Ink::Bar => (0x33, 0x66, 0xcc),
        Ink::BarBefore => (0xc9, 0xd3, 0xe6),
    };
    rgb::Color::new(red, green, blue)
}
