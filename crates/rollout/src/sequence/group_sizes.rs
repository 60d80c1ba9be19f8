//! Changes the sizes of an Auto Scaling group.
//!
//! The group goes on to follow its load meanwhile. So the capacity that it wants now is not
//! overwritten with one of the day of the plan: never fewer than its policies want in service.

use jiff::SignedDuration;

use trimtab_model::action::{Action, GroupSizes};
use trimtab_model::call::Call;
use trimtab_model::observed::{GroupObserved, Observed};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How the sizes of a group are changed.
pub(super) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

const RESIZE: &str = "resize-group";

const POLL: SignedDuration = SignedDuration::from_secs(15);
/// What was asked may not be seen at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// New instances boot and pass their health checks within this.
const DEADLINE: SignedDuration = SignedDuration::from_mins(20);
/// What a refresh of the instances ends with.
const REFRESHED: &[&str] = &["Successful", "Failed", "Cancelled", "RollbackSuccessful"];

fn forward(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Action::ResizeAutoScalingGroup { from, to }) =
        (both(work), &work.change.action)
    else {
        return gone(work);
    };
    if work.attempts(RESIZE).next().is_none() && !now.is_opted_in {
        return Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ));
    }
    if is_sized(now, to) {
        return serving(work, now).unwrap_or(Decision::Done);
    }
    if !is_sized(now, &before.sizes) {
        return Decision::Operator { reason: foreign(now), manual: manual(work) };
    }
    if let Some(decision) = refreshing(now) {
        return decision;
    }
    let wanted = now.sizes.desired_capacity;
    if wanted > to.max_size {
        let (most, service) = (to.max_size, now.in_service);
        return Decision::Abort(Reason::new(
            "more-wanted",
            format!(
                "It wants {wanted} instances now and has {service} in service; the plan allows {most}."
            ),
            format!(
                "현재 인스턴스 {wanted}개가 필요하고 {service}개가 서비스 중이지만 계획의 최대는 {most}개입니다."
            ),
        ));
    }
    resize(work, GroupSizes { desired_capacity: desired(wanted, from, to), ..*to })
}

fn back(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Action::ResizeAutoScalingGroup { to, .. }) =
        (both(work), &work.change.action)
    else {
        return gone(work);
    };
    if is_sized(now, &before.sizes) {
        let is_unseen =
            work.attempts(RESIZE).next().is_none() && work.is_just_made(RESIZE, SETTLES);
        if is_unseen {
            return wait("sizes-seen", "the sizes to be seen", "바뀐 크기가 반영되기", POLL);
        }
        return serving(work, now).unwrap_or(Decision::Done);
    }
    if !is_sized(now, to) {
        return Decision::Operator { reason: foreign(now), manual: manual(work) };
    }
    if let Some(decision) = refreshing(now) {
        return decision;
    }
    let was = before.sizes;
    let wanted = was.desired_capacity.max(now.sizes.desired_capacity.min(was.max_size));
    resize(work, GroupSizes { desired_capacity: wanted, ..was })
}

fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

/// Returns whether a group that served has nobody left to serve.
pub(super) fn is_disrupted(work: &Work<'_>) -> bool {
    let Observed::Group(before) = &work.progress.before else { return false };
    match work.now_is {
        Observed::Group(now) => now.in_service == 0 && before.in_service > 0,
        _ => true,
    }
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Group(now), Some(Observed::Group(after))) = (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if !is_sized(now, &after.sizes) {
        return Watch::Hold(foreign(now));
    }
    served(now, after)
}

/// Watches whether anybody is left to serve.
pub(super) fn served(now: &GroupObserved, after: &GroupObserved) -> Watch {
    if now.in_service == 0 && after.in_service > 0 {
        return Watch::Ill(Reason::new(
            "none-in-service",
            "No instance of the group is in service.",
            "그룹에 서비스 중인 인스턴스가 없습니다.",
        ));
    }
    Watch::Undisturbed
}

fn react(step: &str, code: &str) -> Reaction {
    match (step, code) {
        (RESIZE, "ScalingActivityInProgress" | "ResourceContention") => Reaction::Retry {
            attempts: 6,
            pause: SignedDuration::from_secs(20),
            then: Afterwards::Abort,
        },
        _ => Reaction::Give(Afterwards::Abort),
    }
}

fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Observed::Group(before) = &work.progress.before else { return Vec::new() };
    let GroupSizes { min_size, max_size, desired_capacity } = before.sizes;
    vec![
        format!(
            "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {id} --region {region}"
        ),
        format!(
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {id} --min-size {min_size} --max-size {max_size} --desired-capacity {desired_capacity} --region {region}"
        ),
    ]
}

fn both<'a>(work: &Work<'a>) -> Option<(&'a GroupObserved, &'a GroupObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Group(now), Observed::Group(before)) => Some((now, before)),
        _ => None,
    }
}

fn gone(work: &Work<'_>) -> Decision {
    let reason =
        Reason::new("group-gone", "The group does not exist any more.", "그룹이 더 이상 없습니다.");
    Decision::Operator { reason, manual: manual(work) }
}

/// Returns whether a group has the limits of `sizes`; between them it moves by itself.
fn is_sized(now: &GroupObserved, sizes: &GroupSizes) -> bool {
    now.sizes.min_size == sizes.min_size
        && now.sizes.max_size == sizes.max_size
        && (sizes.min_size..=sizes.max_size).contains(&now.sizes.desired_capacity)
}

/// Returns what the group wants afterwards: what the plan says, unless its load says otherwise.
fn desired(wanted: u32, from: &GroupSizes, to: &GroupSizes) -> u32 {
    let planned = if wanted == from.desired_capacity { to.desired_capacity } else { wanted };
    planned.clamp(to.min_size, to.max_size.max(to.min_size))
}

/// Waits until as many are in service as the group wants.
fn serving(work: &Work<'_>, now: &GroupObserved) -> Option<Decision> {
    let since = work.since(RESIZE)?;
    let wanted = now.sizes.desired_capacity;
    if now.in_service >= wanted {
        return None;
    }
    if since > DEADLINE {
        return Some(Decision::Abort(Reason::new(
            "too-few-in-service",
            format!("{} of {wanted} instances are in service.", now.in_service),
            format!("인스턴스 {wanted}개 중 {}개만 서비스 중입니다.", now.in_service),
        )));
    }
    Some(wait("in-service", "its instances to be in service", "인스턴스가 서비스에 들어가기", POLL))
}

/// Waits for a refresh that is under way; a word that this version does not know is no end.
fn refreshing(now: &GroupObserved) -> Option<Decision> {
    let refresh = now.refresh.as_ref()?;
    if REFRESHED.contains(&refresh.status.as_str()) {
        return None;
    }
    if refresh.status == "RollbackFailed" {
        return Some(Decision::Abort(Reason::new(
            "refresh-failed",
            "The last refresh of its instances could not be rolled back.",
            "마지막 인스턴스 새로 고침의 롤백이 실패한 상태입니다.",
        )));
    }
    Some(wait("refreshing", "the refresh of its instances", "인스턴스 새로 고침이 끝나기", POLL))
}

fn resize(work: &Work<'_>, to: GroupSizes) -> Decision {
    if work.since(RESIZE).is_some_and(|since| since < SETTLES) {
        return wait("sizes-seen", "the sizes to be seen", "바뀐 크기가 반영되기", POLL);
    }
    if work.attempts(RESIZE).count() >= 6 {
        return Decision::Abort(Reason::new(
            "sizes-not-taken",
            "The sizes do not change although AWS was asked several times.",
            "여러 번 요청했지만 그룹 크기가 바뀌지 않습니다.",
        ));
    }
    call(RESIZE, Call::ResizeGroup { group: work.change.resource.id.clone(), to })
}

