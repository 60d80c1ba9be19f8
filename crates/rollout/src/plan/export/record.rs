//! The record of a run: what happened, how it was verified, and how each change ended.

use trimtab_model::call::CallResult;
use trimtab_model::gate::{GateState, GateVerdict};
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal, RunOutcome, Wish};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::Language;

use super::escape::prose;
use super::words::{self, say};
use crate::progress::{ChangeProgress, Phase, Progress};

/// Writes what became of a plan, as Markdown.
pub fn record(plan: &Plan, journal: &Journal, language: Language) -> String {
    let page = Page { plan, language };
    let progress = Progress::of(journal);
    let id = plan.id().map_or_else(|_| "-".to_owned(), |id| id.to_string());
    let title = say(language, "Record of change", "변경 기록");
    let outcome = match progress.outcome {
        Some(outcome) => page.run_outcome(outcome),
        None => say(language, "It has not ended.", "아직 끝나지 않았습니다."),
    };
    let mut text = format!("# {title}: {id}\n\n{outcome}\n\n{}", page.changes(&progress));
    text.push_str(&format!("\n## {}\n\n", say(language, "What happened", "진행 내역")));
    for entry in journal.entries() {
        let at = words::moment(entry.at, &plan.rules.windows);
        text.push_str(&format!("- {at} {}\n", page.event(&entry.event)));
    }
    text
}

struct Page<'a> {
    plan: &'a Plan,
    language: Language,
}

