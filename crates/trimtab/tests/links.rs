//! Every relative link in a page of the repository leads to a file that is there.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the Markdown files of `dir`, as far below it as `depth` says, sorted.
fn pages(dir: &Path, depth: Depth) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let Ok(entries) = std::fs::read_dir(dir) else { return pages };
    for entry in entries.flatten() {
        let path = entry.path();
        match depth {
            Depth::All if path.is_dir() => pages.extend(self::pages(&path, depth)),
            Depth::All | Depth::One => {}
        }
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

/// How far below a directory to look.
#[derive(Clone, Copy)]
enum Depth {
    One,
    All,
}

/// Returns the targets of `[text](target)` outside code blocks, without what follows a `#`.
fn links(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut links = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        links.extend(targets.filter_map(|target| target.split('#').next()));
    }
    links
}

fn is_relative(link: &str) -> bool {
    !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:")
}

#[test]
fn every_link_leads_to_a_file() {
    let root = root();
    let mut all = pages(&root, Depth::One);
    all.extend(pages(&root.join("docs"), Depth::All));
    all.extend(pages(&root.join("catalog"), Depth::All));
    assert!(all.len() > 5, "the pages are gone");
    let mut broken = Vec::new();
    for page in all {
        let text = std::fs::read_to_string(&page).expect("a page is UTF-8");
        let dir = page.parent().expect("a page is in a directory");
        for link in links(&text).into_iter().filter(|link| is_relative(link)) {
            if !dir.join(link).exists() {
                broken.push(format!(
                    "{}: {link}",
                    page.strip_prefix(&root).unwrap_or(&page).display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "links to nowhere:\n  {}", broken.join("\n  "));
}

#[test]
fn links_are_found_outside_code_only() {
    let text = "see [a](b.md#part), [c](https://d)\n```\n[e](f)\n```\n";
    assert_eq!(links(text), ["b.md", "https://d"]);
    assert!(is_relative("b.md"));
    assert!(!is_relative("https://d"));
    assert!(!is_relative(""));
}
