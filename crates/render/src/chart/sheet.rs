//! A chart while it is drawn: elements, marks with their texts, and what names the whole.

use std::fmt::Write as _;

use super::caption::Caption;
use super::measure::clean;
use super::size::Size;
use super::svg::{Svg, escaped, px, rounded};

/// Where a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Start => "",
            Self::Middle => " text-anchor=\"middle\"",
            Self::End => " text-anchor=\"end\"",
        }
    }
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// Makes the rectangle between two corners, whichever they are.
    pub(super) fn between(one: (f64, f64), other: (f64, f64)) -> Self {
        let (x, y) = (one.0.min(other.0), one.1.min(other.1));
        Self { x, y, width: (one.0 - other.0).abs(), height: (one.1 - other.1).abs() }
    }

    /// Returns the rectangle without `by` pixels on each side.
    pub(super) fn inset(self, by: f64) -> Self {
        let (width, height) = ((self.width - 2.0 * by).max(0.0), (self.height - 2.0 * by).max(0.0));
        Self { x: self.x + by, y: self.y + by, width, height }
    }

    /// Returns its outline as a part of a path; corners agree with those of its neighbours.
    pub(super) fn outline(self) -> String {
        let (left, top) = (rounded(self.x), rounded(self.y));
        let (right, bottom) = (rounded(self.x + self.width), rounded(self.y + self.height));
        format!(
            "M{} {}h{}v{}h{}z",
            px(left),
            px(top),
            px(right - left),
            px(bottom - top),
            px(left - right)
        )
    }
}

/// What a mark tells about itself, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tip {
    /// One line, which a screen reader says.
    pub line: String,
    /// Further lines.
    pub more: Vec<String>,
    /// Where it leads.
    pub link: Option<String>,
}

impl Tip {
    pub(super) fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), ..Self::default() }
    }

    pub(super) fn to(self, link: Option<&str>) -> Self {
        Self { link: link.filter(|link| leads_somewhere(link)).map(str::to_owned), ..self }
    }

    fn text(&self) -> String {
        let lines = std::iter::once(&self.line).chain(&self.more);
        lines.map(|line| clean(line)).collect::<Vec<_>>().join("\n")
    }
}

/// Only places on the same site and pages on the web: no script, no data.
fn leads_somewhere(link: &str) -> bool {
    let on_site = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/\\");
    let on_web = link.starts_with("https://") || link.starts_with("http://");
    (on_site || on_web || link.starts_with(['#', '?'])) && link.len() <= 2_000
}

/// A chart while it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    kind: &'static str,
    caption: Caption,
    size: Size,
    height: f64,
    sentences: Vec<String>,
    body: String,
    links: usize,
    /// While a link is drawn, the texts that stand on it: they come behind it, because a word that was
    /// cut is no name of it.
    on_link: Option<String>,
}

impl Sheet {
    /// Begins a chart of `kind`, which is a class of the element.
    pub(super) fn new(kind: &'static str, caption: &Caption, size: Size, height: f64) -> Self {
        let sentences = vec![caption.safe_basis()];
        let body = String::new();
        Self {
            kind,
            caption: caption.clone(),
            size,
            height,
            sentences,
            body,
            links: 0,
            on_link: None,
        }
    }

    /// Adds a sentence to the description.
    pub(super) fn describe(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// Adds markup that is drawn already.
    pub(super) fn add(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    pub(super) fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        let corner = if radius > 0.0 { format!(" rx=\"{}\"", px(radius)) } else { String::new() };
        self.shape(class, rect, &corner);
    }

    /// Draws a rectangle that is filled with the pattern called `pattern`.
    pub(super) fn patterned(&mut self, pattern: &str, rect: Rect) {
        let fill = format!(" fill=\"url(#{}-{pattern})\"", self.prefix());
        self.shape("pattern", rect, &fill);
    }

    fn shape(&mut self, class: &str, rect: Rect, attributes: &str) {
        let Rect { x, y, width, height } = rect;
        self.write(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{attributes}/>",
            px(x),
            px(y),
            px(width.max(0.0)),
            px(height.max(0.0))
        ));
    }

    pub(super) fn path(&mut self, class: &str, path: &str) {
        if !path.is_empty() {
            self.write(&format!("<path class=\"{class}\" d=\"{path}\"/>"));
        }
    }

    pub(super) fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let (x, y, radius) = (px(x), px(y), px(radius));
        self.write(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
    }

    pub(super) fn text(&mut self, class: &str, anchor: Anchor, (x, y): (f64, f64), text: &str) {
        let (x, y, anchor, text) = (px(x), px(y), anchor.attribute(), escaped(&clean(text)));
        match &mut self.on_link {
            Some(texts) => texts.push_str(&format!(
                "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor} aria-hidden=\"true\">{text}</text>"
            )),
            None => self
                .write(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>")),
        }
    }

    /// Draws what belongs together under one tip; with a link, it is one.
    pub(super) fn mark(&mut self, tip: &Tip, draw: impl FnOnce(&mut Self)) {
        let text = escaped(&tip.text());
        match &tip.link {
            Some(link) => {
                self.links += 1;
                let (link, line) = (escaped(link), escaped(&clean(&tip.line)));
                self.write(&format!(
                    "<a class=\"mark\" href=\"{link}\" aria-label=\"{line}\" data-t=\"{text}\">"
                ));
                self.on_link = Some(String::new());
                draw(self);
                let texts = self.on_link.take().unwrap_or_default();
                self.write("</a>");
                self.write(&texts);
            }
            None => {
                self.write(&format!("<g class=\"mark\" data-t=\"{text}\">"));
                draw(self);
                self.write("</g>");
            }
        }
    }

    /// Defines the stripes that `patterned("hatch", …)` fills with.
    pub(super) fn define_hatch(&mut self) {
        let prefix = self.prefix();
        self.write(&format!(
            "<defs><pattern id=\"{prefix}-hatch\" width=\"5\" height=\"5\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"hatch\" width=\"2.2\" height=\"5\"/></pattern></defs>"
        ));
    }

    /// Ends the chart.
    pub(super) fn finish(self) -> Svg {
        let prefix = self.prefix();
        let (width, height) = (px(self.size.width()), px(self.height));
        // Whoever hears that an element is a picture is not told of the links inside.
        let role = if self.links > 0 { "group" } else { "img" };
        let form = self.size.pick("wide", "narrow");
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {} {form}\" role=\"{role}\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             aria-labelledby=\"{prefix}-title {prefix}-desc\"",
            self.kind
        );
        let sentences: Vec<&str> =
            self.sentences.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let mut body = String::new();
        body.push_str(&format!(
            "<title id=\"{prefix}-title\">{}</title><desc id=\"{prefix}-desc\">{}</desc>",
            escaped(&self.caption.safe_title()),
            escaped(&sentences.join(" · "))
        ));
        body.push_str(&self.body);
        Svg::new(head, body)
    }

    /// Returns what the ids of this picture begin with: one chart is drawn in two widths.
    fn prefix(&self) -> String {
        format!("{}-{}", self.caption.safe_id(), px(self.size.width()))
    }

    fn write(&mut self, markup: &str) {
        // Elements stand on lines of their own, so that two pictures can be compared.
        writeln!(self.body, "{markup}").expect("a string can always be written to");
    }
}
