use maud::{Markup, html};

use words::{Facts, say_with};

use super::axis::{Axis, Measure};
use super::frame::{Across, Plot, at, drawn};
use super::labels::{GAP, SAMPLE, SPACE, apart, beside};

/// Dash patterns, so that lines differ without colour; as many as there are ageing buckets.
const DASHES: [&str; 5] = ["none", "8 3", "2 3", "10 3 2 3", "5 2 2 2 2 2"];

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name, which is shown at its end.
    pub label: String,
    /// Places and values from left to right; the line is broken where a value is missing.
    pub points: Vec<(f64, Option<f64>)>,
}

impl Line {
    /// A line whose values stand at the labels of the chart, one at each.
    pub fn over_labels(
        label: impl Into<String>,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let points = (0..).zip(values).map(|(place, value)| (f64::from(place) + 0.5, value));
        Self { label: label.into(), points: points.collect() }
    }

    fn known(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        self.points.iter().filter_map(|&(place, value)| Some((place, value?)))
    }
}

/// A range around a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name, which says what the range holds.
    pub label: String,
    /// Place, lower and upper end, from left to right.
    pub points: Vec<(f64, f64, f64)>,
}

/// Lines over days or labels, with a band behind them where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// The title.
    pub title: String,
    /// The horizontal axis.
    pub across: Across,
    /// The measure of the lines; amounts in major units.
    pub measure: Measure,
    /// The lines.
    pub lines: Vec<Line>,
    /// The band.
    pub band: Option<Band>,
}

/// The area and scales that lines are drawn on.
struct Ground<'a> {
    plot: Plot,
    axis: Axis<'a>,
    across: &'a Across,
}

impl Ground<'_> {
    fn x(&self, place: f64) -> f64 {
        self.plot.x(self.across.share(place))
    }

    fn y(&self, value: f64) -> f64 {
        self.plot.y(self.axis.share(value))
    }

    fn point(&self, place: f64, value: f64) -> String {
        format!("{},{}", at(self.x(place)), at(self.y(value)))
    }
}

impl LineChart {
    /// The chart as inline SVG.
    pub fn render(&self) -> Markup {
        let band = self.band.iter().flat_map(|band| &band.points);
        let values = self.lines.iter().flat_map(Line::known).map(|(_, value)| value);
        let values = values.chain(band.flat_map(|&(_, low, high)| [low, high]));
        let labels = self.lines.iter().map(|line| line.label.as_str());
        let labels = labels.chain(self.band.iter().map(|band| band.label.as_str()));
        let ground = Ground {
            plot: beside(labels),
            axis: Axis::rounded(&self.measure, values),
            across: &self.across,
        };
        let inner = html! {
            (ground.plot.upwards(&ground.axis))
            (ground.plot.across(&self.across))
            @if let Some(band) = &self.band { (area(band, &ground)) }
            @for (index, line) in self.lines.iter().enumerate() { (pieces(line, &ground, index)) }
            (self.labels(&ground))
        };
        drawn(&self.title, &self.description(&ground.axis), ground.plot.height(), &inner)
    }

    /// Names at the ends of the lines and of the band, with their dashes or fill once more: that
    /// tells apart lines that end together.
    fn labels(&self, ground: &Ground<'_>) -> Markup {
        let end = |line: &Line| {
            let (place, value) = line.known().next_back().unwrap_or_default();
            (ground.x(place), ground.y(value))
        };
        let band = self.band.iter().map(|band| {
            let (place, low, high) = band.points.last().copied().unwrap_or_default();
            (ground.x(place), ground.y(low.midpoint(high)))
        });
        let ends: Vec<(f64, f64)> = self.lines.iter().map(end).chain(band).collect();
        let heights: Vec<f64> = ends.iter().map(|&(_, y)| y).collect();
        let names = self.lines.iter().map(|line| &line.label);
        let names = names.chain(self.band.iter().map(|band| &band.label));
        let start = ground.plot.right + GAP;
        html! {
            @for (index, ((name, (x, y)), place)) in
                names.zip(ends).zip(apart(&heights, &ground.plot)).enumerate() {
                line.leader x1=(at(x + 1.0)) y1=(at(y)) x2=(at(start)) y2=(at(place)) {}
                @if index < self.lines.len() {
                    line class=(style(index)) x1=(at(start)) x2=(at(start + SAMPLE))
                        y1=(at(place)) y2=(at(place)) stroke-dasharray=(dashes(index)) {}
                } @else {
                    rect.band x=(at(start)) y=(at(place - 5.5)) width=(at(SAMPLE)) height="11" {}
                }
                text.label x=(at(start + SAMPLE + SPACE)) y=(at(place)) dy="4" { (name) }
            }
        }
    }

    fn description(&self, axis: &Axis<'_>) -> String {
        let axes = Facts::new().with("up", axis.title());
        let axes = axes.with("across", self.across.title.as_str());
        let mut said = vec![say_with("chart.axes", &axes)];
        for line in &self.lines {
            let Some((from, first)) = line.known().next() else { continue };
            let (to, last) = line.known().next_back().unwrap_or((from, first));
            let facts = Facts::new()
                .with("label", line.label.as_str())
                .with("first", axis.said(first))
                .with("from", self.across.said(from))
                .with("last", axis.said(last))
                .with("to", self.across.said(to));
            said.push(say_with("chart.line", &facts));
        }
        said.join(" ")
    }
}

fn style(index: usize) -> String {
    format!("line line-{}", index % DASHES.len())
}

fn dashes(index: usize) -> &'static str {
    DASHES[index % DASHES.len()]
}

fn pieces(line: &Line, ground: &Ground<'_>, index: usize) -> Markup {
    let known = line.points.split(|(_, value)| value.is_none());
    html! {
        @for piece in known.filter(|piece| !piece.is_empty()) {
            @let point = |&(place, value): &(f64, Option<f64>)| Some(ground.point(place, value?));
            @let points: Vec<String> = piece.iter().filter_map(point).collect();
            polyline class=(style(index)) points=(points.join(" ")) fill="none"
                stroke-dasharray=(dashes(index)) {}
        }
    }
}

fn area(band: &Band, ground: &Ground<'_>) -> Markup {
    let low = band.points.iter().map(|&(place, low, _)| ground.point(place, low));
    // Back along the upper ends, so that the outline closes.
    let high = band.points.iter().rev().map(|&(place, _, high)| ground.point(place, high));
    let outline: Vec<String> = low.chain(high).collect();
    html! { polygon.band points=(outline.join(" ")) {} }
}

#[cfg(test)]
mod tests {
    use super::super::axis::Unit;
    use super::*;

    #[test]
    fn a_line_is_broken_where_a_value_is_missing() {
        let line = Line::over_labels("DSO", [Some(40.0), None, Some(45.0), Some(47.0)]);
        let labels = ["04", "05", "06", "07"].map(str::to_owned).to_vec();
        let chart = LineChart {
            title: "Days sales outstanding".to_owned(),
            across: Across::labels("End of month", labels),
            measure: Measure::new("Time", Unit::Days),
            lines: vec![line],
            band: None,
        };
        let page = chart.render().into_string();
        assert_eq!(page.matches("<polyline").count(), 2);
        let description = "Time, days; End of month. DSO: 40.0 at 04, 47.0 at 07.";
        assert!(page.contains(&format!("<desc>{description}</desc>")), "{page}");
    }
}
