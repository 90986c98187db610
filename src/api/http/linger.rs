//! The unread rest of a body, discarded before the connection closes.
//!
//! Closing a connection while its caller still sends resets it, and the caller may lose the answer:
//! a refusal would look like a broken line. So the rest is read first, within limits
//! (RFC 9112, 9.6).

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use tokio::time::timeout;

/// The most bytes discarded; a caller that sends more may be cut off.
const MOST_BYTES: usize = 4 << 20;

/// The longest time spent discarding.
const LONGEST: Duration = Duration::from_secs(5);

/// The longest wait for the next piece.
const GAP: Duration = Duration::from_secs(1);

/// The body of a request, left here by a reader that stops before its end.
pub(crate) struct Rest(Option<Arc<Mutex<Option<Body>>>>);

impl Rest {
    /// The request with its body watched, and the place for what will be left of it.
    pub fn of(request: Request) -> (Request, Self) {
        // Nothing to watch, as for every GET.
        if request.body().is_end_stream() {
            return (request, Self(None));
        }
        // Shared with the body itself, which the handler owns and drops.
        let place = Arc::new(Mutex::new(None));
        let waits = request.headers().contains_key(header::EXPECT);
        let watch = |body| Body::new(Watched { body, waits, place: Arc::clone(&place) });
        let request = request.map(watch);
        (request, Self(Some(place)))
    }

    /// Reads and discards what is left.
    pub async fn discard(self) {
        let left = self.0.and_then(|place| place.lock().ok()?.take());
        let Some(mut body) = left else { return };
        // The gap alone would let a trickle go on for ever.
        let read = async {
            let mut bytes = 0;
            while let Ok(Some(Ok(frame))) = timeout(GAP, body.frame()).await {
                bytes += frame.data_ref().map_or(0, Bytes::len);
                if bytes > MOST_BYTES {
                    break;
                }
            }
        };
        // Out of time: the caller risks its answer.
        let _ = timeout(LONGEST, read).await;
    }
}

struct Watched {
    body: Body,
    /// True until the first read, if the caller waits for `100 Continue`: reading would ask it to
    /// send what nobody wants.
    waits: bool,
    place: Arc<Mutex<Option<Body>>>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.waits = false;
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.waits
            && !self.body.is_end_stream()
            && let Ok(mut place) = self.place.lock()
        {
            // Kept and not read here: a drop cannot wait.
            *place = Some(std::mem::take(&mut self.body));
        }
    }
}
