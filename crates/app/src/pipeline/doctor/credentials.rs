//! Whose credentials they are, how long they are good for, and whether the clock is right.

use trimtab_aws::access::Caller;
use trimtab_aws::credentials::KeyLife;
use trimtab_model::diagnosis::{Area, Status, Step};
use trimtab_model::text::{Reason, Text};

use super::Diagnosis;
use crate::pipeline::login::{CLOCK_SECONDS, Login, clock_hint};

/// What an ARN holds between the account and the name of a role that was taken on.
const ASSUMED: &str = ":assumed-role/";
/// How IAM Identity Center names the roles that it makes.
const IDENTITY_CENTER: &str = "AWSReservedSSO_";

impl Diagnosis {
    pub(super) fn credentials(&mut self, login: &Login, caller: &Caller) {
        let (account, arn) = (&caller.account, &caller.arn);
        let reason = Reason::new(
            "caller",
            format!("credentials of {arn} in account {account}"),
            format!("계정 {account}의 자격 증명입니다: {arn}"),
        );
        self.add(Area::Credentials, Status::Ok, reason);
        if arn.ends_with(":root") {
            let reason = Reason::new(
                "root",
                "they are the root user's, who may do everything",
                "모든 권한을 가진 루트 사용자의 자격 증명입니다",
            );
            let step = Step::new(Area::Credentials, Status::Note, reason).with_hint((
                "use a role that can only read: `trimtab init` proposes one",
                "읽기만 할 수 있는 역할을 쓰세요. `trimtab init` 명령이 역할을 제안합니다",
            ));
            self.steps.push(step);
        }
        if login.access.key_life() == Some(KeyLife::Long) {
            let reason = Reason::new(
                "long-lived-key",
                "the access key is good until somebody deletes it (AKIA…)",
                "누군가 삭제하기 전까지 계속 유효한 액세스 키입니다(AKIA…)",
            );
            let step = Step::new(Area::Credentials, Status::Note, reason).with_hint((
                "prefer a login that expires: `aws configure sso`",
                "만료되는 로그인 방식을 권합니다: `aws configure sso`",
            ));
            self.steps.push(step);
        }
    }

    /// Compares the clocks: EC2 reports a wrong one as `AuthFailure`, which says nothing of it.
    pub(super) fn clock(&mut self, login: &Login) {
        let Some(ahead) = login.access.clock().seconds_ahead() else {
            let reason = Reason::new(
                "clock-unknown",
                "AWS gave no answer whose date the clock could be compared with",
                "AWS의 응답이 없어 시계를 비교하지 못했습니다",
            );
            self.add(Area::Credentials, Status::NotAsked, reason);
            return;
        };
        if ahead.unsigned_abs() <= CLOCK_SECONDS {
            let reason = Reason::new(
                "clock",
                format!("the clock is right, to {CLOCK_SECONDS} seconds of AWS's"),
                format!("시계가 맞습니다(AWS와의 차이 {CLOCK_SECONDS}초 이내)"),
            );
            self.add(Area::Credentials, Status::Ok, reason);
            return;
        }
        let seconds = ahead.unsigned_abs();
        let reason = Reason::new(
            "clock-off",
            format!("the clock is {seconds} seconds off AWS's"),
            format!("시계가 AWS와 {seconds}초 어긋나 있습니다"),
        );
        let step = Step::new(Area::Credentials, Status::Note, reason);
        self.steps.push(step.with_hint(clock_hint(ahead)));
    }
}

/// Returns who must be granted something, as an ARN of IAM and in words.
///
/// A session of a role is not what a policy is attached to; its role is.
pub(super) fn principal(arn: &str) -> (String, Text) {
    let parts = || {
        let (head, rest) = arn.split_once(ASSUMED)?;
        let (role, _session) = rest.split_once('/')?;
        let mut fields = head.split(':').skip(1);
        let (partition, account) = (fields.next()?, fields.last()?);
        Some((partition, account, role))
    };
    let Some((partition, account, role)) = parts() else {
        return (arn.to_owned(), Text::verbatim(arn));
    };
    let iam = format!("arn:{partition}:iam::{account}:role/{role}");
    // The set's name stands between the prefix and a hash.
    let set = role.strip_prefix(IDENTITY_CENTER).and_then(|rest| rest.rsplit_once('_'));
    let words = match set {
        Some((set, _hash)) => Text::new(
            format!("the permission set {set} of IAM Identity Center, for account {account}"),
            format!("IAM Identity Center의 권한 세트 {set}(계정 {account})"),
        ),
        None => Text::verbatim(&iam),
    };
    (iam, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, expected: &str, words: &str) {
        let (iam, who) = principal(arn);
        assert_eq!((iam.as_str(), who.en.as_str()), (expected, words));
    }

    #[test]
    fn a_session_is_granted_through_its_role() {
        let role = "arn:aws:iam::111122223333:role/trimtab-read";
        check("arn:aws:sts::111122223333:assumed-role/trimtab-read/trimtab-read", role, role);
        check(role, role, role);
        let user = "arn:aws:iam::111122223333:user/kim";
        check(user, user, user);
    }

    #[test]
    fn a_login_is_granted_through_its_permission_set() {
        check(
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_View_Only_0a1b2c/kim",
            "arn:aws:iam::111122223333:role/AWSReservedSSO_View_Only_0a1b2c",
            "the permission set View_Only of IAM Identity Center, for account 111122223333",
        );
    }
}
