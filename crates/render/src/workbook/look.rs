//! How sheets look: letters, colours, lines.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use trimtab_model::document::Tone;
use trimtab_model::text::Language;

/// The colours of the design, as on a light page.
pub(crate) mod colour {
    /// Words.
    pub(crate) const INK: u32 = 0x17_1B_24;
    /// Words that matter less.
    pub(crate) const SOFT: u32 = 0x58_61_74;
    /// Lines between rows, and of a chart's grid.
    pub(crate) const LINE: u32 = 0xE6_E9_EF;
    /// Lines that carry something.
    pub(crate) const AXIS: u32 = 0xAE_B6_C4;
    /// Behind headings of columns.
    pub(crate) const INSET: u32 = 0xF4_F6_F9;
    /// Cost that fell, money saved.
    pub(crate) const SAVED: u32 = 0x0B_7A_4B;
    /// Cost that rose, danger.
    pub(crate) const DANGER: u32 = 0xB3_26_1E;
    /// Links.
    pub(crate) const LINK: u32 = 0x1D_57_C4;
    /// The first series, and what a chart is about.
    pub(crate) const NOW: u32 = 0x33_66_CC;
    /// What it is compared with.
    pub(crate) const BEFORE: u32 = 0xC5_D0_E4;
    /// A step up of a bridge.
    pub(crate) const UP: u32 = 0xD3_80_2A;
    /// A step down of a bridge.
    pub(crate) const DOWN: u32 = 0x7F_8F_AE;
    /// An end of a bridge.
    pub(crate) const END: u32 = 0x8B_93_A3;
    /// Series by their place.
    pub(crate) const SERIES: [u32; 8] = [
        0x33_66_CC, 0xCF_7D_1F, 0x2A_95_76, 0x96_57_C0, 0xCF_47_77, 0x2F_95_BD, 0x85_8F_2C,
        0x6A_6D_C6,
    ];
    /// Series beyond those.
    pub(crate) const OTHER: u32 = 0x86_8E_9D;
}

/// The letters of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The font, which every installation of a program of spreadsheets has.
    pub(crate) font: &'static str,
    /// Its size in points.
    pub(crate) size: u8,
}

/// What a line of words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The title of a sheet.
    Title,
    /// What is known at once.
    Verdict,
    /// The title of a table or chart.
    Heading,
    /// A sentence.
    Body,
    /// A sentence that matters less.
    Soft,
}

/// How a cell of a table stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) tone: Tone,
    pub(super) is_total: bool,
    pub(super) is_link: bool,
    pub(super) is_number: bool,
}

impl Look {
    /// Returns the look for readers of a language.
    pub(crate) fn of(language: Language) -> Self {
        match language {
            Language::En => Self { font: "Calibri", size: 11 },
            Language::Ko => Self { font: "맑은 고딕", size: 10 },
        }
    }

    /// Returns the format of whatever has no other.
    pub(super) fn base(self) -> Format {
        let format = Format::new()
            .set_font_name(self.font)
            .set_font_size(self.size)
            .set_font_color(colour::INK)
            .set_align(FormatAlign::VerticalCenter);
        // Without its character set a Korean font is taken for one of another script.
        if self.font.is_ascii() { format } else { format.set_font_charset(129) }
    }

    /// Returns the format of a line of words.
    pub(super) fn line(self, line: Line) -> Format {
        let format = self.base();
        match line {
            Line::Title => format.set_bold().set_font_size(self.size + 6),
            Line::Verdict => format.set_bold().set_font_size(self.size + 2),
            Line::Heading => format.set_bold().set_font_size(self.size + 1),
            Line::Body => format,
            Line::Soft => format.set_font_color(colour::SOFT),
        }
    }

    /// Returns the format of the heading of a column.
    pub(super) fn header(self, is_number: bool) -> Format {
        let side = if is_number { FormatAlign::Right } else { FormatAlign::Left };
        let format = self.base();
        let format = if is_number { format } else { format.set_indent(1) };
        format
            .set_bold()
            .set_font_color(colour::SOFT)
            .set_background_color(colour::INSET)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(colour::AXIS)
            .set_align(side)
            .set_text_wrap()
    }

    /// Returns the format of a cell of a table.
    pub(super) fn cell(self, mark: Mark) -> Format {
        let mut format =
            self.base().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(colour::LINE);
        format = match mark.tone {
            Tone::Plain => format,
            Tone::Fell => format.set_font_color(colour::SAVED),
            Tone::Rose => format.set_font_color(colour::DANGER),
            Tone::Danger => format.set_font_color(colour::DANGER).set_bold(),
            Tone::Muted => format.set_font_color(colour::SOFT),
        };
        // Words keep away from the number on their left, and days stand below their heading.
        if !mark.is_number {
            format = format.set_align(FormatAlign::Left).set_indent(1);
        }
        if mark.is_link {
            format = format.set_font_color(colour::LINK);
        }
        if mark.is_total {
            format = format
                .set_bold()
                .set_border_top(FormatBorder::Thin)
                .set_border_top_color(colour::AXIS);
        }
        format
    }
}
