//! What a stroke is, in place of a colour.
//!
//! The library knows colours only. Each ink is handed to it as a number in the place of a
//! colour, and the pen turns the number into a class again.

use plotters::style::{RGBAColor, ShapeStyle};
use plotters_backend::BackendColor;

/// How many series have a colour of their own.
pub(super) const SERIES: usize = 8;

/// Classes of series by their place.
const CLASSES: [&str; SERIES] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];

/// Returns the class of the series at `place`; beyond the last they are grey.
pub(super) fn class_of(place: usize) -> &'static str {
    CLASSES.get(place).copied().unwrap_or("other")
}

/// What a stroke or an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Nothing is drawn.
    Hidden,
    /// A line of the grid.
    Grid,
    /// The line that bars stand on.
    Axis,
    /// A text on an axis.
    Tick,
    /// What was measured, of the series at this place.
    Line(usize),
    /// What is projected, dashed.
    Projected(usize),
    /// Below a line.
    Area(usize),
    /// Between two lines.
    Band(usize),
    /// What must not be passed.
    Limit,
}

impl Ink {
    /// Returns the classes of the element.
    pub(super) fn classes(self) -> Option<String> {
        Some(match self {
            Self::Hidden => return None,
            Self::Grid => "grid".to_owned(),
            Self::Axis => "axis".to_owned(),
            Self::Tick => "tick".to_owned(),
            Self::Line(place) => format!("line {}", class_of(place)),
            Self::Projected(place) => format!("line projected {}", class_of(place)),
            Self::Area(place) => format!("area {}", class_of(place)),
            Self::Band(place) => format!("band {}", class_of(place)),
            Self::Limit => "limit danger".to_owned(),
        })
    }

    /// Returns the ink as the library's style of a shape.
    pub(super) fn style(self) -> ShapeStyle {
        let (kind, place) = self.numbers();
        let opacity = if self == Self::Hidden { 0.0 } else { 1.0 };
        let filled = matches!(self, Self::Area(_) | Self::Band(_));
        ShapeStyle { color: RGBAColor(kind, place, 0, opacity), filled, stroke_width: 1 }
    }

    /// Returns the ink that a colour of the library stands for.
    pub(super) fn of(color: BackendColor) -> Self {
        if color.alpha <= 0.0 {
            return Self::Hidden;
        }
        let (kind, place, _) = color.rgb;
        let place = usize::from(place);
        match kind {
            1 => Self::Grid,
            2 => Self::Axis,
            3 => Self::Tick,
            4 => Self::Line(place),
            5 => Self::Projected(place),
            6 => Self::Area(place),
            7 => Self::Band(place),
            8 => Self::Limit,
            _ => Self::Hidden,
        }
    }

    fn numbers(self) -> (u8, u8) {
        let short = |place: usize| u8::try_from(place).unwrap_or(u8::MAX);
        match self {
            Self::Hidden => (0, 0),
            Self::Grid => (1, 0),
            Self::Axis => (2, 0),
            Self::Tick => (3, 0),
            Self::Line(place) => (4, short(place)),
            Self::Projected(place) => (5, short(place)),
            Self::Area(place) => (6, short(place)),
            Self::Band(place) => (7, short(place)),
            Self::Limit => (8, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::style::Color;

    #[test]
    fn an_ink_survives_the_library() {
        for ink in [
            Ink::Hidden,
            Ink::Grid,
            Ink::Axis,
            Ink::Tick,
            Ink::Line(0),
            Ink::Projected(7),
            Ink::Area(3),
            Ink::Band(8),
            Ink::Limit,
        ] {
            assert_eq!(Ink::of(ink.style().color.to_backend_color()), ink);
        }
    }
}
