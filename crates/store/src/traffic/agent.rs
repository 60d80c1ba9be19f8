//! What a user agent says of a client: whether it is a bot, and which version it has.

/// What bots that do not end in "bot" call themselves, in small letters.
///
/// Each of them says in public what it is: search engines (Naver's Yeti, Daum, Yandex, Yahoo,
/// Baidu), previews of links, readers of feeds, health checks of AWS and Kubernetes, and watchers
/// from outside. A library such as `curl` or `okhttp` is none: it may be a service of the owner.
const NAMES: &[&str] = &[
    "crawl",
    "spider",
    "slurp",
    "scrap",
    "yeti/",
    "daumoa",
    "yandex",
    "bingpreview",
    "ia_archiver",
    "mediapartners-google",
    "google-read-aloud",
    "google-inspectiontool",
    "facebookexternalhit",
    "whatsapp/",
    "chatgpt-user",
    "perplexity",
    "feedfetcher",
    "feedburner",
    "feedly",
    "elb-healthchecker",
    "amazon-route53-health-check",
    "googlehc",
    "kube-probe",
    "blackbox-exporter",
    "pingdom",
    "statuscake",
    "site24x7",
    "datadogsynthetics",
    "newrelicpinger",
    "check_http",
    "headlesschrome",
    "lighthouse",
];

/// Browsers that call themselves others too, the most special first.
const BROWSERS: &[&str] =
    &["Edg/", "OPR/", "Whale/", "SamsungBrowser/", "Firefox/", "CriOS/", "Chrome/", "Version/"];

/// Longest version that is kept.
const MAX_VERSION: usize = 48;

/// Returns whether a client says that it is a bot.
///
/// It does if its user agent has one of the names above, or a word that ends in "bot" or "bots";
/// phones of the make "Cubot" are none.
pub(super) fn is_bot(agent: &[u8]) -> bool {
    let small = agent.to_ascii_lowercase();
    let has = |name: &str| small.windows(name.len()).any(|part| part == name.as_bytes());
    ends_in_bot(&small) || NAMES.iter().any(|name| has(name))
}

fn ends_in_bot(small: &[u8]) -> bool {
    small.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| {
        let word = word.strip_suffix(b"s").unwrap_or(word);
        word.ends_with(b"bot") && word != b"cubot"
    })
}

/// Returns name and version of a client, such as `MyGame/1.4.2` or `Chrome/120.0`; absent where
/// it says none that can be printed.
pub(super) fn version(agent: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(agent).ok()?;
    let is_browser = text.starts_with("Mozilla/");
    let token = if is_browser {
        BROWSERS.iter().find_map(|name| text.find(name).and_then(|at| text.get(at..)))?
    } else {
        text
    };
    let token = token.split([' ', '(', ';', ',']).next().filter(|token| !token.is_empty())?;
    let printable = token.bytes().all(|byte| byte.is_ascii_graphic());
    (printable && token.len() <= MAX_VERSION).then(|| match token.strip_prefix("Version/") {
        Some(version) => format!("Safari/{version}"),
        None => token.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(agent: &str, expected: &str) {
        let agent = agent.as_bytes();
        let kind = if is_bot(agent) { "bot" } else { "client" };
        let version = version(agent).unwrap_or_else(|| "-".to_owned());
        assert_eq!(format!("{kind} {version}"), expected);
    }

    #[test]
    fn bots_say_what_they_are() {
        check("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot -");
        check("Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/spd)", "bot -");
        check("ELB-HealthChecker/2.0", "bot ELB-HealthChecker/2.0");
        check("UniversalFeedParser/4.2", "client UniversalFeedParser/4.2");
        check("Mozilla/5.0 (Linux; Android 9; CUBOT X19)", "client -");
        check("Robotics/1.0", "client Robotics/1.0");
        check("curl/8.5.0", "client curl/8.5.0");
    }

    #[test]
    fn versions_are_those_of_the_program() {
        check("MyGame/1.4.2 CFNetwork/1490.0.4 Darwin/23.2.0", "client MyGame/1.4.2");
        check(
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.1",
            "client Edg/120.0.1",
        );
        check(
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
            "client Safari/17.2",
        );
        check("", "client -");
        check("\u{1b}[31mred", "client -");
    }
}
