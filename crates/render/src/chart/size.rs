//! How wide a chart is.

/// The width of a chart in pixels; each kind of chart has its own height.
///
/// Text in a picture that is scaled down shrinks with it. A chart is therefore drawn for a
/// wide place and for a narrow one, and the page shows the one that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
}

/// The least width that anything can be drawn in.
const LEAST: u32 = 16;
/// From this width on there is room beside each other.
const WIDE_FROM: u32 = 560;

impl Size {
    /// A column of a page, or a mail.
    pub const WIDE: Self = Self { width: 760 };
    /// A phone.
    pub const NARROW: Self = Self { width: 360 };
    /// A cell of a table.
    pub const CELL: Self = Self { width: 90 };
    /// Beside a line of text.
    pub const TEXT: Self = Self { width: 22 };

    /// Makes a size of `width` pixels.
    pub fn of(width: u32) -> Self {
        Self { width: width.clamp(LEAST, 4_000) }
    }

    /// Returns whether there is room beside each other.
    pub fn is_wide(self) -> bool {
        self.width >= WIDE_FROM
    }

    pub(super) fn width(self) -> f64 {
        f64::from(self.width)
    }

    /// Returns `wide` or `narrow`.
    pub(super) fn pick<T>(self, wide: T, narrow: T) -> T {
        if self.is_wide() { wide } else { narrow }
    }
}
