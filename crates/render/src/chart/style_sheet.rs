//! The colours of charts.

/// The rules for charts in a page: every colour is a token with a light and a dark value.
pub const CSS: &str = include_str!("chart.css");

/// The same rules with their light values, for a picture without a page around it.
///
/// Renderers of pictures know neither tokens nor `light-dark()`.
pub const STYLE_LIGHT: &str = include_str!("chart_light.css");

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Token, light value, dark value.
    fn tokens() -> BTreeMap<&'static str, (&'static str, &'static str)> {
        let declaration = |line: &'static str| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name, (light, dark)))
        };
        CSS.lines().filter_map(declaration).collect()
    }

    #[test]
    fn the_light_style_is_the_style_sheet_with_its_light_values() {
        let (_, rules) = CSS.split_once("/* rules */\n").unwrap();
        let (rules, _) = rules.split_once("/* page only */\n").unwrap();
        let mut light = rules.to_owned();
        for (name, (value, _)) in tokens() {
            light = light.replace(&format!("var(--{name})"), value);
        }
        let font = "text { font-family: \"Noto Sans KR\", \"Noto Sans CJK KR\", sans-serif; }\n";
        assert_eq!(STYLE_LIGHT, format!("{font}{light}"));
        assert!(!STYLE_LIGHT.contains("var(") && !STYLE_LIGHT.contains("light-dark"));
    }

    #[test]
    fn texts_on_areas_can_be_read() {
        let tokens = tokens();
        for (name, (light, dark)) in &tokens {
            let below_text = name.strip_prefix("chart-t");
            let is_area = |rest: &str| rest == "-other" || rest.parse::<u8>().is_ok();
            if !below_text.is_some_and(is_area) {
                continue;
            }
            for (area, on, veil, share) in [
                (light, tokens["chart-on"].0, tokens["chart-veil"].0, 0.1),
                (dark, tokens["chart-on"].1, tokens["chart-veil"].1, 0.1),
            ] {
                let tile = mixed(channels(area), channels(veil), share);
                let contrast = contrast(tile, channels(on));
                assert!(contrast >= 4.5, "{name}: {area} and {on}: {contrast:.2}");
            }
        }
    }

    fn channels(colour: &str) -> [f64; 3] {
        let digits = colour.strip_prefix('#').unwrap();
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
    }

    fn mixed(below: [f64; 3], above: [f64; 3], share: f64) -> [f64; 3] {
        [0, 1, 2].map(|i| below[i] * (1.0 - share) + above[i] * share)
    }

    /// The contrast of the Web Content Accessibility Guidelines.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let linear = |c: f64| {
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let luminance =
            |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
