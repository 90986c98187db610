//! Connections: accepted, limited in time and finished before the service ends.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tracing::field::Empty;
use tracing::{Instrument, debug, error, error_span, info, warn};

use service::Service;

use super::health;
use super::http::extract::PATIENCE;
use super::http::linger::Rest;
use super::http::patient::Patient;
use super::http::problem::{Cause, Problem, ProblemType};
use super::http::shares::{Held, Peer, Shares};
use super::routes::{document, operations};
use super::settings::Settings;
use super::state::Api;

/// The longest time to an answer, uploads excepted. Above the 60 seconds that a caller may wait
/// for a job.
const LONGEST: Duration = Duration::from_secs(90);

/// The time that running requests and jobs have to finish once the service is told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// The time in which the connections to the database are closed after that.
const CLOSING: Duration = Duration::from_secs(5);

/// The most characters of a path in the log.
const LONGEST_PATH: usize = 200;

/// The sockets that a service listens on.
#[derive(Debug)]
pub struct Listeners {
    /// For callers.
    pub callers: TcpListener,
    /// For operators: probes and metrics, however busy the other is; none if callers share theirs.
    pub admin: Option<TcpListener>,
}

/// Serves requests and works on jobs until `stop` completes, then finishes what is running.
///
/// # Errors
/// None at present: a failed connection is logged and the service goes on.
pub async fn serve(
    service: Service,
    settings: Settings,
    listeners: Listeners,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let workers = service.start_work();
    let api = Api::new(service.clone(), settings, document());
    if let Some(admin) = listeners.admin {
        let router = of_operators(api.clone());
        tokio::spawn(async move { axum::serve(admin, router).await });
    }
    let addresses = Shares::new(settings.connections_per_address);
    let router = router(api);
    let mut builder = Builder::new();
    // A caller that never finishes its headers is no request yet, and meets no other limit.
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listeners.callers.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Probably no file descriptor is left: connections that end will free some.
                warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let peer = Peer(address.ip());
        // Closed at once: an answer would need what the address has used up.
        let Some(share) = addresses.take(peer) else { continue };
        // Answers are written whole; Nagle's algorithm could hold back the end of one.
        let _ = stream.set_nodelay(true);
        let hyper = TowerToHyperService::new(router.clone());
        let known = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            hyper.call(request)
        });
        let stream = TokioIo::new(Patient::new(stream, PATIENCE));
        let watched = graceful.watch(builder.serve_connection(stream, known));
        // A connection that breaks off concerns its caller alone.
        tokio::spawn(async move {
            _ = watched.await;
            drop(share);
        });
    }
    let seconds = GRACE.as_secs();
    info!("stopping once running requests and jobs have finished, after {seconds} s at most");
    // Before the connections are awaited: it ends the streams of events.
    service.stop();
    let finished = async { tokio::join!(graceful.shutdown(), workers.join_all()) };
    // A job that is not finished by then is picked up again at the next start.
    let _ = timeout(GRACE, finished).await;
    // What a job still holds is closed with the process.
    let _ = timeout(CLOSING, service.close()).await;
    info!("stopped");
    Ok(())
}

/// The probes and the metrics, which no caller keeps from answering.
fn of_operators(api: Api) -> Router {
    use axum::routing::get;
    Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(super::monitor::figures))
        .with_state(api)
}

fn router(api: Api) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        router = router.route(operation.path, operation.into_handler());
    }
    router
        .fallback(health::nowhere)
        .method_not_allowed_fallback(health::no_method)
        // The extractors have limits of their own.
        .layer(DefaultBodyLimit::disable())
        // The outermost layer: refusals and unknown paths are counted and logged as well.
        .layer(from_fn_with_state(api.clone(), observed))
        .with_state(api)
}

/// Gives every answer an id, counts and logs it, and enforces the limits on simultaneous requests
/// and on time.
async fn observed(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    // Without random numbers the request is still answered, only without an id.
    let id = api.service.new_id().unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    // At the level of an error, so that every line names its request whatever the filter.
    let span = error_span!("request", %id, %method, route, key = Empty);
    let uri = request.uri().clone();
    let is_upload = method == Method::POST && route == "/v1/clients/{id}/ledgers";
    // Filled once the key is known, and given back with the answer.
    let held = Held::default();
    request.extensions_mut().insert(held.clone());
    let (request, rest) = Rest::of(request);
    let mut response = match api.places.try_acquire() {
        // A probe tells that the service runs, not that it has a place.
        Err(_) if route == "/health" => next.run(request).instrument(span.clone()).await,
        Err(_) => Problem::busy().into_response(),
        // A place is held here as well: `_` moves nothing. A large ledger on a slow line takes
        // longer than `LONGEST`; each of its pieces has a limit instead.
        Ok(_) if is_upload => next.run(request).instrument(span.clone()).await,
        Ok(_place) => match timeout(LONGEST, next.run(request).instrument(span.clone())).await {
            Ok(response) => response,
            Err(_) => Problem::new(
                ProblemType::Unavailable,
                "The request took too long; try again later.",
            )
            .into_response(),
        },
    };
    drop(held);
    // Before the answer goes out, see the module.
    rest.discard().await;
    let (status, time) = (response.status(), start.elapsed());
    span.in_scope(|| logged(route, uri.path(), &response, time));
    api.metrics.answered(method.as_str(), route, status.as_u16(), time);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    // Neither data that needs a key nor an error may stay in a cache on the way.
    if status != StatusCode::OK || route.starts_with("/v1/") {
        let never = HeaderValue::from_static("no-store");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(never);
    }
    response
}

/// Writes the line of an answered request.
fn logged(route: &str, path: &str, response: &Response, time: Duration) {
    let status = response.status().as_u16();
    let ms = (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let path = || path.chars().take(LONGEST_PATH).collect::<String>();
    match response.extensions().get() {
        Some(Cause(cause)) => error!(status, ms, path = path(), cause, "failed"),
        None if status >= 500 => warn!(status, ms, path = path(), "not served"),
        // A probe every few seconds would bury the rest.
        None if matches!(route, "/health" | "/ready" | "/metrics") => {
            debug!(status, ms, "answered");
        }
        // No operation has the path, so the route does not tell it.
        None if route.is_empty() => info!(status, ms, path = path(), "answered"),
        None => info!(status, ms, "answered"),
    }
}
