//! The way into each account where marks are looked for.

use trimtab_aws::access::{Access, Caller};
use trimtab_aws::credentials::Credentials;
use trimtab_aws::entrance::{Entrance, Errand};
use trimtab_aws::error::AwsError;
use trimtab_aws::region;
use trimtab_aws::session::Session;
use trimtab_model::environment::Environment;
use trimtab_model::id::PlanId;
use trimtab_model::text::Reason;

use crate::config::{AccountTable, Settings};
use crate::failure::Failure;
use crate::pipeline::acting::role::of;
use crate::pipeline::scan::ScanRequest;
use crate::pipeline::scan::places::{enter, role};

/// What stands in the name of a session where there is no plan.
const ERRAND: &str = "P-recover";
/// Whose role is tried first: production is what must not be left.
const ENVIRONMENTS: [Environment; 3] = [Environment::Prod, Environment::Staging, Environment::Dev];

/// Who looks, and where.
pub(super) struct Visitor<'a> {
    pub(super) settings: &'a Settings,
    pub(super) access: &'a Access,
    pub(super) caller: &'a Caller,
    pub(super) asked: &'a ScanRequest,
    pub(super) home: &'a str,
    pub(super) operator: &'a str,
}

/// The sessions of one region, by role. What one may not read, another one may.
pub(super) type OfRegion = Vec<Session>;

impl Visitor<'_> {
    /// Enters an account by the role that reads it, and else by those that change it; by our own
    /// credentials where it is our own and has neither. Says why where it does not let us in.
    ///
    /// # Errors
    /// Fails where the settings name a role that cannot be meant.
    pub(super) async fn open(
        &self,
        account: &AccountTable,
    ) -> Result<Result<Vec<OfRegion>, Reason>, Failure> {
        let reader = role(self.settings, account, self.caller)?;
        if reader.is_none() && account.apply_role.is_some() {
            let keys = match self.by_apply_role(account).await? {
                Ok(keys) => keys,
                Err(error) => return Ok(Err(trimtab_aws::part::reason(&error))),
            };
            let regions = self.regions(account, &keys).await;
            return Ok(match regions {
                Ok(regions) => Ok(self.sessions(account, &regions, &keys)),
                Err(error) => Err(trimtab_aws::part::reason(&error)),
            });
        }
        if reader.is_none() && account.id != self.caller.account {
            return Ok(Err(no_role(&self.caller.account)));
        }
        let entered = enter(self.access, self.asked, account, reader.as_ref(), self.home).await;
        Ok(match entered {
            Ok(entered) => Ok(self.sessions(account, &entered.regions, &[entered.credentials])),
            Err(error) => Err(trimtab_aws::part::reason(&error)),
        })
    }

    /// Takes the role of each environment on. Where none lets us in, returns why the first does
    /// not.
    async fn by_apply_role(
        &self,
        account: &AccountTable,
    ) -> Result<Result<Vec<Option<Credentials>>, AwsError>, Failure> {
        let mut all = Vec::new();
        let mut refused = None;
        for environment in ENVIRONMENTS {
            let role = of(self.settings, account, self.caller, environment)?;
            let errand = Errand {
                plan: PlanId::new(ERRAND),
                operator: self.operator.to_owned(),
                account: account.id.as_str().into(),
                environment,
            };
            match Entrance::new(self.access, role, errand).for_marks().await {
                Ok(keys) => all.push(keys),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Ok(match refused {
            Some(error) if all.is_empty() => Err(error),
            Some(_) | None => Ok(all),
        })
    }

    /// Returns the regions that are named, and else those that are enabled, as the first role
    /// says that may.
    async fn regions(
        &self,
        account: &AccountTable,
        keys: &[Option<Credentials>],
    ) -> Result<Vec<String>, AwsError> {
        let wanted = [&self.asked.regions, &account.regions].into_iter();
        if let Some(named) = wanted.into_iter().find(|regions| !regions.is_empty()) {
            return Ok(named.clone());
        }
        let mut regions = Ok(Vec::new());
        for keys in keys {
            let session = self.access.session(&account.id, self.home, keys.clone());
            regions = region::enabled(&session).await;
            if regions.is_ok() {
                break;
            }
        }
        regions
    }

    fn sessions(
        &self,
        account: &AccountTable,
        regions: &[String],
        keys: &[Option<Credentials>],
    ) -> Vec<OfRegion> {
        let open = |region: &String| {
            keys.iter().map(|keys| self.access.session(&account.id, region, keys.clone())).collect()
        };
        regions.iter().map(open).collect()
    }
}

fn no_role(ours: &str) -> Reason {
    Reason::new(
        "no-role",
        format!(
            "The credentials are of {ours}, and no role of the account is configured: name one as role or apply_role of its [[account]] in trimtab.toml."
        ),
        format!(
            "자격 증명은 {ours} 계정의 것이고 이 계정의 역할이 설정되지 않았습니다. trimtab.toml의 해당 [[account]]에 role이나 apply_role을 적으세요."
        ),
    )
}
