//! Which accounts let us in, and which regions they have.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_aws::access::{Caller, Role};
use trimtab_aws::error::AwsError;
use trimtab_aws::part;
use trimtab_aws::policy::Statement;
use trimtab_model::diagnosis::{Area, Lack, Status, Step, Subject};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{Reason, counted};

use super::credentials::principal;
use super::permissions::{Place, Probe};
use super::{Diagnosis, Watch, failed};
use crate::config::AccountTable;
use crate::pipeline::login::Login;
use crate::pipeline::permissions::checks_of;
use crate::pipeline::scan::places::{self, Entered};

/// The action by which a role is taken on.
const ASSUME: &str = "sts:AssumeRole";

impl Diagnosis {
    /// Tries each account, then what may be read in those that let us in.
    pub(super) async fn accounts(
        &mut self,
        login: &Login,
        caller: &Caller,
        probe: &Probe<'_>,
        watch: Watch<'_>,
    ) {
        let access = &login.access;
        let home = places::home(access, caller);
        let members = match places::members(access, probe.settings, caller, &home).await {
            Ok(members) => members,
            Err(error) => {
                self.unlisted(&error, caller, probe);
                Vec::new()
            }
        };
        let accounts = match places::accounts(probe.settings, probe.request, caller, members) {
            Ok(accounts) => accounts,
            Err(failure) => {
                self.steps.push(failed(Area::Accounts, failure));
                return;
            }
        };
        let mut open = Vec::new();
        for account in &accounts {
            let role = match places::role(probe.settings, account, caller) {
                Ok(role) => role,
                Err(failure) => {
                    self.steps.push(failed(Area::Accounts, failure).at(&account.id, None));
                    continue;
                }
            };
            match places::enter(access, probe.request, account, role.as_ref(), &home).await {
                Ok(entered) => {
                    self.entered(account, role.as_ref(), &entered);
                    let arn = role.map_or_else(|| caller.arn.clone(), |role| role.arn);
                    open.push(Place { account: account.id.clone(), principal: arn, entered });
                }
                Err(error) => self.closed(account, role.as_ref(), &error, caller, probe),
            }
        }
        self.permissions(access, &home, &open, probe, watch).await;
    }

    /// The organisation's accounts cannot be listed.
    fn unlisted(&mut self, error: &AwsError, caller: &Caller, probe: &Probe<'_>) {
        let step = failed(Area::Accounts, places::no_list(error));
        self.steps.push(step.at(&caller.account, None));
        if matches!(error, AwsError::Denied { .. }) {
            let statement = Statement::find_accounts().document();
            self.lack(&caller.account, &caller.arn, error, statement, probe);
        }
    }

    /// An account let us in.
    fn entered(&mut self, account: &AccountTable, role: Option<&Role>, entered: &Entered) {
        let regions = entered.enabled.len();
        let many = counted(regions, "region");
        let reason = match role {
            Some(role) => Reason::new(
                "entered",
                format!("{} was taken on; {many} enabled", role.arn),
                format!("역할을 맡았습니다: {}. 사용 중인 리전 {regions}개", role.arn),
            ),
            None => Reason::new(
                "entered",
                format!("read with these credentials; {many} enabled"),
                format!("이 자격 증명으로 읽습니다. 사용 중인 리전 {regions}개"),
            ),
        };
        self.steps.push(Step::new(Area::Accounts, Status::Ok, reason).at(&account.id, None));
        for region in entered.regions.iter().filter(|region| !entered.enabled.contains(region)) {
            let reason = Reason::new(
                "region-not-enabled",
                "the account has not enabled this region",
                "이 계정에서 사용하도록 설정되지 않은 리전입니다",
            );
            let step = Step::new(Area::Accounts, Status::Note, reason).with_hint((
                "correct the region, or enable it in the account's settings",
                "리전 이름을 바로잡거나 계정 설정에서 리전을 활성화하세요",
            ));
            self.steps.push(step.at(&account.id, Some(region)));
        }
    }

    /// An account did not let us in.
    fn closed(
        &mut self,
        account: &AccountTable,
        role: Option<&Role>,
        error: &AwsError,
        caller: &Caller,
        probe: &Probe<'_>,
    ) {
        let is_denied = matches!(error, AwsError::Denied { .. });
        let status = if is_denied { Status::Missing } else { Status::Failed };
        let step = Step::new(Area::Accounts, status, part::reason(error));
        self.steps.push(step.at(&account.id, None));
        if !is_denied {
            return;
        }
        match role {
            // The role's trust policy must name us too, which only the account itself can see.
            Some(role) if error.action() == ASSUME => {
                let statement = assume(&role.arn);
                self.lack(&account.id, &caller.arn, error, statement, probe);
            }
            _ => {
                let arn = role.map_or(caller.arn.as_str(), |role| role.arn.as_str());
                let statement = Statement::find_regions().document();
                self.lack(&account.id, arn, error, statement, probe);
            }
        }
    }

    /// Everything of an account is missing for want of one action.
    fn lack(
        &mut self,
        account: &str,
        arn: &str,
        error: &AwsError,
        statement: Value,
        probe: &Probe<'_>,
    ) {
        let kinds: BTreeSet<ResourceKind> = probe.collectors.iter().map(|one| one.kind).collect();
        let (principal, who) = principal(arn);
        self.lacks.push(Lack {
            principal,
            who,
            account: account.into(),
            regions: BTreeSet::new(),
            actions: vec![error.action().to_owned()],
            checks: checks_of(probe.settings, &kinds),
            subjects: kinds.into_iter().map(Subject::Kind).collect(),
            statement,
        });
    }
}

/// Returns the statement that lets somebody take a role on.
fn assume(role: &str) -> Value {
    let name = role.rsplit(['/', ':']).next().unwrap_or_default();
    let account = role.split(':').nth(4).unwrap_or_default();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    json!({
        "Sid": format!("Assume{account}{name}"),
        "Effect": "Allow",
        "Action": [ASSUME],
        "Resource": role,
    })
}
