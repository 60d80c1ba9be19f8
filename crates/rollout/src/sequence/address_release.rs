//! Releases an Elastic IP address: quarantine, then release.
//!
//! The way back is best effort: AWS gives the same address again only if nobody took it, under
//! another allocation and without its tags, so that a person has something left to do.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{AddressObserved, Observed};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::quarantine::{self, END, QUARANTINE};
use super::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How an address is released.
pub(super) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

const RELEASE: &str = "release-address";
const RECOVER: &str = "recover-address";

const POLL: SignedDuration = SignedDuration::from_secs(15);
/// What was asked may not be seen at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);

fn forward(work: &Work<'_>) -> Decision {
    let is_asked = work.attempts(RELEASE).next().is_some();
    let now = match work.now_is {
        Observed::Address(now) => now,
        _ if is_asked => return Decision::Done,
        _ => {
            let reason = Reason::new(
                "released-by-others",
                "Somebody released the address before we did.",
                "저희가 해제하기 전에 다른 사람이 주소를 해제했습니다.",
            );
            return Decision::Operator { reason, manual: manual(work) };
        }
    };
    if let Some(reason) = wanted(now).or_else(|| work.unfit()) {
        return Decision::Abort(reason);
    }
    quarantine::rest(work, now.quarantine_until)
        .or_else(|| quarantine::closed(work))
        .unwrap_or_else(|| give_up(work))
}

fn back(work: &Work<'_>) -> Decision {
    let released = work.made(Direction::Forward, RELEASE).next_back();
    match (work.now_is, &work.progress.before) {
        (Observed::Address(now), Observed::Address(before)) => {
            if released.is_some_and(|one| work.now.duration_since(one.at) < SETTLES) {
                return wait("release-seen", "the release to be seen", "해제가 반영되기", POLL);
            }
            quarantine::undone(work, now.quarantine_until, before.quarantine_until)
                .unwrap_or(Decision::Done)
        }
        (_, Observed::Address(before)) => recover(work, before),
        _ => Decision::Operator { reason: released_reason(), manual: manual(work) },
    }
}

fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

/// Nothing uses it, else it would not be released.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn watch(_: &Work<'_>) -> Watch {
    Watch::Undisturbed
}

fn react(step: &str, code: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match (step, code) {
        // It is associated again, or gone already: looking says which.
        (RELEASE, "InvalidIPAddress.InUse" | "InvalidAllocationID.NotFound") => Reaction::Observe,
        (RECOVER, _) => Reaction::Give(Afterwards::Operator),
        (QUARANTINE | END, _) => {
            Reaction::Retry { attempts: 3, pause: seconds(10), then: Afterwards::Abort }
        }
        _ => Reaction::Give(Afterwards::Abort),
    }
}

fn manual(work: &Work<'_>) -> Vec<String> {
    let region = &work.change.resource.region;
    let Observed::Address(before) = &work.progress.before else { return Vec::new() };
    let Some(address) = &before.public_ip else { return Vec::new() };
    vec![
        format!("aws ec2 describe-addresses --public-ips {address} --region {region}"),
        format!("aws ec2 allocate-address --domain vpc --address {address} --region {region}"),
    ]
}

/// Returns why somebody wants it.
fn wanted(now: &AddressObserved) -> Option<Reason> {
    if now.is_associated {
        return Some(Reason::new(
            "address-in-use",
            "The address is associated again.",
            "주소가 다시 연결되었습니다.",
        ));
    }
    (!now.is_opted_in).then(|| {
        Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        )
    })
}

fn give_up(work: &Work<'_>) -> Decision {
    if work.since(RELEASE).is_some_and(|since| since < SETTLES) {
        return wait("release-seen", "the release to be seen", "해제가 반영되기", POLL);
    }
    if work.attempts(RELEASE).count() >= 3 {
        return Decision::Abort(Reason::new(
            "release-not-taken",
            "The address is still there although its release was asked for three times.",
            "해제를 세 번 요청했지만 주소가 그대로 있습니다.",
        ));
    }
    call(RELEASE, Call::ReleaseAddress { allocation: work.change.resource.id.clone() })
}

/// Asks for the address once more; what comes back is not all that was given away.
fn recover(work: &Work<'_>, before: &AddressObserved) -> Decision {
    let made = work.made(Direction::Back, RECOVER).next().is_some();
    match &before.public_ip {
        Some(address) if !made => {
            call(RECOVER, Call::RecoverAddress { public_ip: address.clone() })
        }
        Some(address) => {
            let reason = Reason::new(
                "address-recovered",
                format!(
                    "{address} is ours again if AWS still had it, under another allocation and without its tags."
                ),
                format!(
                    "AWS에 남아 있었다면 {address}을(를) 다시 할당받았습니다. 할당 ID가 달라지고 태그는 없어졌습니다."
                ),
            );
            Decision::Operator { reason, manual: manual(work) }
        }
        None => Decision::Operator { reason: released_reason(), manual: manual(work) },
    }
}

