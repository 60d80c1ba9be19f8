//! How an error looks: what happened, why, what to do.

use trimtab_model::text::Text;

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
pub fn failure(message: &Text, causes: &[Text], hint: Option<&Text>, style: &Style) -> String {
    let locale = style.locale();
    let label = locale.text("failure-error");
    let cause_label = locale.text("failure-cause");
    let hint_label = locale.text("failure-hint");
    let width = cells(&cause_label).max(cells(&hint_label));
    let mut text = format!("{} {}\n", style.bold(&label), sanitise(message.get(style.language)));
    let mut line = |label: &str, value: &Text| {
        let label = padded(label, width, Alignment::Left);
        text.push_str(&format!("  {label} {}\n", sanitise(value.get(style.language))));
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
                &Text::new(
                    "could not list volumes in eu-central-1",
                    "eu-central-1의 볼륨 목록을 읽지 못했습니다",
                ),
                &[Text::verbatim("access\u{1b}[2J denied")],
                Some(&Text::new(
                    "the role needs ec2:DescribeVolumes",
                    "역할에 ec2:DescribeVolumes 권한을 주세요",
                )),
                &Style::plain(language),
            )
        };
        assert_eq!(
            text(Language::En),
            "error: could not list volumes in eu-central-1\n  cause: access denied\n  hint:  the role needs ec2:DescribeVolumes\n"
        );
        assert_eq!(
            text(Language::Ko),
            "오류: eu-central-1의 볼륨 목록을 읽지 못했습니다\n  원인: access denied\n  조치: 역할에 ec2:DescribeVolumes 권한을 주세요\n"
        );
    }
}