fn foreign(now: &GroupObserved) -> Reason {
    let GroupSizes { min_size, max_size, desired_capacity } = now.sizes;
    Reason::new(
        "sizes-changed-by-others",
        format!("Somebody set {min_size} to {max_size} instances, {desired_capacity} wanted."),
        format!(
            "다른 사람이 최소 {min_size}, 최대 {max_size}, 목표 {desired_capacity}개로 바꿨습니다."
        ),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::RefreshObserved;
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    fn sizes(min_size: u32, max_size: u32, desired_capacity: u32) -> GroupSizes {
        GroupSizes { min_size, max_size, desired_capacity }
    }

    fn group(sizes: GroupSizes, in_service: u32) -> GroupObserved {
        GroupObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            sizes,
            in_service,
            is_opted_in: true,
            refresh: None,
            version: None,
            launched_from: std::collections::BTreeMap::new(),
            versions: Vec::new(),
        }
    }

    fn seen(sizes: GroupSizes, in_service: u32) -> Observed {
        Observed::Group(group(sizes, in_service))
    }

    fn trial() -> Trial {
        let action = Action::ResizeAutoScalingGroup { from: sizes(6, 12, 6), to: sizes(3, 8, 4) };
        Trial::new(action, ResourceKind::AutoScalingGroup, "web")
    }

    fn resized(to: GroupSizes) -> Call {
        Call::ResizeGroup { group: "web".into(), to }
    }

    #[test]
    fn a_group_gets_the_sizes_of_the_plan_and_has_its_old_ones_back() {
        let mut run = trial();
        assert_eq!(run.calls(&seen(sizes(6, 12, 6), 6)), resized(sizes(3, 8, 4)));
        run.waits(&seen(sizes(6, 12, 6), 6), "sizes-seen");
        assert_eq!(run.step(&seen(sizes(3, 8, 4), 6)), Step::Soaking);
        run.cancel();
        assert_eq!(run.calls(&seen(sizes(3, 8, 4), 4)), resized(sizes(6, 12, 6)));
        run.waits(&seen(sizes(6, 12, 6), 4), "in-service");
        run.ends(&seen(sizes(6, 12, 6), 6), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn never_fewer_than_its_load_wants() {
        // It wants more than the plan ever allows.
        trial().ends(&seen(sizes(6, 12, 10), 9), ChangeOutcome::Refused, "more-wanted");
        // It wants more than on the day of the plan, within the plan's limits.
        assert_eq!(trial().calls(&seen(sizes(6, 12, 7), 7)), resized(sizes(3, 8, 7)));
        // On the way back it wants more than it had.
        let mut run = trial();
        run.calls(&seen(sizes(6, 12, 6), 6));
        run.cancel();
        run.pass(SignedDuration::from_mins(2));
        assert_eq!(run.calls(&seen(sizes(3, 8, 8), 8)), resized(sizes(6, 12, 8)));
    }

    #[test]
    fn instances_that_do_not_come_up_take_it_back() {
        let mut run = trial();
        run.calls(&seen(sizes(6, 12, 6), 6));
        run.pass(SignedDuration::from_mins(5));
        run.waits(&seen(sizes(3, 8, 4), 2), "in-service");
        run.pass(SignedDuration::from_mins(20));
        assert_eq!(run.calls(&seen(sizes(3, 8, 4), 2)), resized(sizes(6, 12, 6)));
    }

    #[test]
    fn d43_a_refresh_that_is_under_way_is_waited_for() {
        let refresh = |status: &str| {
            let refresh = RefreshObserved {
                status: status.to_owned(),
                percent: None,
                version: None,
                started_at: None,
                ended_at: None,
                reason: None,
            };
            Observed::Group(GroupObserved { refresh: Some(refresh), ..group(sizes(6, 12, 6), 6) })
        };
        let mut run = trial();
        for status in ["Pending", "InProgress", "Baking", "Cancelling", "SomethingNew"] {
            run.waits(&refresh(status), "refreshing");
        }
        run.ends(&refresh("RollbackFailed"), ChangeOutcome::Refused, "refresh-failed");
        assert!(matches!(trial().step(&refresh("Successful")), Step::Call(_)));
    }

    #[test]
    fn sizes_that_somebody_else_set_are_left_to_a_person() {
        let mut run = trial();
        run.calls(&seen(sizes(6, 12, 6), 6));
        run.pass(SignedDuration::from_mins(2));
        let other = seen(sizes(1, 50, 20), 20);
        run.ends(&other, ChangeOutcome::NeedsOperator, "sizes-changed-by-others");
        assert!(run.manual[1].contains("--min-size 6 --max-size 12 --desired-capacity 6"));
    }
}
