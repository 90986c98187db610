use maud::{Markup, html};

use scoring::validation::Bin;
use words::{Facts, say, say_with};

use super::axis::{Axis, Measure, Unit};
use super::frame::{Across, Plot, at, drawn};

const SIDE: f64 = 290.0;

/// The area: as wide as it is high, so that the diagonal is one.
const PLOT: Plot = Plot { left: 48.0, right: 48.0 + SIDE, top: 10.0, bottom: 10.0 + SIDE };

/// Smallest and largest radius of a point.
const RADII: (f64, f64) = (2.5, 7.0);

/// A reliability diagram: predicted shares across, observed ones up, with intervals; on the
/// diagonal both agree. Points are as large as the bins they stand for.
pub(crate) fn reliability_chart(title: &str, bins: &[Bin]) -> Markup {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    let observed = Measure::new(say("chart.observed"), Unit::Share);
    // No values: a share runs to 100 whatever they are.
    let axis = Axis::rounded(&observed, std::iter::empty());
    let predicted = Across::percents(say("chart.predicted"));
    let inner = html! {
        (PLOT.upwards(&axis))
        (PLOT.across(&predicted))
        line.leader x1=(at(x(0.0))) y1=(at(y(0.0))) x2=(at(x(1.0))) y2=(at(y(1.0))) {}
        @for bin in bins {
            @let (smallest, largest) = RADII;
            // The area of a point, not its radius, stands for the count.
            @let radius = smallest + (largest - smallest) * (bin.count as f64 / most).sqrt();
            line.line.line-0 x1=(at(x(bin.predicted))) x2=(at(x(bin.predicted)))
                y1=(at(y(bin.low))) y2=(at(y(bin.high))) {}
            circle.point cx=(at(x(bin.predicted))) cy=(at(y(bin.observed))) r=(at(radius)) {}
        }
    };
    drawn(title, &description(bins), PLOT.height(), &inner)
}

fn description(bins: &[Bin]) -> String {
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    let bin = |bin: &Bin| {
        let facts = Facts::new().with("predicted", percent(bin.predicted));
        say_with("chart.bin", &facts.with("observed", percent(bin.observed)))
    };
    bins.iter().map(bin).collect::<Vec<_>>().join("; ")
}

fn x(share: f64) -> f64 {
    PLOT.x(share.clamp(0.0, 1.0))
}

fn y(share: f64) -> f64 {
    PLOT.y(share.clamp(0.0, 1.0))
}
