//! The surface that the library draws on: elements with classes instead of colours.
//!
//! The library counts whole pixels. It is given tenths, and the pen divides, so that lines
//! are where they belong.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use super::ink::Ink;
use super::measure::width_of;
use super::sheet::Anchor;
use super::svg::{escaped, px};

/// How many of the library's pixels one of ours is.
pub(super) const TENTHS: f64 = 10.0;

/// How far below its middle the baseline of a text is, in its size.
const BASELINE: f64 = 0.35;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Writes elements to a text.
pub(super) struct Pen<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

impl<'a> Pen<'a> {
    /// Makes a pen for a surface of so many tenths of a pixel.
    pub(super) fn new(out: &'a mut String, size: (u32, u32)) -> Self {
        Self { out, size }
    }

    fn path(&mut self, color: BackendColor, d: &str) {
        let Some(classes) = Ink::of(color).classes() else { return };
        if !d.is_empty() {
            self.out.push_str(&format!("<path class=\"{classes}\" d=\"{d}\"/>\n"));
        }
    }
}

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// Does nothing: no shape that is drawn here is made of pixels.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.path(style.color(), &outline([from, to]));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.path(style.color(), &outline(path));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let outline = outline(corners);
        if !outline.is_empty() {
            self.path(style.color(), &format!("{outline}z"));
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let Some(classes) = Ink::of(style.color()).classes().filter(|_| !text.is_empty()) else {
            return Ok(());
        };
        let size = style.size() / TENTHS;
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let down = match style.anchor().v_pos {
            VPos::Top => 0.8,
            VPos::Center => BASELINE,
            VPos::Bottom => -0.2,
        };
        let (x, y) = (f64::from(x) / TENTHS, f64::from(y) / TENTHS + down * size);
        let (x, y, anchor, text) = (px(x), px(y), anchor.attribute(), escaped(text));
        self.out.push_str(&format!(
            "<text class=\"{classes}\" x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>\n"
        ));
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        // A float that is too large becomes the largest number, one that is none zero.
        Ok((width_of(text, style.size()) as u32, style.size() as u32))
    }
}

/// Returns the path through `points`; a single point is a dot, which a round end shows.
fn outline(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut path = String::new();
    let mut last = None;
    for (x, y) in points {
        let (x, y) = (px(f64::from(x) / TENTHS), px(f64::from(y) / TENTHS));
        match &last {
            None => path.push_str(&format!("M{x} {y}")),
            Some((last_x, last_y)) if *last_x == x && *last_y == y => continue,
            Some((_, last_y)) if *last_y == y => path.push_str(&format!("H{x}")),
            Some((last_x, _)) if *last_x == x => path.push_str(&format!("V{y}")),
            Some(_) => path.push_str(&format!("L{x} {y}")),
        }
        last = Some((x, y));
    }
    if !path.is_empty() && !path.contains(['L', 'H', 'V']) {
        path.push_str("h0");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_no_point_twice() {
        let points = [(0, 0), (0, 0), (100, 0), (100, 55), (200, 60)];
        assert_eq!(outline(points), "M0 0H10V5.5L20 6");
        assert_eq!(outline([(15, 15)]), "M1.5 1.5h0");
        assert_eq!(outline([]), "");
    }
}
