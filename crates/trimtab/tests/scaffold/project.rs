//! The projects of the tests, and where they are written.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use trimtab_render::scaffold::{Iac, Replaced, Runtime, Scaffold, Template, Vpc, files};

#[path = "../tools/mod.rs"]
pub mod tools;

/// Tags with everything that a tag may hold and that means something to YAML, JSON or HCL.
pub const TAGS: [(&str, &str); 6] = [
    ("cost-center", "1e3"),
    ("on", "yes"),
    ("팀", "게임 공지 = 1팀"),
    ("a: b", "- c: d"),
    ("version", "2026-01-01"),
    ("mail", "@team: a+b=c._:/@-"),
];

/// Returns a project of a combination. Each language has values of its own: one runs in a network with a
/// key of the customer's, one has tags that are hard to write, and one is as plain as can be.
pub fn project(id: &str, runtime: Runtime, iac: Iac) -> Scaffold {
    let template = Template::of_id(id, "notice").expect("a template of this id");
    let mut project = Scaffold::new("notice", template, runtime, iac);
    match runtime {
        Runtime::Rust => project.reserved_concurrency = None,
        Runtime::Nodejs => {
            // The Serverless Framework takes keys in English only.
            let tags = TAGS.iter().filter(|(key, _)| iac != Iac::Serverless || key.is_ascii());
            project.tags =
                tags.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            project.account = Some("111122223333".to_owned());
            project.replaces = Some(Replaced::Instance {
                id: "i-0123456789abcdef0".to_owned(),
                region: "us-east-1".to_owned(),
            });
        }
        Runtime::Python => {
            project.vpc = Some(Vpc {
                subnet_ids: vec![
                    "subnet-0123456789abcdef0".to_owned(),
                    "subnet-01234567".to_owned(),
                ],
                security_group_ids: vec!["sg-0123456789abcdef0".to_owned()],
            });
            let key =
                "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
            project.kms_key_arn = Some(key.to_owned());
        }
    }
    project
}

/// Returns every combination with its name.
pub fn every_project() -> Vec<(String, Scaffold)> {
    let mut projects = Vec::new();
    for id in Template::IDS {
        for runtime in Runtime::ALL {
            for iac in Iac::ALL {
                let name = format!("{id}.{}.{}", runtime.id(), iac.id());
                projects.push((name, project(id, runtime, iac)));
            }
        }
    }
    projects
}

/// Writes a project into a directory, with an archive that holds nothing for the code.
pub fn write(project: &Scaffold, directory: &Path) {
    for file in files(project).expect("AWS takes these values") {
        let path = directory.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a file has a directory")).expect("ours");
        std::fs::write(&path, &file.text).expect("a file of our own");
        if file.is_executable {
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, mode).expect("a file of our own");
        }
    }
    std::fs::create_dir_all(directory.join("build")).expect("ours");
    let mut empty = b"PK\x05\x06".to_vec();
    empty.resize(22, 0);
    std::fs::write(directory.join("build/function.zip"), empty).expect("a file of our own");
}