impl Page<'_> {
    fn say(&self, en: &'static str, ko: &'static str) -> &'static str {
        say(self.language, en, ko)
    }

    fn changes(&self, progress: &Progress) -> String {
        let mut text = format!(
            "## {}\n\n| {} |\n|---|---|---|---|---|\n",
            self.say("Changes", "변경 결과"),
            self.say(
                "Change | Resource | From → to | Outcome | Verified",
                "변경 | 자원 | 현재 → 변경 후 | 결과 | 확인",
            ),
        );
        for change in self.plan.changes() {
            let one = progress.changes.get(&change.id);
            text.push_str(&self.row(change, one));
        }
        text
    }

    fn row(&self, change: &Change, one: Option<&ChangeProgress>) -> String {
        let verified = match one.and_then(|one| one.verdict.as_ref()) {
            Some((_, verdict)) => self.verdict(verdict),
            None => self.say("no verdict", "판정 없음").to_owned(),
        };
        format!(
            "| {} | {} | {} | {} | {verified} |\n",
            change.id,
            prose(&words::resource(&change.resource)),
            prose(&words::change(&change.action)),
            self.phase(one),
        )
    }

    fn phase(&self, one: Option<&ChangeProgress>) -> &'static str {
        match one.map(|one| &one.phase) {
            None => self.say("not begun", "시작되지 않음"),
            Some(Phase::Forward) => self.say("under way", "적용 중"),
            Some(Phase::Soaking { .. }) => self.say("being watched", "관찰 중"),
            Some(Phase::Passed { .. }) => {
                self.say("made, waits for confirmation", "적용됨, 확정 대기")
            }
            Some(Phase::Back { .. }) => self.say("being taken back", "되돌리는 중"),
            Some(Phase::Closed { outcome, .. }) => self.outcome(*outcome),
        }
    }

    fn outcome(&self, outcome: ChangeOutcome) -> &'static str {
        match outcome {
            ChangeOutcome::Confirmed => self.say("made and confirmed", "적용 및 확정"),
            ChangeOutcome::Original => {
                self.say("taken back, as it was before", "되돌림, 원래 상태")
            }
            ChangeOutcome::Refused => self.say("refused, untouched", "거부됨, 변경 없음"),
            ChangeOutcome::NeedsOperator => self.say("a person must look", "담당자 확인 필요"),
        }
    }

    fn run_outcome(&self, outcome: RunOutcome) -> &'static str {
        match outcome {
            RunOutcome::Complete => {
                self.say("Every change was confirmed.", "모든 변경이 확정되었습니다.")
            }
            RunOutcome::RolledBack => self.say(
                "It was taken back: everything is as it was before.",
                "모두 되돌려 원래 상태입니다.",
            ),
            RunOutcome::Partial => self.say("Some of it was confirmed.", "일부만 확정되었습니다."),
            RunOutcome::Refused => self.say("Nothing was changed.", "변경된 것이 없습니다."),
            RunOutcome::Cancelled => self.say("A person cancelled it.", "담당자가 취소했습니다."),
            RunOutcome::NeedsOperator => {
                self.say("A person must look.", "담당자가 확인해야 합니다.")
            }
        }
    }

    /// Writes a verdict with every reason and every figure that it rests on.
    fn verdict(&self, verdict: &GateVerdict) -> String {
        let state = match verdict.state {
            GateState::Pass => self.say("passed", "통과"),
            GateState::Inconclusive => self.say("inconclusive", "판단 불가"),
            GateState::Fail => self.say("failed", "실패"),
        };
        let reasons = verdict.reasons.iter().map(|one| prose(one.text.get(self.language)));
        let figures =
            verdict.figures.iter().map(|(name, value)| format!("{} {value}", prose(name)));
        let parts: Vec<String> = reasons.chain(figures).collect();
        if parts.is_empty() { state.to_owned() } else { format!("{state}: {}", parts.join("; ")) }
    }

    fn event(&self, event: &Event) -> String {
        let reason = |reason: &trimtab_model::text::Reason| prose(reason.text.get(self.language));
        match event {
            Event::RunStarted { run, operator, host, hash, .. } => {
                let (by, host) = (prose(operator), prose(host));
                format!("{}: {run}, {by}, {host}, {hash}", self.say("The run began", "실행 시작"))
            }
            Event::LeaseTaken { operator, from, .. } => {
                let from = from.as_deref().map(prose).unwrap_or_else(|| "-".to_owned());
                let taken = self.say("The lease was taken", "실행 권한 획득");
                format!("{taken}: {} ← {from}", prose(operator))
            }
            Event::Wished { wish, by } => {
                let wish = match wish {
                    Wish::Pause => self.say("Paused", "일시 중지"),
                    Wish::Resume => self.say("Resumed", "재개"),
                    Wish::Cancel => self.say("Cancelled", "취소"),
                };
                format!("{wish}: {}", prose(by))
            }
            Event::StageStarted { stage } => {
                format!("{}: {}", self.say("Stage began", "단계 시작"), self.stage(*stage))
            }
            Event::StageApproved { stage, by, hash } => format!(
                "{}: {}, {}, {hash}",
                self.say("Stage approved", "단계 승인"),
                self.stage(*stage),
                prose(by)
            ),
            Event::WaveHalted { stage, reason: why, .. } => {
                let halted = self.say("Wave halted", "단계 중단");
                format!("{halted}: {}: {}", self.stage(*stage), reason(why))
            }
            Event::ChangeStarted { change, .. } => {
                format!("{change}: {}", self.say("began", "시작"))
            }
            Event::PreflightJudged { change, rows, found, refusal } => {
                let judged = self.say("preflight judged, rows", "사전 점검 항목");
                let lines: String = found
                    .iter()
                    .flat_map(|row| row.reasons.iter().map(move |why| (row, why)))
                    .map(|(row, why)| {
                        format!("\n  - {} {}: {}", row.row, row.verdict.as_str(), reason(why))
                    })
                    .collect();
                let refused = refusal.as_ref().map(|why| format!("; {}", reason(why)));
                format!("{change}: {judged} {rows}{}{lines}", refused.unwrap_or_default())
            }
            Event::Intent { change, direction, step, call } => {
                let way = match direction {
                    Direction::Forward => self.say("forward", "적용"),
                    Direction::Back => self.say("back", "되돌리기"),
                    Direction::Release => self.say("release", "정리"),
                };
                format!("{change}: {way}: {} ({})", prose(step), call.iam_action())
            }
            Event::Outcome { intent, result } => self.answer(*intent, result),
            Event::SoakStarted { change, .. } => {
                format!("{change}: {}", self.say("made; watching begins", "적용 완료, 관찰 시작"))
            }
            Event::SoakRestarted { change, reason: why, .. } => {
                let anew = self.say("watched anew", "다시 관찰");
                format!("{change}: {anew}: {}", reason(why))
            }
            Event::GateJudged { change, verdict, evidence } => {
                let gates = self.say("gates", "상태 확인");
                format!("{change}: {gates} {} (SHA-256 {evidence})", self.verdict(verdict))
            }
            Event::Paged { change, reason: why } => {
                format!(
                    "{change}: {}: {}",
                    self.say("a person was called", "담당자 호출"),
                    reason(why)
                )
            }
            Event::Held { change, reason: why } => {
                format!("{change}: {}: {}", self.say("held", "보류"), reason(why))
            }
            Event::Unheld { change, by } => {
                format!("{change}: {}: {}", self.say("goes on", "보류 해제"), prose(by))
            }
            Event::RollbackStarted { change, reason: why } => {
                format!("{change}: {}: {}", self.say("taken back", "되돌리기 시작"), reason(why))
            }
            Event::ChangeClosed { change, outcome, reason: why, manual } => {
                let commands: String =
                    manual.iter().map(|command| format!("\n  - {}", prose(command))).collect();
                format!("{change}: {}: {}{commands}", self.outcome(*outcome), reason(why))
            }
            Event::RunClosed { outcome } => self.run_outcome(*outcome).to_owned(),
        }
    }

    fn stage(&self, index: usize) -> &'static str {
        let stage = self.plan.stages.get(index);
        stage.map_or("-", |stage| words::environment(stage.environment, self.language))
    }

    fn answer(&self, intent: u64, result: &CallResult) -> String {
        let request =
            |id: &Option<String>| id.as_deref().map(prose).unwrap_or_else(|| "-".to_owned());
        match result {
            CallResult::Accepted { request_id, .. } => {
                format!("#{intent} {} ({})", self.say("accepted", "수락됨"), request(request_id))
            }
            CallResult::Refused { code, message, request_id } => format!(
                "#{intent} {}: {}: {} ({})",
                self.say("refused", "거부됨"),
                prose(code),
                prose(message),
                request(request_id)
            ),
            CallResult::Unknown { why } => {
                format!("#{intent} {}: {}", self.say("no answer", "응답 없음"), prose(why))
            }
        }
    }
}
