//! The files of a project.

use super::error::ScaffoldError;
use super::fill::filled;
use super::project::{Iac, Scaffold, Template};
use super::{cloudformation, guide, migration, sam, script, serverless, source, terraform};

const SCHEMA: &str = include_str!("templates/schema.sql");
const EXAMPLE: &str = include_str!("templates/example.json");
const IGNORED: &str = "/build/\n/target/\nnode_modules/\n__pycache__/\n.serverless/\n.terraform/\n*.tfstate*\n\
     /database.json\n/token.txt\n";

/// A file of a project that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaffoldFile {
    /// Its path below the project's directory, with `/` between the parts.
    pub path: String,
    /// All of its text.
    pub text: String,
    /// Whether it is a program that is started by its name.
    pub is_executable: bool,
}

/// Returns the files of a project, sorted by path.
///
/// # Errors
///
/// Refuses a value that AWS or a file of the project does not take; then nothing is to be written.
pub fn files(scaffold: &Scaffold) -> Result<Vec<ScaffoldFile>, ScaffoldError> {
    scaffold.validate()?;
    let values = [("lower_name", scaffold.name.to_lowercase())];
    let plain = |path: &str, text: String| ScaffoldFile {
        path: path.to_owned(),
        text,
        is_executable: false,
    };
    let mut files =
        vec![plain(".gitignore", IGNORED.to_owned()), plain("schema.sql", SCHEMA.to_owned())];
    if !matches!(scaffold.template, Template::Schedule { .. }) {
        files.push(plain("example.json", EXAMPLE.to_owned()));
    }
    for (path, text) in source::sources(scaffold) {
        files.push(plain(path, filled(text, &values)));
    }
    files.extend(infrastructure(scaffold).into_iter().map(|(path, text)| plain(path, text)));
    files.extend(guide::pages(scaffold).into_iter().map(|(path, text)| plain(path, text)));
    files.push(plain("migration.json", migration::plan(scaffold)));
    files.extend(script::scripts(scaffold).into_iter().map(|(path, text)| ScaffoldFile {
        path: path.to_owned(),
        text,
        is_executable: true,
    }));
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn infrastructure(scaffold: &Scaffold) -> Vec<(&'static str, String)> {
    match scaffold.iac {
        Iac::Serverless => vec![("serverless.yml", serverless::configuration(scaffold))],
        Iac::Sam => vec![("template.yaml", sam::template(scaffold))],
        Iac::Cloudformation => vec![("template.yaml", cloudformation::template(scaffold))],
        Iac::Terraform => terraform::files(scaffold),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
