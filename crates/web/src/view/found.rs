//! What a search finds: pages, saved views, recommendations, plans, runs and resources.

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Language;
use trimtab_render::document::words;
use trimtab_render::locale::Locale;
use trimtab_render::sanitise;
use trimtab_render::style::Style;
use trimtab_store::state::StateError;

use crate::query::Query;
use crate::saved;
use crate::shared::Shared;
use crate::ui::Tab;
use crate::words::{Question, Rank, Words};

/// What a search finds at most.
pub(crate) const MOST: usize = 20;

/// Of which kind something is that was found, in the order in which equals are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HitKind {
    Page,
    View,
    Recommendation,
    Plan,
    Run,
    Resource,
}

impl HitKind {
    /// Returns the key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Page => "web-find-page",
            Self::View => "web-find-view",
            Self::Recommendation => "web-find-recommendation",
            Self::Plan => "web-find-plan",
            Self::Run => "web-find-run",
            Self::Resource => "web-find-resource",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    rank: Rank,
    /// Of which kind it is.
    pub(crate) kind: HitKind,
    /// What it is called, as it is shown.
    pub(crate) title: String,
    /// What tells it from others of its name.
    pub(crate) about: String,
    /// Where it is.
    pub(crate) address: String,
}

/// Finds what answers a question, the best first; the first views and pages where nothing is asked.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn hits(shared: &Shared, style: &Style, asked: &str) -> Result<Vec<Hit>, Failure> {
    let Some(question) = Question::of(asked) else {
        let mut all = views(shared, None)?;
        all.extend(pages(style.locale(), None));
        return Ok(all);
    };
    let mut all = pages(style.locale(), Some(&question));
    all.extend(views(shared, Some(&question))?);
    all.extend(recommendations(shared, style, &question)?);
    all.extend(plans_and_runs(shared, &question)?);
    all.extend(resources(shared, &question)?);
    all.sort_by_key(|hit| (hit.rank, hit.kind));
    all.truncate(MOST);
    Ok(all)
}

/// Returns the places of names that answer a question; all of them where nothing is asked.
fn answering<'a>(
    names: impl Iterator<Item = Vec<&'a str>>,
    question: Option<&Question>,
) -> Vec<(Rank, usize)> {
    let mut words = Words::default();
    let mut count = 0;
    for names in names {
        words.push(names);
        count += 1;
    }
    match question {
        Some(question) => words.find(question, MOST),
        None => (0..count).map(|place| (Rank::Within, place)).collect(),
    }
}

/// Pages by their names in both languages.
fn pages(locale: Locale, question: Option<&Question>) -> Vec<Hit> {
    let names: Vec<[String; 2]> = Tab::ALL
        .iter()
        .map(|tab| [Language::Ko, Language::En].map(|one| Locale::new(one).text(tab.key())))
        .collect();
    let found =
        answering(names.iter().map(|both| both.iter().map(String::as_str).collect()), question);
    let hit = |(rank, place): (Rank, usize)| {
        let tab = Tab::ALL.get(place)?;
        Some(Hit {
            rank,
            kind: HitKind::Page,
            title: locale.text(tab.key()),
            about: String::new(),
            address: tab.path().to_owned(),
        })
    };
    found.into_iter().filter_map(hit).collect()
}

fn views(shared: &Shared, question: Option<&Question>) -> Result<Vec<Hit>, Failure> {
    let views = saved::all(shared)?;
    let found = answering(views.iter().map(|view| vec![view.name.as_str()]), question);
    let hit = |(rank, place): (Rank, usize)| {
        let view = views.get(place)?;
        Some(Hit {
            rank,
            kind: HitKind::View,
            title: sanitise(&view.name),
            about: String::new(),
            address: view.address.clone(),
        })
    };
    Ok(found.into_iter().filter_map(hit).take(MOST).collect())
}

fn recommendations(
    shared: &Shared,
    style: &Style,
    question: &Question,
) -> Result<Vec<Hit>, Failure> {
    let Some(visible) = shared.analysis()? else { return Ok(Vec::new()) };
    let hit = |(rank, place): (Rank, usize)| {
        let item = visible.whole.items.get(place)?;
        let action = words::action_type(item.action_type, style.locale());
        let saving = style.monthly(item.estimated_monthly_savings.likely);
        Some(Hit {
            rank,
            kind: HitKind::Recommendation,
            title: format!("{action} · {}", words::resource_name(&item.resource)),
            about: format!("{} · {saving}", item.id.as_str()),
            address: format!("/recommendations/{}", item.id.as_str()),
        })
    };
    let found = shared.found_words()?.find(question, MOST);
    Ok(found.into_iter().filter_map(hit).collect())
}

fn plans_and_runs(shared: &Shared, question: &Question) -> Result<Vec<Hit>, Failure> {
    let unreadable = |cause: StateError| Failure::from_error(Kind::Failed, &cause);
    let plans = shared.state().plan_ids().map_err(unreadable)?;
    let runs = shared.state().runs("").map_err(unreadable)?;
    let of_plans = answering(plans.iter().map(|plan| vec![plan.as_str()]), Some(question));
    let of_runs = answering(
        // A run is found by its plan as well.
        runs.iter().map(|run| vec![run.id.as_str(), run.plan.as_str()]),
        Some(question),
    );
    let plan = |(rank, place): (Rank, usize)| {
        let id = plans.get(place)?.as_str();
        let (title, address) = (id.to_owned(), format!("/plans/{id}"));
        Some(Hit { rank, kind: HitKind::Plan, title, about: String::new(), address })
    };
    let run = |(rank, place): (Rank, usize)| {
        let run = runs.get(place)?;
        Some(Hit {
            rank,
            kind: HitKind::Run,
            title: run.id.as_str().to_owned(),
            about: run.plan.as_str().to_owned(),
            address: format!("/runs/{}", run.id.as_str()),
        })
    };
    let plans = of_plans.into_iter().filter_map(plan);
    Ok(plans.chain(of_runs.into_iter().filter_map(run)).collect())
}

fn resources(shared: &Shared, question: &Question) -> Result<Vec<Hit>, Failure> {
    let register = shared.register()?;
    let hit = |(rank, resource): (Rank, &ResourceRef)| {
        let (account, region) = (resource.account.as_str(), resource.region.as_str());
        let (kind, id) = (resource.kind.as_str(), resource.id.as_str());
        let parts = [resource.name.as_ref().map(|_| id), Some(kind), Some(account), Some(region)];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty()).map(sanitise);
        Hit {
            rank,
            kind: HitKind::Resource,
            title: words::resource_name(resource),
            about: parts.collect::<Vec<_>>().join(" · "),
            address: resource_address(kind, account, region, id),
        }
    };
    Ok(register.find(question, MOST).into_iter().map(hit).collect())
}

/// Returns the address of a resource's page.
pub(crate) fn resource_address(kind: &str, account: &str, region: &str, id: &str) -> String {
    let query = Query::default().with("kind", Some(kind)).with("account", Some(account));
    query.with("region", Some(region)).with("id", Some(id)).on("/resource")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(question: &str) -> Vec<String> {
        let question = Question::of(question);
        let found = pages(Locale::new(Language::En), question.as_ref());
        found.into_iter().map(|hit| hit.title).collect()
    }

    #[test]
    fn pages_are_found_in_both_languages_and_all_of_them_where_nothing_is_asked() {
        assert_eq!(titles("cost").first().map(String::as_str), Some("Cost explorer"));
        assert_eq!(titles("추천"), ["Recommendations"]);
        assert_eq!(titles("  ").len(), Tab::ALL.len());
        assert!(titles("no such page").is_empty());
    }
}
