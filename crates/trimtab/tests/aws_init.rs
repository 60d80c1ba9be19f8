//! Init looks, proposes and writes: a configuration that holds, once, in the user's language.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

const CONFIG: &str = "trimtab.toml";
const TEMPLATE: &str = "trimtab-read.yaml";

fn is_korean(text: &str) -> bool {
    text.chars().any(|letter| ('가'..='힣').contains(&letter))
}

#[test]
fn an_account_of_its_own_is_proposed_with_a_role_and_written_once() {
    let emulator = Emulator::start();
    let init = emulator.trimtab(&["init", "--yes", "--lang", "ko"]);
    assert_eq!(init.status.code(), Some(0), "{}{}", stdout(&init), stderr(&init));
    let config = emulator.read(CONFIG).expect("it was written");
    let template = emulator.read(TEMPLATE).expect("it was written");
    assert!(config.contains("role = \"trimtab-read\""), "{config}");
    assert!(config.lines().any(|line| line.starts_with('#') && is_korean(line)), "{config}");
    assert!(template.contains("ec2:DescribeVolumes"), "{template}");
    let valid = emulator.trimtab(&["config", "validate"]);
    assert_eq!(valid.status.code(), Some(0), "{}", stderr(&valid));

    // The external ID is told once, and stands in no file.
    let told = stdout(&init);
    let id = told.split("TRIMTAB_EXTERNAL_ID=").nth(1).expect("the ID is told");
    let id: String = id.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(id.len(), 32, "{told}");
    assert!(!config.contains(&id) && !template.contains(&id));
    assert!(told.contains("trimtab doctor") && told.contains("trimtab scan --estimate"), "{told}");

    // Twice is once, whatever is said.
    let calls = emulator.calls().len();
    let again = emulator.trimtab(&["init", "--yes"]);
    assert_eq!(again.status.code(), Some(2), "{}", stdout(&again));
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    assert_eq!(emulator.read(CONFIG).as_deref(), Some(config.as_str()));
    assert_eq!(emulator.calls().len(), calls, "nothing was asked for nothing");
    let forced = emulator.trimtab(&["init", "--yes", "--force", "--no-role", "--lang", "en"]);
    assert_eq!(forced.status.code(), Some(0), "{}", stderr(&forced));
    let config = emulator.read(CONFIG).expect("it was written");
    assert!(!is_korean(&config) && !config.contains("\nrole ="), "{config}");
}

#[test]
fn nobody_to_ask_is_shown_what_would_be_written() {
    let emulator = Emulator::start();
    for arguments in [&["init"][..], &["init", "--non-interactive"], &["init", "-o", "json"]] {
        let init = emulator.trimtab(arguments);
        assert_eq!(init.status.code(), Some(2), "{}{}", stdout(&init), stderr(&init));
        assert!(stdout(&init).contains("external_id_env"), "{}", stdout(&init));
        assert!(stderr(&init).contains("--yes"), "{}", stderr(&init));
        assert_eq!((emulator.read(CONFIG), emulator.read(TEMPLATE)), (None, None));
    }
}

#[test]
fn an_organisation_is_proposed_to_its_manager_and_then_read() {
    let emulator = Emulator::start();
    emulator.seed();
    emulator.post("/emulator/forget", &json!(null));
    let init = emulator.trimtab(&["init", "--yes", "-o", "json"]);
    assert_eq!(init.status.code(), Some(0), "{}{}", stdout(&init), stderr(&init));
    let document = json(&init);
    assert_eq!(document["organization_accounts"], json!(3));
    let config = emulator.read(CONFIG).expect("it was written");
    assert!(config.contains("[organization]"), "{config}");
    let seoul = document["items"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["region"] == "ap-northeast-2");
    assert_eq!(seoul.expect("a region")["resource_types"][0], "AWS::EC2::Instance");
    for (_, _, action, _) in emulator.calls() {
        let (_, verb) = action.split_once(':').expect("service:Action");
        let reads = ["Describe", "List", "Get"].iter().any(|read| verb.starts_with(read));
        assert!(reads, "{action} may change something");
    }
    let mut doctor = emulator.command(&["doctor", "--services", "ec2", "-o", "json"]);
    let id = document["external_id"].as_str().expect("it is told");
    let doctor = doctor.env("TRIMTAB_EXTERNAL_ID", id).output().expect("the binary runs");
    assert_eq!(doctor.status.code(), Some(0), "{}{}", stdout(&doctor), stderr(&doctor));
    let diagnosis = json(&doctor);
    let accounts = diagnosis["items"].as_array().expect("a list").iter();
    assert_eq!(accounts.filter(|step| step["code"] == "entered").count(), 3);
}

#[test]
fn a_member_is_told_who_manages_it_and_its_profile_is_written() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let mut others = world["accounts"].as_array().expect("a list").iter();
    let member = others.find(|one| **one != world["home"]).and_then(Value::as_str).expect("one");
    emulator.write(
        ".aws/config",
        &format!(
            "[profile base]\naws_access_key_id = test\naws_secret_access_key = test\n\
             [profile live]\nrole_arn = arn:aws:iam::{member}:role/trimtab-read\nsource_profile = base\n\
             [profile tool]\ncredential_process = touch ran\n"
        ),
    );
    let several = emulator.bare(&["init", "--yes"]).output().expect("the binary runs");
    assert_eq!(several.status.code(), Some(2), "{}", stdout(&several));
    assert!(stderr(&several).contains("base, live"), "{}", stderr(&several));
    assert_eq!(emulator.read("ran"), None, "a program ran that nobody asked for");

    let arguments = ["init", "--yes", "--profile", "live", "--region", "us-east-1", "-o", "json"];
    let init = emulator.bare(&arguments).output().expect("the binary runs");
    assert_eq!(init.status.code(), Some(0), "{}{}", stdout(&init), stderr(&init));
    let document = json(&init);
    assert_eq!(document["account"], json!(member));
    assert_eq!(document["organization_managed_by"], world["home"]);
    let config = emulator.read(CONFIG).expect("it was written");
    assert!(
        config.contains("profile = \"live\"") && config.contains("regions = [\"us-east-1\"]"),
        "{config}"
    );
}

#[test]
fn without_credentials_the_profiles_and_the_next_step_are_told() {
    let emulator = Emulator::start();
    let none = emulator.bare(&["init", "--yes", "--lang", "ko"]).output().expect("the binary runs");
    assert_eq!(none.status.code(), Some(3), "{}", stdout(&none));
    assert!(stderr(&none).contains("aws configure sso"), "{}", stderr(&none));
    emulator.write(
        ".aws/config",
        "[profile old]\nsso_start_url = https://game.example.com/start\nsso_region = us-east-1\n\
         sso_account_id = 111122223333\nsso_role_name = ViewOnly\n",
    );
    let expired = emulator.bare(&["init", "--yes"]).output().expect("the binary runs");
    assert_eq!(expired.status.code(), Some(3), "{}", stdout(&expired));
    assert!(stderr(&expired).contains("aws sso login --profile old"), "{}", stderr(&expired));
    assert_eq!(emulator.read(CONFIG), None);
}
