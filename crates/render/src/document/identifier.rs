//! Short identifiers: as many digits as it takes to tell recommendations apart.

use std::collections::BTreeMap;

use trimtab_model::id::RecommendationId;
use trimtab_model::recommendation::Recommendation;

/// `R-` and six digits: enough for thousands of recommendations, short enough to type.
const SHORTEST: usize = 8;

/// Returns the shortest unique prefix of each identifier, at least `R-` and six digits.
pub fn short_identifiers<'a>(
    ids: impl IntoIterator<Item = &'a RecommendationId>,
) -> BTreeMap<RecommendationId, String> {
    let mut sorted: Vec<&RecommendationId> = ids.into_iter().collect();
    sorted.sort();
    sorted.dedup();
    let neighbours = |index: usize| {
        let before = index.checked_sub(1).and_then(|previous| sorted.get(previous));
        [before, sorted.get(index + 1)].into_iter().flatten()
    };
    sorted
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let shared =
                neighbours(index).map(|other| shared_prefix(id.as_str(), other.as_str())).max();
            let length = shared.map_or(0, |shared| shared + 1).max(SHORTEST);
            ((*id).clone(), id.as_str().chars().take(length).collect())
        })
        .collect()
}

/// Returns the recommendations whose identifier begins with `prefix`, `R-` optional, without case.
///
/// One hit is the answer; none or several are the user's mistake to be told about.
pub fn matching<'a>(items: &'a [Recommendation], prefix: &str) -> Vec<&'a Recommendation> {
    let digits = |text: &str| {
        let lower = text.trim().to_ascii_lowercase();
        lower.strip_prefix("r-").unwrap_or(&lower).to_owned()
    };
    let wanted = digits(prefix);
    if wanted.is_empty() {
        return Vec::new();
    }
    items.iter().filter(|item| digits(item.id.as_str()).starts_with(&wanted)).collect()
}

fn shared_prefix(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_as_long_as_needed() {
        let ids: Vec<RecommendationId> =
            vec!["R-aaaaaa111111".into(), "R-aaaaaa122222".into(), "R-bbbbbb000000".into()];
        let short = short_identifiers(&ids);
        assert_eq!(short[&ids[0]], "R-aaaaaa11");
        assert_eq!(short[&ids[1]], "R-aaaaaa12");
        assert_eq!(short[&ids[2]], "R-bbbbbb");
    }

    #[test]
    fn a_prefix_finds_its_recommendation() {
        let analysis = super::super::sample::analysis();
        let id = analysis.items[0].id.as_str();
        assert_eq!(matching(&analysis.items, &id[..8]).len(), 1);
        assert_eq!(matching(&analysis.items, &id[2..9].to_uppercase()).len(), 1);
        assert!(matching(&analysis.items, "R-").is_empty());
        assert!(matching(&analysis.items, "R-zzzz").is_empty());
    }
}
