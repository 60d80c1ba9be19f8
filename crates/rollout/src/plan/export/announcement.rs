//! The announcement of a plan to those who live with it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::gate::{HealthGate, Presence, Signal};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::recommendation::Undo;
use trimtab_model::text::{Language, memory};

use super::escape::prose;
use super::words::{self, say};
use crate::plan::nature::stated;
use crate::plan::timetable::simulate_schedule;

/// Writes what is going to be changed, why, when, how, and whom to call, as Markdown.
///
/// `contact` is whom to call; where nobody is named, it is who made the plan.
pub fn announcement(
    plan: &Plan,
    contact: Option<&str>,
    now: Timestamp,
    language: Language,
) -> String {
    let page = Page { plan, language };
    let id = plan.id().map_or_else(|_| "-".to_owned(), |id| id.to_string());
    let title = say(language, "Planned change", "변경 예정 안내");
    let contact = prose(contact.unwrap_or(&plan.created_by));
    let call = match language {
        Language::En => format!("Call {contact} if anything looks wrong, before, during or after."),
        Language::Ko => format!("변경 전후나 진행 중에 이상이 보이면 {contact}에게 연락하세요."),
    };
    [
        format!("# {title}: {id}\n\n{}", page.summary()),
        page.what(),
        page.why(),
        page.impact(),
        page.when(now),
        page.how(),
        page.gates(),
        format!("## {}\n\n{call}\n", say(language, "Whom to call", "연락처")),
        page.left_out(),
    ]
    .join("\n")
}

struct Page<'a> {
    plan: &'a Plan,
    language: Language,
}

