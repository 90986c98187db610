//! A reliability diagram: predicted shares across, observed ones up, with intervals; on the
//! diagonal both agree.

use maud::{Markup, html};

use scoring::validation::Bin;

use super::axis::{WIDTH, at};

const LEFT: f64 = 48.0;
const SIDE: f64 = 290.0;
const TOP: f64 = 10.0;
const HEIGHT: f64 = TOP + SIDE + 46.0;

/// Smallest and largest radius of a point.
const RADII: (f64, f64) = (2.5, 7.0);

/// The diagram as inline SVG; points are as large as the bins they stand for.
pub(super) fn reliability_chart(title: &str, bins: &[Bin]) -> Markup {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    html! {
        svg.chart role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
            title { (title) }
            @for percent in [0, 20, 40, 60, 80, 100] {
                @let share = f64::from(percent) / 100.0;
                line.grid x1=(at(x(0.0))) x2=(at(x(1.0))) y1=(at(y(share))) y2=(at(y(share))) {}
                line.grid y1=(at(y(0.0))) y2=(at(y(1.0))) x1=(at(x(share))) x2=(at(x(share))) {}
                text.tick x=(at(LEFT - 5.0)) y=(at(y(share) + 4.0)) text-anchor="end" { (percent) }
                text.tick x=(at(x(share))) y=(at(y(0.0) + 15.0)) text-anchor="middle" { (percent) }
            }
            text.axis-title x=(at(x(0.5))) y=(at(HEIGHT - 8.0)) text-anchor="middle" {
                "Predicted, %"
            }
            text.axis-title text-anchor="middle"
                transform=(format!("translate(13 {}) rotate(-90)", at(y(0.5)))) { "Observed, %" }
            line.leader x1=(at(x(0.0))) y1=(at(y(0.0))) x2=(at(x(1.0))) y2=(at(y(1.0))) {}
            @for bin in bins {
                @let (smallest, largest) = RADII;
                @let radius = smallest + (largest - smallest) * (bin.count as f64 / most).sqrt();
                line.line.line-0 x1=(at(x(bin.predicted))) x2=(at(x(bin.predicted)))
                    y1=(at(y(bin.low))) y2=(at(y(bin.high))) {}
                circle.point cx=(at(x(bin.predicted))) cy=(at(y(bin.observed))) r=(at(radius)) {}
            }
        }
    }
}

fn x(share: f64) -> f64 {
    LEFT + SIDE * share.clamp(0.0, 1.0)
}

fn y(share: f64) -> f64 {
    TOP + SIDE * (1.0 - share.clamp(0.0, 1.0))
}
