/// Limits and choices of the API.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests per second that one key may send, on average; 0 for no limit.
    pub rate: u32,
    /// True if metrics have a listener of their own.
    pub metrics_apart: bool,
    /// The most requests handled at a time.
    pub most_requests: usize,
}
