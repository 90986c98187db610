/// Limits and choices of the API.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests per second that one key may send, on average; 0 for no limit.
    pub rate: u32,
    /// True if operators have a listener of their own, where alone the metrics are.
    pub admin_apart: bool,
    /// The most requests handled at a time.
    pub most_requests: usize,
    /// The most uploads of one key at a time; 0 for no limit.
    pub uploads_per_key: usize,
    /// The most connections of one address at a time; 0 for no limit.
    pub connections_per_address: usize,
}
