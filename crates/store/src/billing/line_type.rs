//! The line item types of the Cost and Usage Report, and what each means in FOCUS.
//!
//! Types and their meaning: AWS Cost and Usage Report user guide, "Line item details",
//! `lineItem/LineItemType`. Amortised cost: the same guide, "Understanding Savings
//! Plans" and "Understanding your reservations" (`reservation/EffectiveCost`,
//! `savingsPlan/SavingsPlanEffectiveCost`, the unused columns), as AWS's CUR Query
//! Library computes it.

use trimtab_model::focus::ChargeCategory;

/// What a row amounts to when commitments are spread over what they covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amortised {
    /// The unblended cost itself.
    Unblended,
    /// Nothing: other rows carry it.
    Nothing,
    /// `savingsPlan/SavingsPlanEffectiveCost`.
    SavingsPlanUse,
    /// `savingsPlan/TotalCommitmentToDate` less `savingsPlan/UsedCommitment`: the unused part.
    SavingsPlanUnused,
    /// `reservation/EffectiveCost`.
    ReservationUse,
    /// The unused amortised upfront fee plus the unused recurring fee.
    ReservationUnused,
    /// Nothing if the row names a reservation (its upfront fee, amortised elsewhere),
    /// else the unblended cost.
    FeeUnlessReservation,
}

/// What a line item type means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineType {
    /// AWS's word.
    pub(super) word: &'static str,
    /// FOCUS `ChargeCategory`.
    pub(super) category: ChargeCategory,
    /// Its effective cost.
    pub(super) amortised: Amortised,
    /// FOCUS `ChargeFrequency`.
    pub(super) frequency: &'static str,
}

const fn line(
    word: &'static str,
    category: ChargeCategory,
    amortised: Amortised,
    frequency: &'static str,
) -> LineType {
    LineType { word, category, amortised, frequency }
}

/// Every type.
///
/// `BilledCost` is the unblended cost on each row, also for covered usage, whose
/// negation rows are kept: row by row FOCUS would say nothing for both, and the sum is
/// the same and equals the file's.
pub(super) const ALL: &[LineType] = &[
    line("Usage", ChargeCategory::Usage, Amortised::Unblended, "Usage-Based"),
    line("DiscountedUsage", ChargeCategory::Usage, Amortised::ReservationUse, "Usage-Based"),
    line(
        "SavingsPlanCoveredUsage",
        ChargeCategory::Usage,
        Amortised::SavingsPlanUse,
        "Usage-Based",
    ),
    // Usage, because it takes back the on-demand cost that the covered usage shows.
    line("SavingsPlanNegation", ChargeCategory::Usage, Amortised::Nothing, "Usage-Based"),
    line("SavingsPlanUpfrontFee", ChargeCategory::Purchase, Amortised::Nothing, "One-Time"),
    line(
        "SavingsPlanRecurringFee",
        ChargeCategory::Purchase,
        Amortised::SavingsPlanUnused,
        "Recurring",
    ),
    line("RIFee", ChargeCategory::Purchase, Amortised::ReservationUnused, "Recurring"),
    line("Fee", ChargeCategory::Purchase, Amortised::FeeUnlessReservation, "One-Time"),
    line("FlatRateSubscription", ChargeCategory::Purchase, Amortised::Unblended, "Recurring"),
    line("Tax", ChargeCategory::Tax, Amortised::Unblended, "One-Time"),
    line("Credit", ChargeCategory::Credit, Amortised::Unblended, "One-Time"),
    line("Refund", ChargeCategory::Adjustment, Amortised::Unblended, "One-Time"),
    line("Adjustment", ChargeCategory::Adjustment, Amortised::Unblended, "One-Time"),
    line("EdpDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
    line("PrivateRateDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
    line("BundledDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
    line("Discount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
    line("RiVolumeDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "One-Time"),
    line("SppDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
    line("DistributorDiscount", ChargeCategory::Adjustment, Amortised::Unblended, "Usage-Based"),
];

/// Returns what a word means. Older reports put blanks and capitals differently
/// (`Savings Plan Covered Usage`), so letters alone decide.
pub(super) fn of(word: &str) -> Option<&'static LineType> {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    ALL.iter().find(|line| line.word == word).or_else(|| {
        let wanted = bare(word);
        ALL.iter().find(|line| bare(line.word) == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found_by_its_word() {
        for line in ALL {
            assert_eq!(of(line.word), Some(line));
        }
        assert_eq!(of("Savings Plan Negation").map(|line| line.word), Some("SavingsPlanNegation"));
        assert_eq!(of("Surprise"), None);
    }
}
