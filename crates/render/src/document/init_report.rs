//! What a machine and its accounts are like, what is proposed, and what is left to do.

use trimtab_model::id::RegionId;
use trimtab_model::money::Money;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Text;

use super::page::Page;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise};

/// How many of the regions that nobody could look into are named.
const NAMED: usize = 3;

/// Credentials that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitCandidate {
    /// The profile; the environment where absent.
    pub profile: Option<String>,
    /// Where its credentials come from.
    pub source: Text,
    /// The account and the ARN, or why they cannot be used and what to do.
    pub caller: Result<(String, String), (Text, Option<Text>)>,
}

/// A region, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitRegion {
    /// The region.
    pub region: RegionId,
    /// What ingested bills charge for it.
    pub billed: Vec<Money>,
    /// Kinds that it holds; absent where that is not known.
    pub kinds: Option<Vec<ResourceKind>>,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitProposal {
    /// The account of the credentials.
    pub account: String,
    /// Whose they are.
    pub arn: String,
    /// The regions that are enabled.
    pub regions: Vec<InitRegion>,
    /// Accounts of the organisation that this account manages.
    pub organization: Option<u64>,
    /// The organisation's management account, where this is another one.
    pub managed_by: Option<String>,
    /// What could not be found out.
    pub unknown: Vec<Text>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitStep {
    /// Why.
    pub text: Text,
    /// The commands.
    pub commands: Vec<String>,
}

/// Returns the credentials that were found.
pub fn init_candidates(candidates: &[InitCandidate], style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.heading(&locale.text("init-candidates"));
    if candidates.is_empty() {
        page.sentence(&locale.text("init-no-candidates"));
    }
    for (number, one) in (1..).zip(candidates) {
        let name = candidate_name(one, locale);
        let text = match &one.caller {
            Ok((account, arn)) => format!("{} · {}", sanitise(account), sanitise(arn)),
            Err((problem, _)) => style.sentence(problem),
        };
        page.step(number, &format!("{name} ({}): {text}", style.sentence(&one.source)));
        if let Err((_, Some(hint))) = &one.caller {
            page.detail(&format!(" {} {}", locale.text("failure-hint"), style.sentence(hint)));
        }
    }
    page.finish()
}

/// Returns what the account is like.
pub fn init_proposal(proposal: &InitProposal, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.heading(&locale.text_with("init-account", &[("account", &sanitise(&proposal.account))]));
    page.sentence(&locale.text_with("init-caller", &[("arn", &sanitise(&proposal.arn))]));
    if let Some(accounts) = proposal.organization {
        let accounts = number::count(accounts);
        page.sentence(&locale.text_with("init-organization", &[("accounts", &accounts)]));
    }
    if let Some(manager) = &proposal.managed_by {
        page.sentence(&locale.text_with("init-managed-by", &[("account", &sanitise(manager))]));
    }
    for unknown in &proposal.unknown {
        page.sentence(&style.sentence(unknown));
    }
    page.gap();
    region_summary(&mut page, &proposal.regions, style);
    page.finish()
}

/// Lists the regions of which something is known, and counts the others.
fn region_summary(page: &mut Page<'_>, all: &[InitRegion], style: &Style) {
    let locale = style.locale();
    let (empty, others): (Vec<&InitRegion>, Vec<&InitRegion>) =
        all.iter().partition(|one| one.looks_empty());
    let (told, dark): (Vec<&InitRegion>, Vec<&InitRegion>) =
        others.into_iter().partition(|one| one.is_told());
    if !told.is_empty() {
        page.block(&regions(&told, style).terminal(style));
    }
    let count = |regions: &[&InitRegion]| regions.len().to_string();
    if !dark.is_empty() {
        let mut names: Vec<&str> = dark.iter().take(NAMED).map(|one| one.region.as_str()).collect();
        if dark.len() > NAMED {
            names.push("…");
        }
        let arguments = [("count", count(&dark)), ("names", names.join(", "))];
        let arguments = arguments.each_ref().map(|(name, value)| (*name, value.as_str()));
        page.sentence(&locale.text_with("init-regions-unknown", &arguments));
    }
    if !empty.is_empty() {
        page.sentence(&locale.text_with("init-regions-empty", &[("count", &count(&empty))]));
    }
    let all = all.len().to_string();
    page.sentence(&locale.text_with("init-regions-all", &[("count", &all)]));
}

/// Returns a file as it would be written.
pub fn init_file(name: &str, text: &str, style: &Style) -> String {
    let mut page = Page::new(style);
    page.heading(&style.locale().text_with("init-file", &[("file", &sanitise(name))]));
    for line in text.lines() {
        page.command(line);
    }
    page.finish()
}

/// Returns what was written, and what is left to do.
pub fn init_written(files: &[String], steps: &[InitStep], style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    for file in files {
        page.strong(&locale.text_with("init-written", &[("file", &sanitise(file))]));
    }
    page.heading(&locale.text("next-commands"));
    for (number, step) in (1..).zip(steps) {
        page.step(number, &style.sentence(&step.text));
        for command in &step.commands {
            page.command(&format!(" {command}"));
        }
    }
    page.finish()
}

/// Returns what a candidate is called.
pub fn candidate_name(candidate: &InitCandidate, locale: Locale) -> String {
    match &candidate.profile {
        Some(profile) => sanitise(profile),
        None => locale.text("init-environment"),
    }
}

impl InitRegion {
    /// Returns whether it was looked into and nothing was seen, nor charged.
    fn looks_empty(&self) -> bool {
        self.billed.is_empty() && self.kinds.as_ref().is_some_and(Vec::is_empty)
    }

    /// Returns whether a charge or a kind is known of it.
    fn is_told(&self) -> bool {
        !self.billed.is_empty() || self.kinds.as_ref().is_some_and(|kinds| !kinds.is_empty())
    }
}

fn regions(regions: &[&InitRegion], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |name, key: &str| Column::new(name, locale.text(key), Kind::Text, Priority::Essential);
    let mut table = Table::new(vec![
        column("region", "column-region"),
        column("billed", "column-billed"),
        column("resource_types", "column-resource-type"),
    ]);
    for one in regions {
        let billed: Vec<String> = one.billed.iter().map(|money| style.amount(*money)).collect();
        let kinds = match &one.kinds {
            None => locale.text("init-unknown"),
            Some(kinds) if kinds.is_empty() => locale.text("init-nothing"),
            Some(kinds) => kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "),
        };
        table.row(vec![
            Cell::text(one.region.as_str()),
            Cell::optional((!billed.is_empty()).then(|| billed.join(", "))),
            Cell::Text(kinds),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use trimtab_model::text::Language;

    use super::*;

    fn region(name: &str, kinds: Option<Vec<ResourceKind>>) -> InitRegion {
        InitRegion { region: RegionId::new(name), billed: Vec::new(), kinds }
    }

    fn page(regions: Vec<InitRegion>) -> String {
        let proposal = InitProposal {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/kim".to_owned(),
            regions,
            organization: Some(3),
            managed_by: None,
            unknown: Vec::new(),
        };
        init_proposal(&proposal, &Style { width: 400, ..Style::plain(Language::En) })
    }

    #[test]
    fn a_region_that_nobody_could_look_into_does_not_look_empty() {
        let page = page(vec![
            region("us-east-1", None),
            region("us-west-2", Some(Vec::new())),
            region("ap-northeast-2", Some(vec![ResourceKind::Instance])),
        ]);
        let line = |name: &str| page.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(line("us-east-1").contains("not known"), "{page}");
        assert!(line("ap-northeast-2").contains("AWS::EC2::Instance"), "{page}");
        assert_eq!(line("us-west-2"), "", "{page}");
        assert!(page.contains("All 3 enabled regions"), "{page}");
    }

    #[test]
    fn regions_of_which_nothing_is_known_take_one_line() {
        let many = (1..=38).map(|number| region(&format!("region-{number:02}"), None)).collect();
        let page = page(many);
        assert!(page.contains("region-01") && !page.contains("region-04"), "{page}");
        assert!(page.contains("All 38 enabled regions"), "{page}");
        assert!(!page.contains("neither instances"), "{page}");
    }
}
