//! Style sheet and scripts: inside the binary, at addresses that change with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use trimtab_render::chart::CSS;
use trimtab_render::report::REPORT_CSS;

/// A file that is served as it is.
pub(crate) struct Asset {
    name: &'static str,
    media_type: &'static str,
    body: &'static [u8],
    address: LazyLock<String>,
}

macro_rules! asset {
    ($name:literal, $media_type:literal) => {
        Asset {
            name: $name,
            media_type: $media_type,
            body: include_bytes!(concat!("../assets/", $name)),
            address: LazyLock::new(|| {
                let body: &[u8] = include_bytes!(concat!("../assets/", $name));
                address($name, body)
            }),
        }
    };
}

/// The style sheet.
pub(crate) static STYLE: Asset = asset!("app.css", "text/css; charset=utf-8");
/// The style sheet of charts, which also makes the pictures of mails.
pub(crate) static CHART_STYLE: Asset = Asset {
    name: "chart.css",
    media_type: "text/css; charset=utf-8",
    body: CSS.as_bytes(),
    address: LazyLock::new(|| address("chart.css", CSS.as_bytes())),
};
/// The style sheet of reports, which is inside each of them too.
pub(crate) static REPORT_STYLE: Asset = Asset {
    name: "report.css",
    media_type: "text/css; charset=utf-8",
    body: REPORT_CSS.as_bytes(),
    address: LazyLock::new(|| address("report.css", REPORT_CSS.as_bytes())),
};
/// Our script.
pub(crate) static SCRIPT: Asset = asset!("app.js", "text/javascript; charset=utf-8");
/// htmx, which changes parts of a page.
pub(crate) static HTMX: Asset = asset!("htmx-4.0.1.min.js", "text/javascript; charset=utf-8");
/// The icon.
pub(crate) static ICON: Asset = asset!("icon.svg", "image/svg+xml");

static ALL: [&Asset; 6] = [&STYLE, &CHART_STYLE, &REPORT_STYLE, &SCRIPT, &HTMX, &ICON];

impl Asset {
    /// Returns its address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

fn address(name: &str, body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/{short}/{name}")
}

/// Answers with a file. An address with another hash is that of another version.
pub(crate) async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let wanted = format!("/assets/{hash}/{name}");
    let Some(asset) = ALL.iter().find(|asset| asset.name == name && asset.address() == wanted)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, forever),
    ];
    (headers, asset.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was published, so that what is vendored is that and nothing else.
    const VENDORED: [(&Asset, &str); 1] =
        [(&HTMX, "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130")];

    #[test]
    fn vendored_files_are_those_that_were_published() {
        for (asset, hash) in VENDORED {
            let digest: String =
                Sha256::digest(asset.body).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digest, hash, "{}", asset.name);
        }
    }

    #[test]
    fn addresses_differ() {
        let mut addresses: Vec<&str> = ALL.iter().map(|asset| asset.address()).collect();
        addresses.dedup();
        assert_eq!(addresses.len(), ALL.len());
    }
}
