//! The APR by the day on which the customers pay, as bars: on a staircase the worst day is not the
//! last one.

use maud::{Markup, html};

use offer::PayDay;

use super::axis::{WIDTH, at};
use super::figures::apr;

const ROW: f64 = 24.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 80.0;

/// The chart; nothing where no day has an APR.
pub(super) fn chart(days: &[PayDay]) -> Markup {
    let rates = days.iter().filter_map(|day| day.apr_percent.map(|rate| rate.0));
    let most = rates.fold(0.0, f64::max);
    if most <= 0.0 {
        return html! {};
    }
    let height = ROW * (days.len() + 1) as f64;
    html! {
        svg.chart role="img" viewBox=(format!("0 0 {WIDTH} {height}")) {
            title { "APR by the day on which your customers pay" }
            text.axis-title x=(at(LEFT)) y=(at(height - 8.0)) {
                "APR, % a year, if all customers pay on that day"
            }
            @for (index, day) in days.iter().enumerate() {
                @let rate = day.apr_percent.map_or(0.0, |rate| rate.0);
                @let top = ROW * index as f64;
                @let end = LEFT + (RIGHT - LEFT) * (rate / most).clamp(0.0, 1.0);
                text.tick x=(at(LEFT - 8.0)) y=(at(top + 16.0)) text-anchor="end" {
                    "day " (day.days)
                }
                rect class=(if rate >= most { "taken" } else { "whole" }) x=(at(LEFT)) y=(at(top + 5.0))
                    width=(at(end - LEFT)) height=(at(ROW - 10.0)) {}
                text.tick x=(at(end + 6.0)) y=(at(top + 16.0)) { (apr(day.apr_percent)) }
            }
        }
    }
}
