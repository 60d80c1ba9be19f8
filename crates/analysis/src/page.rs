//! The public page of a check, in both languages: the head comment of the check's file.

use trimtab_model::text::Language;

/// The heading behind which the Korean part of a head comment stands.
const KOREAN: &str = "# 한국어";

/// Returns what the head comment of `source` says in `language`, as Markdown.
///
/// The page of a head comment without a Korean part is empty in Korean; a test sees that no
/// check is without.
pub fn page_of(source: &str, language: Language) -> String {
    let head: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let mut parts = head.split(|line| *line == KOREAN);
    let english = parts.next().unwrap_or_default();
    let korean = parts.next().unwrap_or_default();
    let part = match language {
        Language::En => english,
        Language::Ko => korean,
    };
    part.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &str = "//! Finds it.\n//!\n//! **Why.** Money.\n//!\n//! # 한국어\n//!\n//! 찾습니다.\n\nuse a;\n//! no\n";

    fn check(source: &str, english: &str, korean: &str) {
        assert_eq!(page_of(source, Language::En), english);
        assert_eq!(page_of(source, Language::Ko), korean);
    }

    #[test]
    fn each_language_is_one_part_of_the_head_comment() {
        check(BOTH, "Finds it.\n\n**Why.** Money.", "찾습니다.");
    }

    #[test]
    fn a_head_comment_in_english_alone_has_no_korean_page() {
        check("//! Finds it.\n", "Finds it.", "");
    }

    #[test]
    fn a_file_without_a_head_comment_has_no_page() {
        check("use a;\n", "", "");
    }
}
