//! Pages under construction: what stands where, before anything is painted.

use super::typeface::Typeface;

/// A4 in points.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
/// Space around what is printed.
pub(super) const MARGIN: f32 = 48.0;
/// Space for the page number below.
const FOOT: f32 = 24.0;
/// Height of a line, as a multiple of the size of its letters.
pub(super) const LEADING: f32 = 1.45;

/// A colour with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Text.
    Plain,
    /// Less important text.
    Soft,
    /// Cost that fell.
    Fell,
    /// Cost that rose, and danger.
    Rose,
    /// Lines of tables.
    Line,
    /// Ground of figures and notes.
    Inset,
    /// Bars of the period.
    Bar,
    /// Bars of the period before.
    BarBefore,
}

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// As the font has them.
    Regular,
    /// With an outline of their own colour: the font has one weight.
    Bold,
}

/// Something that stands on a page. Coordinates are points from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line of text; `y` is its baseline.
    Words { x: f32, y: f32, size: f32, text: String, ink: Ink, weight: Weight },
    /// A filled rectangle.
    Area { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A place that leads somewhere.
    Link { x: f32, y: f32, width: f32, height: f32, address: String },
}

/// Pages under construction.
pub(super) struct Sheet<'a> {
    /// The font.
    pub(super) typeface: &'a Typeface,
    pages: Vec<Vec<Mark>>,
    /// Where the next thing stands.
    pub(super) y: f32,
}

impl<'a> Sheet<'a> {
    /// Begins the first page.
    pub(super) fn new(typeface: &'a Typeface) -> Self {
        Self { typeface, pages: vec![Vec::new()], y: MARGIN }
    }

    /// Returns the width of what is printed.
    pub(super) fn width() -> f32 {
        PAGE.0 - 2.0 * MARGIN
    }

    fn bottom() -> f32 {
        PAGE.1 - MARGIN - FOOT
    }

    /// Begins a page where `height` does not fit any more; says whether it did.
    pub(super) fn needs(&mut self, height: f32) -> bool {
        let breaks = self.y + height > Self::bottom() && self.y > MARGIN;
        if breaks {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
        breaks
    }

    /// Leaves space, unless at the top of a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.y > MARGIN {
            self.y += height;
        }
    }

    /// Puts a mark on the page.
    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Puts one line of text at a place.
    pub(super) fn words(
        &mut self,
        (x, y): (f32, f32),
        size: f32,
        text: &str,
        ink: Ink,
        weight: Weight,
    ) {
        if !text.is_empty() {
            self.mark(Mark::Words { x, y, size, text: text.to_owned(), ink, weight });
        }
    }

    /// Adds a paragraph over the whole width.
    pub(super) fn paragraph(&mut self, text: &str, size: f32, ink: Ink) {
        for line in self.typeface.wrapped(text, size, Self::width()) {
            self.needs(size * LEADING);
            self.words((MARGIN, self.y + size), size, &line, ink, Weight::Regular);
            self.y += size * LEADING;
        }
    }

    /// Adds a heading, kept together with what follows.
    pub(super) fn heading(&mut self, text: &str, size: f32) {
        self.space(14.0);
        for line in self.typeface.wrapped(text, size, Self::width()) {
            self.needs(size * LEADING + 48.0);
            self.words((MARGIN, self.y + size), size, &line, Ink::Plain, Weight::Bold);
            self.y += size * LEADING;
        }
        self.y += 3.0;
    }

    /// Adds a thin line over the whole width.
    pub(super) fn rule(&mut self) {
        self.needs(6.0);
        let (y, width) = (self.y, Self::width());
        self.mark(Mark::Area { x: MARGIN, y, width, height: 0.7, ink: Ink::Line });
        self.y += 5.0;
    }

    /// Returns the pages, each with its number.
    pub(super) fn finish(mut self) -> Vec<Vec<Mark>> {
        let count = self.pages.len();
        for (index, page) in self.pages.iter_mut().enumerate() {
            let text = format!("{} / {count}", index + 1);
            let x = (PAGE.0 - self.typeface.width(&text, 7.5)) / 2.0;
            page.push(Mark::Words {
                x,
                y: PAGE.1 - MARGIN + 8.0,
                size: 7.5,
                text,
                ink: Ink::Soft,
                weight: Weight::Regular,
            });
        }
        self.pages
    }
}
