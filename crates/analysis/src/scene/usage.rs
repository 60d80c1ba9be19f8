//! What usage types and the account cost on a bill, for tests.

use trimtab_model::charge::{Cost, MeterCharge};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;

use super::{Scene, account, days_ago, decimal, now, region};

impl Scene {
    /// Puts what a usage type costs in the scene's account and region on a bill of 30 days,
    /// whoever pays for it.
    pub(crate) fn meter(mut self, usage_type: &str, quantity: &str, usd: Option<&str>) -> Self {
        let window = Period::new(days_ago(30), now()).expect("in order");
        self.charges.window.get_or_insert(window);
        self.charges.meters.push(MeterCharge {
            account: Some(account()),
            region: Some(region()),
            service_name: "Amazon Elastic Compute Cloud".to_owned(),
            usage_type: Some(usage_type.to_owned()),
            commitment_discount_status: None,
            pricing_unit: Some("GB".to_owned()),
            currency: Currency::USD,
            pricing_quantity: Some(decimal(quantity)),
            effective: usd.map(|usd| Money::usd(decimal(usd))),
        });
        self
    }

    /// Sets what the scene's account costs in the 30 days of its bill.
    pub(crate) fn account_cost(mut self, usd: &str) -> Self {
        let amount = Money::usd(decimal(usd));
        let cost = Cost { billed: amount, effective: amount, list: None, contracted: None };
        self.charges.by_account.insert((account(), Currency::USD), cost);
        self
    }
}
