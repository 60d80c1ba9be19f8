//! Which format a bill has: told by its columns, never by its name.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A format of a bill. The order is richness: where one run brings the same period
/// and account in two formats, the greater one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BillFormat {
    /// What Cost Explorer answered: services and accounts, without resources.
    CostExplorer,
    /// The legacy Cost and Usage Report.
    CurLegacy,
    /// The Cost and Usage Report 2.0 of AWS Data Exports.
    Cur2,
    /// FOCUS 1.0.
    Focus10,
    /// FOCUS 1.1.
    Focus11,
    /// FOCUS 1.2.
    Focus12,
    /// FOCUS 1.3 and later.
    Focus13,
}

impl BillFormat {
    /// Returns the name that people know.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CostExplorer => "Cost Explorer",
            Self::CurLegacy => "CUR (legacy)",
            Self::Cur2 => "CUR 2.0",
            Self::Focus10 => "FOCUS 1.0",
            Self::Focus11 => "FOCUS 1.1",
            Self::Focus12 => "FOCUS 1.2",
            Self::Focus13 => "FOCUS 1.3",
        }
    }

    /// Returns whether the format is one of FOCUS.
    pub fn is_focus(self) -> bool {
        match self {
            Self::Focus10 | Self::Focus11 | Self::Focus12 | Self::Focus13 => true,
            Self::CostExplorer | Self::CurLegacy | Self::Cur2 => false,
        }
    }
}

impl fmt::Display for BillFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the columns of a file say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// A bill that has every column that its format cannot do without.
    Bill(BillFormat),
    /// A bill that lacks this column.
    Lacks(BillFormat, &'static str),
    /// No bill.
    Foreign,
}

/// What any FOCUS file must have for its rows to be understood.
const FOCUS_REQUIRED: &[&str] =
    &["BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory", "ChargePeriodStart"];
/// What any CUR must have.
const CUR_REQUIRED: &[&str] = &[
    "line_item_line_item_type",
    "line_item_unblended_cost",
    "line_item_currency_code",
    "line_item_usage_start_date",
    "bill_billing_period_start_date",
];

/// Columns that a version of FOCUS introduced, newest first (`introduced_version` of
/// the specification's column list).
const FOCUS_VERSIONS: &[(BillFormat, &[&str])] = &[
    (
        BillFormat::Focus13,
        &[
            "ServiceProviderName",
            "HostProviderName",
            "AllocatedMethodId",
            "AllocatedResourceId",
            "ContractApplied",
        ],
    ),
    (
        BillFormat::Focus12,
        &[
            "BillingAccountType",
            "InvoiceId",
            "PricingCurrency",
            "PricingCurrencyEffectiveCost",
            "SubAccountType",
        ],
    ),
    (
        BillFormat::Focus11,
        &[
            "CapacityReservationId",
            "CommitmentDiscountQuantity",
            "CommitmentDiscountUnit",
            "ServiceSubcategory",
            "SkuMeter",
            "SkuPriceDetails",
        ],
    ),
];

/// Tells the format from the column names as the file writes them.
pub fn recognise<'a>(names: impl IntoIterator<Item = &'a str>) -> Recognition {
    let written: BTreeSet<&str> = names.into_iter().collect();
    let focus = FOCUS_REQUIRED.iter().filter(|name| written.contains(*name)).count();
    let snake: BTreeSet<String> = written.iter().map(|name| cur_name(name)).collect();
    let cur = CUR_REQUIRED.iter().filter(|name| snake.contains(**name)).count();
    // Two of the five are enough to say what the file means to be, so that the
    // message can name the column that it lacks.
    if focus >= 2 && focus >= cur {
        let format = FOCUS_VERSIONS
            .iter()
            .find(|(_, columns)| columns.iter().any(|column| written.contains(column)))
            .map_or(BillFormat::Focus10, |(format, _)| *format);
        return verdict(format, FOCUS_REQUIRED, |name| written.contains(name));
    }
    if cur >= 2 {
        let legacy = written.iter().any(|name| name.contains('/'))
            || snake
                .iter()
                .any(|name| name.starts_with("resource_tags_") || name == "product_product_name");
        let format = if legacy { BillFormat::CurLegacy } else { BillFormat::Cur2 };
        return verdict(format, CUR_REQUIRED, |name| snake.contains(name));
    }
    Recognition::Foreign
}

/// Returns the one spelling of a CUR column: `lineItem/UnblendedCost` becomes
/// `line_item_unblended_cost`, as AWS spells it where `/` and capitals are not allowed.
pub fn cur_name(written: &str) -> String {
    let mut name = String::with_capacity(written.len() + 8);
    for letter in written.chars() {
        if letter.is_ascii_uppercase() {
            if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name
}

fn verdict(
    format: BillFormat,
    required: &'static [&'static str],
    has: impl Fn(&str) -> bool,
) -> Recognition {
    match required.iter().find(|name| !has(name)) {
        Some(missing) => Recognition::Lacks(format, missing),
        None => Recognition::Bill(format),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &str, expected: Recognition) {
        assert_eq!(recognise(names.split(',')), expected, "{names}");
    }

    #[test]
    fn a_format_is_told_by_its_columns() {
        const FOCUS: &str =
            "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart";
        check(FOCUS, Recognition::Bill(BillFormat::Focus10));
        check(&format!("{FOCUS},SkuMeter"), Recognition::Bill(BillFormat::Focus11));
        check(&format!("x_Discounts,InvoiceId,{FOCUS}"), Recognition::Bill(BillFormat::Focus12));
        check(&format!("{FOCUS},HostProviderName"), Recognition::Bill(BillFormat::Focus13));
        const CUR: &str = "lineItem/LineItemType,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,bill/BillingPeriodStartDate";
        check(CUR, Recognition::Bill(BillFormat::CurLegacy));
        let snake: Vec<String> = CUR.split(',').map(cur_name).collect();
        check(&snake.join(","), Recognition::Bill(BillFormat::Cur2));
        check(
            &format!("{},resource_tags_user_name", snake.join(",")),
            Recognition::Bill(BillFormat::CurLegacy),
        );
    }

    #[test]
    fn f08_a_missing_column_is_named() {
        check(
            "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart",
            Recognition::Lacks(BillFormat::Focus10, "EffectiveCost"),
        );
        check("date,dau", Recognition::Foreign);
    }

    #[test]
    fn a_cur_column_has_one_spelling() {
        assert_eq!(cur_name("savingsPlan/SavingsPlanARN"), "savings_plan_savings_plan_a_r_n");
        assert_eq!(cur_name("reservation/ReservationARN"), "reservation_reservation_a_r_n");
        assert_eq!(cur_name("resourceTags/user:Name"), "resource_tags_user_name");
        assert_eq!(cur_name("line_item_unblended_cost"), "line_item_unblended_cost");
        assert_eq!(cur_name("product/region"), "product_region");
    }
}
