//! Small words with a colour, which say the same without it.

use maud::{Markup, html};

use trimtab_model::confidence::Confidence;
use trimtab_model::environment::Environment;
use trimtab_model::recommendation::PerformanceRisk;
use trimtab_render::document::words;
use trimtab_render::locale::Locale;

/// Returns an environment: production is red, and nothing else.
pub(crate) fn environment(environment: Environment, locale: Locale) -> Markup {
    let class = match environment {
        Environment::Prod => "badge danger",
        Environment::Dev | Environment::Staging => "badge info",
        Environment::Unknown => "badge",
    };
    let word = match environment {
        Environment::Prod | Environment::Dev | Environment::Staging => {
            environment.as_str().to_owned()
        }
        Environment::Unknown => locale.text("environment-unknown"),
    };
    html! { span class=(class) { (word) } }
}

/// Returns a risk.
pub(crate) fn risk(risk: PerformanceRisk, locale: Locale) -> Markup {
    let class = match risk.value() {
        0 | 1 => "badge saved",
        2 => "badge projected",
        _ => "badge danger",
    };
    html! { span class=(class) { (words::risk(risk, locale)) } }
}

/// Returns a confidence: low is a caution, no alarm.
pub(crate) fn confidence(confidence: Confidence, locale: Locale) -> Markup {
    let class = match confidence {
        Confidence::High => "badge saved",
        Confidence::Medium => "badge",
        Confidence::Low => "badge projected",
    };
    html! { span class=(class) { (words::confidence(confidence, locale)) } }
}

/// Returns a word of a state.
pub(crate) fn status(word: &str, class: &str) -> Markup {
    html! { span class={ "badge " (class) } { (word) } }
}
