//! What no API of AWS tells of a type or a class, and the catalogue does.

use std::collections::BTreeSet;

use trimtab_analysis::database::class::Class;
use trimtab_analysis::database::connections::engine_memory_bytes;
use trimtab_analysis::sizing::burstable::baseline_share;
use trimtab_model::action::Action;
use trimtab_model::observed::{Facts, Inspected};
use trimtab_model::plan::Change;
use trimtab_model::price::PriceBook;
use trimtab_store::catalog;

use crate::config::Settings;
use crate::failure::Failure;

/// Reads the types and classes of the catalogue, without the prices of any region.
///
/// # Errors
/// Fails where a refreshed file of the catalogue cannot be read.
pub(crate) fn types(settings: &Settings) -> Result<PriceBook, Failure> {
    catalog::price_book_with(&settings.data_dir, &BTreeSet::new())
        .map_err(|cause| Failure::from(&cause))
}

/// Adds what credits sustain, and the memory that a database has of its class: the least that it
/// may be. What the catalogue does not have stays absent.
pub(crate) fn complete(inspected: &mut Inspected, change: &Change, prices: &PriceBook) {
    match (&change.action, &mut inspected.facts) {
        (Action::ModifyInstanceType { to, .. }, Facts::Instance(facts)) => {
            let found = prices.instance_types.get(to);
            let share = found.and_then(baseline_share);
            let vcpu = facts.to.vcpu.map(f64::from);
            facts.to.sustained_vcpu = share.zip(vcpu).map(|(share, vcpu)| share * vcpu);
        }
        (Action::ModifyDbInstanceClass { from, to, .. }, Facts::DbInstance(facts)) => {
            // A number of bytes: no fraction, and far below the limit of the type.
            let memory = |class| {
                let class = Class::find(prices, class)?;
                Some(engine_memory_bytes(&class).least as u64)
            };
            facts.memory_bytes = memory(from);
            facts.to_memory_bytes = memory(to);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_has_types_without_any_region() {
        let directory = tempfile::tempdir().expect("a directory");
        let book = catalog::price_book_with(directory.path(), &BTreeSet::new()).expect("a book");
        let large = book.instance_types.get(&"t3.large".into()).expect("a type");
        assert_eq!(baseline_share(large), Some(0.3));
        assert!(Class::find(&book, &"db.r6g.large".into()).is_some());
    }
}
