//! A page with every chart, to look at: written when TRIMTAB_CHARTS names a folder.
#![expect(clippy::disallowed_methods, reason = "this test writes a page where it is asked to")]

use std::fmt::Write as _;

use trimtab_model::text::Language;
use trimtab_render::chart::{CSS, LegendItem, LegendMark};

use crate::sample;

const PAGE: &str = "
body { margin: 0; background: light-dark(#f5f6f8, #0f1216); color: light-dark(#171b24, #e8eaf0);
  font: 14px/1.5 Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif; }
section { display: flex; flex-wrap: wrap; gap: 16px; padding: 16px; align-items: start; }
figure { margin: 0; padding: 14px 16px; border-radius: 10px; background: light-dark(#fff, #171a21);
  border: 1px solid light-dark(#e3e6ec, #262b36); }
figcaption { font-weight: 700; margin-bottom: 8px; }
figcaption small { font-weight: 400; color: light-dark(#586174, #9aa3b5); margin-left: 6px; }
ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 8px 0 0; padding: 0;
  font-size: 12px; color: light-dark(#586174, #9aa3b5); }
.chart { width: auto; }
li .chart { display: inline-block; vertical-align: -1px; margin-right: 5px; }
";

#[test]
fn a_gallery_is_written_where_it_is_asked_for() {
    let Ok(folder) = std::env::var("TRIMTAB_CHARTS") else { return };
    for (theme, language) in
        [("light", Language::Ko), ("dark", Language::Ko), ("english", Language::En)]
    {
        let scheme = if theme == "dark" { "dark" } else { "light" };
        let page = page(scheme, language);
        std::fs::write(format!("{folder}/gallery-{theme}.html"), page).unwrap();
    }
    let style = sample::style(Language::Ko);
    for drawing in sample::all() {
        let name = drawing.name.replace([' ', ','], "-");
        let picture = (drawing.draw)(drawing.sizes[0], &style).standalone();
        std::fs::write(format!("{folder}/{name}.svg"), picture).unwrap();
    }
}

fn page(scheme: &str, language: Language) -> String {
    let style = sample::style(language);
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>charts</title>\
         <style>:root{{color-scheme:{scheme}}}{CSS}{PAGE}</style><section>"
    );
    for drawing in sample::all() {
        for size in &drawing.sizes {
            let picture = (drawing.draw)(*size, &style);
            let legend: String = (drawing.legend)(&style).iter().map(entry).collect();
            let legend = if legend.is_empty() { legend } else { format!("<ul>{legend}</ul>") };
            write!(
                page,
                "<figure><figcaption>{}<small>{} B</small></figcaption>{picture}{legend}</figure>",
                drawing.name,
                picture.to_string().len()
            )
            .unwrap();
        }
    }
    page + "</section>"
}

fn entry(item: &LegendItem) -> String {
    let class = item.class;
    let sign = match item.mark {
        LegendMark::Fill => format!("<rect class='{class}' width=11 height=11 rx=2 />"),
        LegendMark::Hatch => format!("<rect class='{class}' fill-opacity=.4 width=11 height=11 />"),
        LegendMark::Line => format!("<path class='line {class}' d='M0 5H11'/>"),
        LegendMark::Dashed => format!("<path class='line projected {class}' d='M0 5H11'/>"),
        LegendMark::Dot => format!("<circle class='{class}' cx=5.5 cy=5.5 r=4 />"),
    };
    let name = item.name.replace('<', "&lt;");
    format!("<li><svg class=chart width=11 height=11 viewBox='0 0 11 11'>{sign}</svg>{name}</li>")
}
