/// A page of the guide, as the service shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The last part of its address, `offers` in `/docs/offers`; `index` is the front page.
    pub name: &'static str,
    /// Its heading.
    pub title: String,
    /// The whole HTML document. It needs no script and nothing from another host.
    pub html: String,
}
