//! The lines of a bill that nothing meters.

use rust_decimal::Decimal;

use trimtab_model::focus::{
    ChargeCategory, ChargeClass, ChargeFrequency, CommitmentDiscountStatus, PricingCategory,
};

use crate::story::focus_row::{BillRow, BilledResource, CommitmentUse, Meter, RowCost};

/// The Savings Plan of the generated bill.
pub(super) const SAVINGS_PLAN: &str =
    "arn:aws:savingsplans::100000000001:savingsplan/9c2f4a31-7b70-4d0c-8f2e-0b6f3e5d2a11";

/// The reservation of the generated bill.
pub(super) const RESERVATION: &str =
    "arn:aws:ec2:us-east-1:100000000001:reserved-instances/4d1be3a0-2a0f-4a6e-9d5e-1f8a6b7c9d00";

/// A line that nothing meters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InvoiceLine {
    /// The recurring fee of a Savings Plan.
    SavingsPlanFee,
    /// The upfront fee of a reservation.
    ReservationFee,
    /// What of a Savings Plan covered nothing.
    SavingsPlanUnused,
    /// What of a reservation covered nothing.
    ReservationUnused,
    /// Tax.
    Tax,
    /// A promotional credit.
    Credit,
    /// A refund.
    Refund,
    /// A correction of a period that was invoiced already.
    Correction,
}

impl InvoiceLine {
    /// Every kind.
    pub(super) const ALL: [Self; 8] = [
        Self::SavingsPlanFee,
        Self::ReservationFee,
        Self::SavingsPlanUnused,
        Self::ReservationUnused,
        Self::Tax,
        Self::Credit,
        Self::Refund,
        Self::Correction,
    ];

    /// Turns a row of use into this line. `amount` is positive.
    pub(super) fn apply<'a>(self, row: &mut BillRow<'a>, meter: &'a Meter, amount: Decimal) {
        let commitment =
            |id, kind, category, status| Some(CommitmentUse { id, kind, category, status });
        let unused = Some(CommitmentDiscountStatus::Unused);
        let plan = |status| commitment(SAVINGS_PLAN, "Savings Plan", "Spend", status);
        let reservation = |status| commitment(RESERVATION, "Reserved", "Usage", status);
        let fee = RowCost {
            billed: amount,
            effective: Decimal::ZERO,
            list: Some(amount),
            contracted: Some(amount),
        };
        let wasted =
            RowCost { billed: Decimal::ZERO, effective: amount, list: None, contracted: None };
        row.meter = meter;
        row.commitment = None;
        row.resource = None::<&'a BilledResource>;
        row.quantity = None;
        row.pricing_category = None;
        let (category, frequency, cost) = match self {
            Self::SavingsPlanFee => {
                row.commitment = plan(None);
                (ChargeCategory::Purchase, ChargeFrequency::Recurring, fee)
            }
            Self::ReservationFee => {
                row.commitment = reservation(None);
                (ChargeCategory::Purchase, ChargeFrequency::OneTime, fee)
            }
            Self::SavingsPlanUnused => {
                row.commitment = plan(unused);
                row.pricing_category = Some(PricingCategory::Committed);
                (ChargeCategory::Usage, ChargeFrequency::UsageBased, wasted)
            }
            Self::ReservationUnused => {
                row.commitment = reservation(unused);
                row.pricing_category = Some(PricingCategory::Committed);
                (ChargeCategory::Usage, ChargeFrequency::UsageBased, wasted)
            }
            Self::Tax => (ChargeCategory::Tax, ChargeFrequency::OneTime, RowCost::unlisted(amount)),
            Self::Credit => {
                (ChargeCategory::Credit, ChargeFrequency::OneTime, RowCost::unlisted(-amount))
            }
            Self::Refund => {
                (ChargeCategory::Adjustment, ChargeFrequency::OneTime, RowCost::unlisted(-amount))
            }
            Self::Correction => {
                row.class = Some(ChargeClass::Correction);
                (ChargeCategory::Usage, ChargeFrequency::UsageBased, RowCost::undiscounted(-amount))
            }
        };
        row.category = category;
        row.frequency = frequency;
        row.cost = cost;
    }

    /// Returns what the line is called.
    pub(super) fn meter(self) -> Meter {
        let (service, code, text) = match self {
            Self::SavingsPlanFee | Self::SavingsPlanUnused => (
                "Savings Plans for AWS Compute usage",
                "ComputeSavingsPlans",
                "Compute Savings Plan",
            ),
            Self::ReservationFee | Self::ReservationUnused => {
                ("Amazon Elastic Compute Cloud", "AmazonEC2", "Reserved Instance")
            }
            Self::Tax => ("Amazon Elastic Compute Cloud", "AmazonEC2", "Tax"),
            Self::Credit => ("Amazon Elastic Compute Cloud", "AmazonEC2", "Promotional credit"),
            Self::Refund => ("Amazon Simple Storage Service", "AmazonS3", "Refund"),
            Self::Correction => {
                ("Amazon Elastic Compute Cloud", "AmazonEC2", "Correction of the month before")
            }
        };
        Meter {
            service_name: service.to_owned(),
            service_category: "Other",
            service_code: code.to_owned(),
            usage_type: String::new(),
            operation: String::new(),
            sku_id: String::new(),
            sku_price_id: String::new(),
            unit: String::new(),
            price: Decimal::ZERO,
            region: None,
            description: text.to_owned(),
        }
    }
}
