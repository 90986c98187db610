use maud::{Markup, html};

use super::frame::at;

/// Width of the bar of a whole, in pixels.
const WHOLE: f64 = 90.0;

/// A small bar for a cell of a table. It repeats the figure beside it, hence it is hidden from
/// screen readers.
pub(crate) fn share_bar(share: f64) -> Markup {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    html! {
        svg.mini aria-hidden="true" width=(WHOLE) height="10" {
            rect.track x="0" y="0" width=(WHOLE) height="10" {}
            rect.whole x="0" y="0" width=(at(WHOLE * share)) height="10" {}
        }
    }
}
