//! Commands that pages print, so that they reach the data that the pages show.

use std::path::Path;

/// What a command begins with where a page prints one.
const PRINTED: &str = "<code>trimtab ";

/// Returns a command that names a data directory, where there is one to name.
pub fn command_for(data_dir: Option<&Path>, command: &str) -> String {
    match (data_dir, command.strip_prefix("trimtab ")) {
        (Some(dir), Some(rest)) => format!("trimtab --data-dir {} {rest}", quoted(dir)),
        _ => command.to_owned(),
    }
}

/// Returns a page whose commands name a data directory.
pub(crate) fn named(page: String, data_dir: &Path) -> String {
    let option = maud::html! { (quoted(data_dir)) }.into_string();
    page.replace(PRINTED, &format!("{PRINTED}--data-dir {option} "))
}

/// Quotes a path for a shell, where it needs that.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-~+".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_the_directory_and_a_path_is_quoted_where_it_has_to_be() {
        let of = |dir: &str| command_for(Some(Path::new(dir)), "trimtab plan create");
        assert_eq!(of("/data/demo"), "trimtab --data-dir /data/demo plan create");
        assert_eq!(of("/my data"), "trimtab --data-dir '/my data' plan create");
        assert_eq!(command_for(None, "trimtab plan create"), "trimtab plan create");
    }

    #[test]
    fn commands_of_a_page_name_it_and_words_do_not() {
        let page = "<p>trimtab scan</p><pre><code>trimtab scan</code></pre><code>aws s3 ls</code>";
        let named = named(page.to_owned(), Path::new("/d & e"));
        assert!(named.contains("<code>trimtab --data-dir '/d &amp; e' scan</code>"), "{named}");
        assert!(named.contains("<p>trimtab scan</p>") && named.contains("<code>aws s3 ls</code>"));
    }
}