impl Page<'_> {
    fn say(&self, en: &'static str, ko: &'static str) -> &'static str {
        say(self.language, en, ko)
    }

    fn summary(&self) -> String {
        let (count, plan) = (self.plan.changes().count(), self.plan);
        let saved = match words::sum(plan.changes()) {
            Some(sum) => sum,
            None if count == 0 => "0".to_owned(),
            None => self.say("an unknown amount", "알 수 없음").to_owned(),
        };
        let (by, at) =
            (prose(&plan.created_by), words::moment(plan.created_at, &plan.rules.windows));
        let inventory = words::moment(plan.built_from, &plan.rules.windows);
        match self.language {
            Language::En => format!(
                "{}, which together should save {saved} a month (estimated, after discounts). Made by {by} at {at} from the inventory of {inventory}.\n",
                trimtab_model::text::counted(count, "change")
            ),
            Language::Ko => format!(
                "변경 {count}건, 예상 절감액은 모두 합해 월 {saved}입니다(할인 반영, 적용 전 추정). 작성자: {by}, 작성 시각: {at}, 인벤토리 기준 시각: {inventory}.\n"
            ),
        }
    }

    fn what(&self) -> String {
        let mut text = format!(
            "## {}\n\n| {} |\n|---|---|---|---|---|---|\n",
            self.say("What", "변경 내용"),
            self.say(
                "Stage | Change | Resource | From → to | Saves a month, estimated | Way back",
                "단계 | 변경 | 자원 | 현재 → 변경 후 | 월 예상 절감액 | 되돌리기",
            ),
        );
        for stage in &self.plan.stages {
            for (wave, change) in
                stage.waves.iter().flat_map(|wave| wave.changes.iter().map(move |one| (wave, one)))
            {
                text.push_str(&format!(
                    "| {}, {} | {} | {} | {} | {} | {} |\n",
                    words::environment(stage.environment, self.language),
                    words::wave(wave.name, self.language),
                    change.id,
                    prose(&words::resource(&change.resource)),
                    prose(&words::change(&change.action)),
                    words::money(change.estimated_monthly_savings.likely),
                    self.undo(&change.undo),
                ));
            }
        }
        text
    }

    fn undo(&self, undo: &Undo) -> String {
        match undo {
            Undo::Exact => self.say("exactly", "원래대로 가능").to_owned(),
            Undo::Compensating(loss) | Undo::Impossible(loss) => prose(loss.get(self.language)),
        }
    }

    fn why(&self) -> String {
        let mut text = format!("## {}\n\n", self.say("Why", "변경 이유"));
        for change in self.plan.changes() {
            let saving = &change.estimated_monthly_savings;
            let (now, after) = (words::money(saving.cost_now), words::money(saving.cost_after));
            let figures = change
                .projected
                .iter()
                .map(|one| format!("{} {} %", prose(&one.name), one.percent))
                .collect::<Vec<_>>()
                .join(", ");
            let (id, risk) = (&change.id, change.risk.value());
            let mut line = match self.language {
                Language::En => format!(
                    "- {id}: costs {now} a month now and {after} afterwards; risk {risk} of 4"
                ),
                Language::Ko => {
                    format!("- {id}: 현재 월 {now}, 변경 후 월 {after}, 위험도 4점 중 {risk}점")
                }
            };
            if !figures.is_empty() {
                let label = self.say("expected use", "예상 사용률");
                line.push_str(&format!("; {label}: {figures}"));
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    fn impact(&self) -> String {
        // Changes of one kind have one impact, in the order in which the first of each comes.
        let mut impacts: Vec<(String, Vec<&str>)> = Vec::new();
        for change in self.plan.changes() {
            let impact = self.impact_of(change);
            match impacts.iter_mut().find(|(known, _)| *known == impact) {
                Some((_, changes)) => changes.push(change.id.as_str()),
                None => impacts.push((impact, vec![change.id.as_str()])),
            }
        }
        let lines =
            impacts.iter().map(|(impact, changes)| format!("- {}: {impact}\n", changes.join(", ")));
        format!("## {}\n\n{}", self.say("Impact", "영향"), lines.collect::<String>())
    }

    fn impact_of(&self, change: &Change) -> String {
        let duration = words::length(change.duration, self.language);
        let basis = stated(&change.action, &self.plan.rules)
            .map(|(_, basis)| basis.get(self.language).to_owned())
            .unwrap_or_default();
        let outage = self.outage(change);
        match self.language {
            Language::En => {
                format!("{outage}. It takes up to {duration}, the way back included. {basis}")
            }
            Language::Ko => {
                format!("{outage}. 되돌리기를 포함해 최대 {duration} 걸립니다. {basis}")
            }
        }
    }

    fn outage(&self, change: &Change) -> String {
        if !change.downtime_budget.is_positive() {
            return self.say("no downtime", "중단 없음").to_owned();
        }
        let budget = words::length(change.downtime_budget, self.language);
        match self.language {
            Language::En => format!("out of service for up to {budget}, then it is taken back"),
            Language::Ko => format!("최대 {budget} 중단, 넘기면 되돌림"),
        }
    }

    fn when(&self, now: Timestamp) -> String {
        let windows = &self.plan.rules.windows;
        let mut text = format!("## {}\n\n", self.say("When", "일정"));
        for window in windows {
            let opens: Vec<&str> = window
                .environments
                .iter()
                .map(|one| words::environment(*one, self.language))
                .collect();
            let opens = if opens.is_empty() {
                self.say("every environment", "모든 환경").to_owned()
            } else {
                opens.join(", ")
            };
            text.push_str(&format!(
                "- {opens}: {}\n",
                prose(&words::window(window, self.language))
            ));
        }
        for freeze in &self.plan.rules.freezes {
            text.push_str(&format!(
                "- {}: {}, {} – {}\n",
                self.say("Freeze", "동결"),
                prose(&freeze.name),
                words::moment(freeze.period.start(), windows),
                words::moment(freeze.period.end(), windows),
            ));
        }
        text.push_str(&format!(
            "\n{}\n\n",
            self.say(
                "At the earliest, if all is approved at once and goes well:",
                "즉시 승인되고 순조로울 때 가장 빠른 시각:"
            )
        ));
        for slot in simulate_schedule(self.plan, now) {
            let at = match (slot.start, &slot.reason) {
                (Some(start), _) => words::moment(start, windows),
                (None, Some(reason)) => reason.text.get(self.language).to_owned(),
                (None, None) => "-".to_owned(),
            };
            text.push_str(&format!("- {}: {at}\n", slot.change));
        }
        text
    }

    fn how(&self) -> String {
        let rules = &self.plan.rules;
        let mut text = format!("## {}\n\n", self.say("How", "진행 방식"));
        for stage in &self.plan.stages {
            let waves: Vec<String> = stage
                .waves
                .iter()
                .map(|wave| {
                    format!("{} ({})", words::wave(wave.name, self.language), wave.changes.len())
                })
                .collect();
            let soak = words::length(rules.stage(stage.environment).soak, self.language);
            let environment = words::environment(stage.environment, self.language);
            let waves = waves.join(" → ");
            text.push_str(&match self.language {
                Language::En => format!("- {environment}: {waves}; each change is watched for {soak} before the next wave\n"),
                Language::Ko => format!("- {environment}: {waves}. 다음 단계로 넘어가기 전에 각 변경을 {soak} 동안 지켜봅니다\n"),
            });
        }
        let (percent, failures) = (rules.budget_percent, rules.max_failures);
        text.push_str(&match self.language {
            Language::En => format!("\nNo more than {percent} % of a service, target group or cluster is under way at once, and one at least. A wave halts at failure number {failures}; what failed is taken back.\n"),
            Language::Ko => format!("\n서비스, 대상 그룹, 클러스터마다 동시에 {percent}%까지(최소 1대)만 진행합니다. 실패가 {failures}건이 되면 그 단계를 멈추고, 실패한 변경은 되돌립니다.\n"),
        });
        text
    }

    fn gates(&self) -> String {
        let mut text = format!("## {}\n\n", self.say("Health gates", "상태 확인 기준"));
        let mut limits: BTreeMap<(Signal, String), Presence> = BTreeMap::new();
        for gate in self.plan.changes().flat_map(|change| &change.gates) {
            let limit = self.limit(gate);
            let presence = limits.entry((gate.signal, limit)).or_insert(gate.presence);
            *presence = (*presence).min(gate.presence);
        }
        if limits.is_empty() {
            text.push_str(self.say(
                "Nothing measures these resources.\n",
                "이 자원들을 측정하는 지표가 없습니다.\n",
            ));
        }
        for ((signal, limit), presence) in limits {
            let required = match presence {
                Presence::Required => {
                    self.say("; without data nothing goes on", ". 데이터가 없으면 진행하지 않음")
                }
                Presence::Optional => "",
            };
            text.push_str(&format!(
                "- {}: {limit}{required}\n",
                words::signal(signal, self.language)
            ));
        }
        text
    }

    fn limit(&self, gate: &HealthGate) -> String {
        if gate.signal == Signal::Alarm {
            return self
                .say("none may go off that was not on before", "변경 전에 없던 ALARM이 없어야 함")
                .to_owned();
        }
        let Some(limit) = gate.limit else {
            return self
                .say("compared with others and with earlier weeks", "다른 자원 및 이전 주와 비교")
                .to_owned();
        };
        let limit = if gate.is_bytes() { memory(limit) } else { limit.to_string() };
        match (self.language, gate.signal.is_floor()) {
            (Language::En, true) => format!("fails below {limit}"),
            (Language::En, false) => format!("fails above {limit}"),
            (Language::Ko, true) => format!("{limit} 미만이면 실패"),
            (Language::Ko, false) => format!("{limit} 초과면 실패"),
        }
    }

    fn left_out(&self) -> String {
        let mut text = format!("## {}\n\n", self.say("Left out", "제외된 항목"));
        if self.plan.left_out.is_empty() {
            text.push_str(self.say("Nothing.\n", "없음.\n"));
        }
        for one in &self.plan.left_out {
            let (name, why) =
                (prose(&words::resource(&one.resource)), prose(one.reason.text.get(self.language)));
            text.push_str(&format!("- {}: {name}: {why}\n", one.recommendation));
        }
        text
    }
}
