use std::path::PathBuf;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// Streams a file.
///
/// # Errors
/// If the file cannot be opened.
pub(crate) async fn streamed(path: PathBuf, kind: &'static str) -> Result<Response, Problem> {
    let file = tokio::fs::File::open(path).await.map_err(Problem::unavailable)?;
    let length = file.metadata().await.map_err(Problem::unavailable)?.len();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        // A file may hold what a caller uploaded: a browser neither guesses its type nor runs a
        // script in it. Reports bring their styles with them.
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'".to_owned(),
        ),
    ];
    let body = Body::from_stream(tokio_util::io::ReaderStream::new(file));
    Ok((headers, body).into_response())
}
