/// Limits of what is served.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests of one key in a second, on average; none are refused when 0.
    pub rate: u32,
    /// Whether figures for a monitor have a listener of their own.
    pub metrics_apart: bool,
    /// Requests that are worked on at a time.
    pub most_requests: usize,
}
