//! The font of a PDF: which glyph a character has, how wide it is, and where a line breaks.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

/// The font of a PDF.
pub(super) struct Typeface {
    /// For the writer.
    pub(super) font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

impl Typeface {
    /// Opens a font; absent where it is broken.
    pub(super) fn new(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(krilla::Data::from(bytes), 0)?;
        let reference = FontRef::new(bytes).ok()?;
        let units = font.units_per_em();
        let metrics = reference.glyph_metrics(Size::unscaled(), LocationRef::default());
        Some(Self { font, charmap: reference.charmap(), metrics, units })
    }

    /// Returns glyph and width of a character; one that the font lacks is a box.
    fn glyph(&self, c: char) -> (skrifa::GlyphId, f32) {
        let glyph = self.charmap.map(c).unwrap_or_default();
        (glyph, self.metrics.advance_width(glyph).unwrap_or(self.units) / self.units)
    }

    /// Returns the width of a text in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.glyph(c).1).sum::<f32>() * size
    }

    /// Returns the glyphs of a text.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .map(|(at, c)| {
                let (glyph, advance) = self.glyph(c);
                let range = at..at + c.len_utf8();
                KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }

    /// Breaks a text at spaces into lines of `width`; a word that is longer is broken inside.
    pub(super) fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let candidate =
                if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&candidate, size) <= width {
                line = candidate;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                let mut longer = line.clone();
                longer.push(c);
                if !line.is_empty() && self.width(&longer, size) > width {
                    lines.push(std::mem::take(&mut line));
                    longer = c.to_string();
                }
                line = longer;
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}
