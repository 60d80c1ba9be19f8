//! How an error looks: what happened, why, what to do.

use crate::sanitise;
use crate::style::Style;
use crate::width::{Alignment, cells, padded};

/// Returns an error as text: the message, its chain of causes and a hint, each on a line.
///
/// ```text
/// error: could not list volumes in eu-central-1
///   cause: access denied
///   hint:  the role needs ec2:DescribeVolumes
/// ```
pub fn failure(message: &str, causes: &[String], hint: Option<&str>, style: &Style) -> String {
    let locale = style.locale();
    let label = locale.text("failure-error");
    let cause_label = locale.text("failure-cause");
    let hint_label = locale.text("failure-hint");
    let width = cells(&cause_label).max(cells(&hint_label));
    let mut text = format!("{} {}\n", style.bold(&label), sanitise(message));
    let mut line = |label: &str, value: &str| {
        let label = padded(label, width, Alignment::Left);
        text.push_str(&format!("  {label} {}\n", sanitise(value)));
    };
    for cause in causes {
        line(&cause_label, cause);
    }
    if let Some(hint) = hint {
        line(&hint_label, hint);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::text::Language;

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let text = |language| {
            failure(
                "could not list volumes in eu-central-1",
                &["access\u{1b}[2J denied".to_owned()],
                Some("the role needs ec2:DescribeVolumes"),
                &Style::plain(language),
            )
        };
        assert_eq!(
            text(Language::En),
            "error: could not list volumes in eu-central-1\n  cause: access denied\n  hint:  the role needs ec2:DescribeVolumes\n"
        );
        assert_eq!(
            text(Language::Ko),
            "오류: could not list volumes in eu-central-1\n  원인: access denied\n  조치: the role needs ec2:DescribeVolumes\n"
        );
    }
}
