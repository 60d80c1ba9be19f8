//! A chart as PNG: readers of mail show no SVG.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use trimtab_render::chart::STYLE_LIGHT;
use trimtab_render::report::FONT;

use crate::error::SendError;

/// Pixels for each unit of the chart: enough for a telephone's screen.
const SCALE: f32 = 2.0;
/// The largest side of a picture, in pixels. No chart of a report comes near it.
const LARGEST: f32 = 8_192.0;
/// The font of the reports, and no other: a picture is the same on every machine.
const FAMILY: &str = "Noto Sans KR";

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// Draws a chart of a report on white, at twice its size.
///
/// # Errors
/// Fails on what is no SVG, and on a size that no chart has.
pub fn png(svg: &str) -> Result<Vec<u8>, SendError> {
    let failed = |problem: String| SendError::Picture { problem };
    let options = Options {
        font_family: FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        // The chart has classes and no colours: its page would have the rules.
        style_sheet: Some(STYLE_LIGHT.to_owned()),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|cause| failed(cause.to_string()))?;
    let size = tree.size();
    let pixels = |side: f32| -> Option<u32> {
        let side = (side * SCALE).ceil();
        // The bounds are those of the type, so nothing is cut off.
        ((1.0..=LARGEST).contains(&side)).then_some(side as u32)
    };
    let mut picture = pixels(size.width())
        .zip(pixels(size.height()))
        .and_then(|(width, height)| Pixmap::new(width, height))
        .ok_or_else(|| failed("its size is none".to_owned()))?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|cause| failed(cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shades(svg: &str) -> (u32, std::collections::BTreeSet<[u8; 3]>) {
        let picture = Pixmap::decode_png(&png(svg).unwrap()).unwrap();
        let colours = picture.pixels().iter().map(|p| [p.red(), p.green(), p.blue()]).collect();
        (picture.width(), colours)
    }

    #[test]
    fn a_class_has_the_colour_of_the_page() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 40 20" width="40" height="20"><rect class="saved" width="40" height="20"/></svg>"#;
        let (width, colours) = shades(svg);
        assert_eq!((width, colours), (80, [[0x0b, 0x7a, 0x4b]].into()));
    }

    #[test]
    fn korean_letters_are_drawn() {
        let text = |letters: &str| {
            let svg = format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 90 30" width="90" height="30"><text x="4" y="20">{letters}</text></svg>"#
            );
            png(&svg).unwrap()
        };
        let (_, colours) = shades(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 90 30" width="90" height="30"><text x="4" y="20">주간</text></svg>"#,
        );
        assert!(colours.contains(&[0x17, 0x1b, 0x24]), "the ink of charts: {colours:?}");
        // Letters without a glyph would all be the same box.
        assert_ne!(text("주간"), text("비용"));
        assert_ne!(text("주간"), text(""));
    }

    #[test]
    fn what_is_no_chart_is_refused() {
        assert!(png("<p>no</p>").is_err());
        let huge = r#"<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>"#;
        assert!(png(huge).is_err());
    }
}
