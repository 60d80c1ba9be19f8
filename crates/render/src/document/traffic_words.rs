//! Words of traffic: sources, kinds of duplicates, what is wrong with lines.

use trimtab_model::traffic::{
    ClientBasis, Distinctness, DuplicateCounts, DuplicateKind, LineProblem, TrafficSource,
};

use crate::locale::Locale;
use crate::number;

/// Returns the word of a source, as in JSON.
pub fn source(source: TrafficSource) -> &'static str {
    match source {
        TrafficSource::Alb => "alb",
        TrafficSource::CloudFront => "cloud_front",
        TrafficSource::Combined => "combined",
        TrafficSource::Common => "common",
        TrafficSource::Events => "events",
        TrafficSource::RequestCount => "request_count",
    }
}

/// Returns what a source is, for people.
pub(super) fn source_name(source: TrafficSource, locale: Locale) -> String {
    match source {
        TrafficSource::Alb => locale.text("traffic-source-alb"),
        TrafficSource::CloudFront => locale.text("traffic-source-cloudfront"),
        TrafficSource::Combined => locale.text("traffic-source-combined"),
        TrafficSource::Common => locale.text("traffic-source-common"),
        TrafficSource::Events => locale.text("traffic-source-events"),
        TrafficSource::RequestCount => locale.text("traffic-source-request-count"),
    }
}

/// Returns the word of what counts as a client, as in JSON.
pub fn basis(basis: ClientBasis) -> &'static str {
    match basis {
        ClientBasis::User => "user",
        ClientBasis::AddressAndAgent => "address_and_agent",
        ClientBasis::Address => "address",
        ClientBasis::Unknown => "unknown",
    }
}

/// Returns what counts as a client and how sure their number is, for people.
pub(super) fn basis_name(basis: ClientBasis, sure: Distinctness, locale: Locale) -> String {
    let counted = match basis {
        ClientBasis::User => locale.text("traffic-basis-user"),
        ClientBasis::AddressAndAgent => locale.text("traffic-basis-address-agent"),
        ClientBasis::Address => locale.text("traffic-basis-address"),
        ClientBasis::Unknown => locale.text("not-known"),
    };
    match sure {
        Distinctness::Exact => counted,
        Distinctness::Estimated { standard_error } => {
            let error = number::percent(standard_error * 100.0);
            locale.text_with("traffic-basis-estimated", &[("basis", &counted), ("error", &error)])
        }
    }
}

/// Returns the word of a kind of duplicates, as in JSON.
pub fn kind(kind: DuplicateKind) -> &'static str {
    match kind {
        DuplicateKind::Retry => "retry",
        DuplicateKind::Repeat => "repeat",
        DuplicateKind::Polling => "polling",
        DuplicateKind::FanOut => "fan_out",
        DuplicateKind::Herd => "herd",
    }
}

/// Returns a kind of duplicates, for people.
pub(super) fn kind_name(kind: DuplicateKind, locale: Locale) -> String {
    match kind {
        DuplicateKind::Retry => locale.text("traffic-kind-retry"),
        DuplicateKind::Repeat => locale.text("traffic-kind-repeat"),
        DuplicateKind::Polling => locale.text("traffic-kind-polling"),
        DuplicateKind::FanOut => locale.text("traffic-kind-fan-out"),
        DuplicateKind::Herd => locale.text("traffic-kind-herd"),
    }
}

/// Returns the kinds that have duplicates, with how many.
pub(super) fn kinds(counts: &DuplicateCounts, locale: Locale) -> String {
    DuplicateKind::ALL
        .into_iter()
        .filter(|kind| counts.of(*kind) > 0)
        .map(|kind| format!("{} {}", kind_name(kind, locale), number::count(counts.of(kind))))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns the word of what is wrong with a line, as in JSON.
pub fn problem(problem: LineProblem) -> &'static str {
    match problem {
        LineProblem::NotTheFormat => "not_the_format",
        LineProblem::Time => "time",
        LineProblem::ImpossibleTime => "impossible_time",
        LineProblem::Number => "number",
        LineProblem::NoUser => "no_user",
        LineProblem::TooLong => "too_long",
    }
}

/// Returns what is wrong with a line, for people.
pub(super) fn problem_name(problem: LineProblem, locale: Locale) -> String {
    match problem {
        LineProblem::NotTheFormat => locale.text("traffic-problem-format"),
        LineProblem::Time => locale.text("traffic-problem-time"),
        LineProblem::ImpossibleTime => locale.text("traffic-problem-impossible-time"),
        LineProblem::Number => locale.text("traffic-problem-number"),
        LineProblem::NoUser => locale.text("traffic-problem-no-user"),
        LineProblem::TooLong => locale.text("traffic-problem-too-long"),
    }
}