fn released_reason() -> Reason {
    Reason::new(
        "address-released",
        "The address is released, and which one it was is not known.",
        "주소가 해제되었으며 어떤 주소였는지 알 수 없습니다.",
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::Obstacle;
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn seen(alter: impl FnOnce(&mut AddressObserved)) -> Observed {
        let mut address = AddressObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            public_ip: Some("203.0.113.7".to_owned()),
            is_associated: false,
            is_opted_in: true,
            quarantine_until: None,
        };
        alter(&mut address);
        Observed::Address(address)
    }

    fn trial() -> Trial {
        let action = Action::ReleaseAddress { public_ip: Some("203.0.113.7".to_owned()) };
        Trial::new(action, ResourceKind::Address, "eipalloc-1")
    }

    #[test]
    fn an_address_lies_in_quarantine_and_is_released() {
        let mut run = trial();
        let Call::Quarantine { until, .. } = run.calls(&seen(|_| {})) else { panic!("none") };
        let tagged = seen(|one| one.quarantine_until = Some(until));
        run.pass(DAY * 10);
        run.waits(&tagged, "quarantine");
        run.pass(DAY * 5);
        let allocation = || "eipalloc-1".into();
        assert_eq!(run.calls(&tagged), Call::ReleaseAddress { allocation: allocation() });
        assert_eq!(run.step(&Observed::Gone), Step::Soaking);
        run.cancel();
        let recover = Call::RecoverAddress { public_ip: "203.0.113.7".to_owned() };
        assert_eq!(run.calls(&Observed::Gone), recover);
        run.ends(&Observed::Gone, ChangeOutcome::NeedsOperator, "address-recovered");
    }

    #[test]
    fn a_tag_whose_answer_was_lost_and_that_is_not_there_is_written_again() {
        let mut run = trial();
        let plain = seen(|_| {});
        let Step::Call(Call::Quarantine { until, .. }) = run.step(&plain) else { panic!("none") };
        run.waits(&plain, "answer-unknown");
        run.pass(SETTLES * 2);
        let again = run.calls(&plain);
        assert!(matches!(again, Call::Quarantine { until: again, .. } if again == until));
        run.pass(SETTLES * 2);
        run.waits(&seen(|one| one.quarantine_until = Some(until)), "quarantine");
        // Days later, a tag that is gone was taken away by somebody.
        let mut run = trial();
        run.step(&plain);
        run.waits(&plain, "answer-unknown");
        run.pass(DAY);
        run.ends(&plain, ChangeOutcome::Original, "quarantine-ended");
    }

    #[test]
    fn an_address_that_is_associated_during_quarantine_is_kept() {
        let mut run = trial();
        let Call::Quarantine { until, .. } = run.calls(&seen(|_| {})) else { panic!("none") };
        run.pass(DAY);
        let used = seen(|one| (one.is_associated, one.quarantine_until) = (true, Some(until)));
        assert!(matches!(run.calls(&used), Call::EndQuarantine { .. }));
        run.ends(&seen(|one| one.is_associated = true), ChangeOutcome::Original, "address-in-use");
    }

    #[test]
    fn h07_an_address_that_a_name_or_a_rule_still_names_is_refused() {
        let why = || Reason::new("address-in-dns", "A record names it.", "DNS에 남아 있습니다.");
        let blocked = || seen(|one| one.obstacles = vec![(Obstacle::Block, why())]);
        trial().ends(&blocked(), ChangeOutcome::Refused, "address-in-dns");
        // And so it is if the record appears only after the quarantine.
        let mut run = trial();
        run.calls(&seen(|_| {}));
        run.pass(DAY * 15);
        run.ends(&blocked(), ChangeOutcome::Original, "address-in-dns");
    }

    #[test]
    fn an_address_that_somebody_else_took_is_told() {
        let mut run = trial();
        let Call::Quarantine { until, .. } = run.calls(&seen(|_| {})) else { panic!("none") };
        run.pass(DAY * 15);
        run.calls(&seen(|one| one.quarantine_until = Some(until)));
        run.cancel();
        run.pass(SignedDuration::from_mins(2));
        assert!(matches!(run.step(&Observed::Gone), Step::Call(Call::RecoverAddress { .. })));
        run.refuse("InvalidAddress.NotFound", "not available");
        run.ends(&Observed::Gone, ChangeOutcome::NeedsOperator, "refused");
        assert_eq!(run.manual.len(), 2);
    }
}
