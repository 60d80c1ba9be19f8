//! A plan, written down for those who carry it out, own what it changes, or live with it.

mod announcement;
mod architecture;
mod awscli;
mod command;
mod escape;
mod patches;
mod record;
mod words;

pub use announcement::announcement;
pub use awscli::awscli;
pub use command::command;
pub use patches::{cloudformation, terraform};
pub use record::record;

pub(crate) use architecture::give_again;
pub(super) use escape::{line, quoted};

#[cfg(test)]
mod tests {
    use trimtab_model::journal::{ChangeOutcome, Event, Journal, RunOutcome};
    use trimtab_model::text::{Language, Reason};

    use super::super::sample;
    use super::*;

    #[test]
    fn a_script_does_nothing_by_itself_and_says_how_to_go_back() {
        let script = awscli(&sample::plan());
        assert!(script.starts_with("#!/usr/bin/env bash\n"), "{script}");
        assert!(script.contains("set -euo pipefail"), "{script}");
        for line in script.lines() {
            assert!(!line.starts_with("aws "), "a bare call: {line}");
        }
        let stop = script.find("run aws ec2 stop-instances").expect("a stop");
        let modify = script.find("run aws ec2 modify-instance-attribute").expect("a change");
        let start = script.find("run aws ec2 start-instances").expect("a start");
        assert!(stop < modify && modify < start, "{script}");
        assert!(script.contains("# undo: aws ec2 modify-instance-attribute"), "{script}");
    }

    #[test]
    fn a_script_destroys_nothing_without_a_second_word() {
        let mut plan = sample::plan();
        let change = &mut plan.stages[0].waves[0].changes[0];
        change.class = trimtab_model::plan::ChangeClass::Destructive;
        change.action = trimtab_model::action::Action::ReleaseAddress { public_ip: None };
        let script = awscli(&plan);
        assert!(script.contains("\ndestroy aws ec2 release-address"), "{script}");
        assert!(!script.contains("run aws ec2 release-address"), "{script}");
    }

    #[test]
    fn a_hostile_name_neither_ends_a_comment_nor_a_table() {
        let mut plan = sample::plan();
        let hostile = "x\nrm -rf / #'$(reboot)|<b>\u{202e}";
        let wave = &mut plan.stages.last_mut().unwrap().waves[0];
        wave.changes[0].resource.name = Some(hostile.to_owned());
        wave.changes[0].resource.id = hostile.into();
        let script = awscli(&plan);
        assert!(!script.lines().any(|line| line.starts_with("rm -rf") && !line.contains("'\\''")));
        assert!(
            script
                .lines()
                .filter(|line| line.contains("reboot"))
                .all(|line| { line.starts_with('#') || line.contains("#'\\''$(reboot)") }),
            "{script}"
        );
        for language in [Language::En, Language::Ko] {
            let page = announcement(&plan, None, sample::now(), language);
            assert!(!page.contains("<b>") && !page.contains('\u{202e}'), "{page}");
            assert!(!page.lines().any(|line| line.starts_with("rm -rf")), "{page}");
        }
    }

    #[test]
    fn an_announcement_says_what_when_how_and_whom_to_call() {
        let plan = sample::plan();
        let english = announcement(&plan, Some("#platform-oncall"), sample::now(), Language::En);
        for part in [
            "# Planned change",
            "m5.xlarge → m6i.large",
            "70.08 USD",
            "up to 20 minutes",
            "04:00–06:00",
            "Asia/Seoul",
            "canary",
            "CPU use",
            "#platform-oncall",
            "Left out",
            "R-left",
        ] {
            assert!(english.contains(part), "{part} is not in\n{english}");
        }
        let korean = announcement(&plan, None, sample::now(), Language::Ko);
        for part in ["# 변경 예정 안내", "최대 20분", "카나리", "제외된 항목", "CPU 사용률"]
        {
            assert!(korean.contains(part), "{part} is not in\n{korean}");
        }
    }

    #[test]
    fn a_record_says_what_happened_and_how_each_change_ended() {
        let plan = sample::plan();
        let change = plan.changes().next().unwrap().id.clone();
        let mut journal = Journal::default();
        let events = [
            Event::RunStarted {
                run: "RUN-1".into(),
                plan: plan.id().unwrap(),
                hash: plan.hash().unwrap(),
                operator: "kim".into(),
                host: "bastion".into(),
            },
            Event::ChangeClosed {
                change: change.clone(),
                outcome: ChangeOutcome::Refused,
                reason: Reason::new("drift", "Its type is another.", "유형이 다릅니다."),
                manual: Vec::new(),
            },
            Event::RunClosed { outcome: RunOutcome::Refused },
        ];
        for event in events {
            journal.append(sample::now(), 1, event);
        }
        let english = record(&plan, &journal, Language::En);
        for part in ["kim", "Nothing was changed", "Its type is another.", change.as_str()] {
            assert!(english.contains(part), "{part} is not in\n{english}");
        }
        // What did not begin is said to not have begun.
        assert!(english.contains("not begun"), "{english}");
        assert!(record(&plan, &journal, Language::Ko).contains("유형이 다릅니다."));
    }

    #[test]
    fn owners_get_attribute_and_value_of_each_resource() {
        let plan = sample::plan();
        assert!(cloudformation(&plan).contains("InstanceType: \"m6i.large\""));
        let hcl = terraform(&plan);
        assert!(hcl.contains("instance_type = \"m6i.large\""), "{hcl}");
    }
}
