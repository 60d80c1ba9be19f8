//! What the API does not answer: addresses that lead nowhere, methods that it does not know, and amounts in another
//! currency than they are in.

use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use trimtab_model::text::Text;

use crate::problem::Problem;
use crate::query::Query;
use crate::reader::Reader;

/// Says that nothing is at an address.
pub(super) async fn unknown(reader: Reader, uri: Uri) -> Problem {
    let path = uri.path();
    let title = Text::new(
        format!("the API has nothing at {path}"),
        format!("API에 그런 주소가 없습니다: {path}"),
    );
    let hint = Text::new(
        "/api/openapi.json lists every address",
        "주소는 모두 /api/openapi.json에서 볼 수 있습니다",
    );
    Problem::new(StatusCode::NOT_FOUND, "not-found", &title, Some(&hint), reader.style.language)
}

/// Says that a method is not one of an address; `Allow` tells those that are.
pub(super) async fn unknown_method(reader: Reader, method: Method, uri: Uri) -> Problem {
    let path = uri.path();
    let title = Text::new(
        format!("{path} does not know {method}"),
        format!("이 주소에서 쓸 수 없는 메서드입니다: {method} {path}"),
    );
    let hint =
        Text::new("use a method of the header `Allow`", "`Allow` 헤더에 있는 메서드를 쓰세요");
    let language = reader.style.language;
    let status = StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, "method-not-allowed", &title, Some(&hint), language)
}

/// Refuses to answer in a currency: amounts of the API are those of the bill, to the last digit.
pub(crate) async fn unconverted(reader: Reader, request: Request, next: Next) -> Response {
    let asked = Query::of(request.uri().query().unwrap_or_default());
    if !request.uri().path().starts_with("/api/") || asked.get("currency").is_none() {
        return next.run(request).await;
    }
    let title = Text::new(
        "the API converts no amount: each is in the currency that it names",
        "API는 금액을 환산하지 않습니다. 금액마다 표시된 통화의 값입니다",
    );
    let hint = Text::new(
        "leave `currency` out; pages and their files take it, such as /recommendations?format=xlsx&currency=KRW",
        "`currency`를 빼세요. 환산한 금액은 페이지와 그 파일에서 볼 수 있습니다(예: /recommendations?format=xlsx&currency=KRW)",
    );
    let language = reader.style.language;
    Problem::new(StatusCode::BAD_REQUEST, "usage", &title, Some(&hint), language).into_response()
}
