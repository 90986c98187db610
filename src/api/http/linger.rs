//! The rest of a body that an answer did not wait for. A connection that is closed while its caller
//! still sends is reset, and the caller may lose the answer with it: a refusal would look like a
//! broken line. So what is on its way is read and thrown away first, within limits (RFC 9112, 9.6).

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

/// So much is thrown away at most; who sends more may be cut off.
const MOST_BYTES: usize = 4 << 20;

/// For so long at most, and no longer than so after the last piece.
const LONGEST: Duration = Duration::from_secs(5);
const GAP: Duration = Duration::from_secs(1);

/// The body of a request, put down here when whoever read it stops before its end.
pub(crate) struct Rest(Option<Arc<Mutex<Option<Body>>>>);

impl Rest {
    /// The request, whose body is watched from now on, and what will be left of it.
    pub fn of(request: Request) -> (Request, Self) {
        if request.body().is_end_stream() {
            return (request, Self(None));
        }
        let place = Arc::new(Mutex::new(None));
        let waits = request.headers().contains_key(header::EXPECT);
        let watch = |body| Body::new(Watched { body, waits, place: Arc::clone(&place) });
        let request = request.map(watch);
        (request, Self(Some(place)))
    }

    /// Reads what is left and throws it away.
    pub async fn discard(self) {
        let left = self.0.and_then(|place| place.lock().ok()?.take());
        let Some(mut body) = left else { return };
        let read = async {
            let mut bytes = 0;
            while let Ok(Some(Ok(frame))) = timeout(GAP, body.frame()).await {
                bytes += frame.data_ref().map_or(0, Bytes::len);
                if bytes > MOST_BYTES {
                    break;
                }
            }
        };
        // What has not come by then is given up.
        let _ = timeout(LONGEST, read).await;
    }
}

struct Watched {
    body: Body,
    /// The caller sends nothing before it is told to go on, which the first reading does.
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
            *place = Some(std::mem::take(&mut self.body));
        }
    }
}
