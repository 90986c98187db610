//! Content negotiation: the representation that a caller prefers (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

use super::problem::{Problem, ProblemType};

/// JSON.
pub(crate) const JSON: &str = "application/json";
/// Web pages.
pub(crate) const HTML: &str = "text/html";
/// Comma-separated rows.
pub(crate) const CSV: &str = "text/csv";
/// Workbooks.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Texts that people write: policies and facilities.
pub(crate) const TOML: &str = "application/toml";

/// The representation in `offered` that the caller ranks highest; the first if it states no
/// preference.
///
/// # Errors
/// If the caller accepts none of them.
pub(crate) fn chosen(
    headers: &HeaderMap,
    offered: &[&'static str],
) -> Result<&'static str, Problem> {
    // A list may come in several headers, which count as one (RFC 9110, 5.3).
    let all = headers.get_all(header::ACCEPT);
    let asked: Vec<&str> =
        all.iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let first = offered.first().copied().unwrap_or(JSON);
    if asked.iter().all(|one| one.trim().is_empty()) {
        return Ok(first);
    }
    let rank = |media: &str| {
        let fits = asked.iter().filter_map(|one| {
            let mut parts = one.split(';').map(str::trim);
            let range = parts.next()?.to_ascii_lowercase();
            // Other parameters are passed over: no representation here has variants.
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f64>().ok());
            let (kind, _) = media.split_once('/')?;
            let precision = if range == media {
                2
            } else if range.strip_suffix("/*") == Some(kind) {
                1
            } else if range == "*/*" {
                0
            } else {
                return None;
            };
            Some((precision, quality.unwrap_or(1.0)))
        });
        // `text/html;q=0.2, */*` wants anything rather than HTML: the most precise range decides.
        let most = fits.max_by(|a, b| a.0.cmp(&b.0));
        most.map_or(0.0, |(_, quality)| quality)
    };
    let mut best = (first, 0.0);
    for &media in offered {
        // Strictly: of equals the first offered wins, and a quality of 0 excludes.
        if rank(media) > best.1 {
            best = (media, rank(media));
        }
    }
    if best.1 > 0.0 {
        return Ok(best.0);
    }
    let detail = format!("Available as {}.", offered.join(", "));
    Err(Problem::new(ProblemType::NotAcceptable, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        chosen(&headers, &[JSON, HTML, CSV]).ok()
    }

    #[test]
    fn the_highest_rank_wins_and_the_most_precise_range_ranks() {
        assert_eq!(of("text/html"), Some(HTML));
        assert_eq!(of("*/*"), Some(JSON));
        assert_eq!(of("text/*"), Some(HTML));
        assert_eq!(of("text/*;q=0.5, text/csv"), Some(CSV));
        assert_eq!(of("application/json;q=0, */*"), Some(HTML));
        assert_eq!(of("text/html;q=0.2, application/json;q=0.9"), Some(JSON));
        assert_eq!(of("image/png"), None);
        assert_eq!(chosen(&HeaderMap::new(), &[JSON, HTML]).ok(), Some(JSON));
    }
}
