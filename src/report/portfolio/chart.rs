//! Charts as inline SVG, legible in print and in greyscale: series differ in lightness, pattern or
//! dashes.

use maud::{Markup, html};

use basics::grouped;

use super::sheet::{Chart, Draw};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 220.0;
const HEIGHT: f64 = 276.0;

/// Height of a horizontal bar with its label.
const BAR_ROW: f64 = 22.0;

/// Fills from light to dark, so that neighbours differ in greyscale.
const FILLS: [&str; 6] = ["#dbe4ee", "#a9bdd3", "#7694b4", "#4a6c92", "#2b4a6e", "#12263d"];

/// Dash patterns of lines.
const DASHES: [&str; 6] = ["none", "8 3", "2 3", "10 3 2 3", "5 2 2 2 2 2", "1 4"];

/// Values from the least to the largest, with round ticks.
struct Axis {
    least: f64,
    largest: f64,
    step: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut least, mut largest) = (0.0_f64, 0.0_f64);
        for value in values.filter(|value| value.is_finite()) {
            (least, largest) = (least.min(value), largest.max(value));
        }
        if largest - least <= 0.0 {
            largest = least + 1.0;
        }
        let rough = (largest - least) / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let factors = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough);
        let step = factors.unwrap_or(10.0) * power;
        Self { least: (least / step).floor() * step, largest: (largest / step).ceil() * step, step }
    }

    fn ticks(&self) -> Vec<f64> {
        // A handful.
        let count = ((self.largest - self.least) / self.step).round() as i32;
        (0..=count).map(|tick| self.least + f64::from(tick) * self.step).collect()
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.least) / (self.largest - self.least)
    }

    fn label(&self, value: f64) -> String {
        let (unit, name) = match self.largest.abs().max(self.least.abs()) {
            l if l >= 2e9 => (1e9, "bn"),
            l if l >= 2e6 => (1e6, "m"),
            l if l >= 2e3 => (1e3, "k"),
            _ => (1.0, ""),
        };
        let step = self.step / unit;
        let decimals = (0..3).find(|&d| (step * 10_f64.powi(d)).fract().abs() < 1e-9).unwrap_or(3);
        let shown = format!("{:.*}", decimals as usize, value / unit);
        let shown = if shown.trim_start_matches(['-', '0', '.']).is_empty() { "0" } else { &shown };
        format!("{}{}", grouped(shown), if shown == "0" { "" } else { name })
    }
}

fn at(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}

fn y(axis: &Axis, value: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * axis.share(value)
}

/// The chart.
pub(super) fn drawn(chart: &Chart) -> Markup {
    match chart.draw {
        Draw::Bars => bars(chart),
        Draw::Stacked => framed(chart, &stacked_axis(chart), stacked),
        Draw::Lines => framed(chart, &values_axis(chart), lines),
        Draw::Band => framed(chart, &values_axis(chart), band),
    }
}

fn values_axis(chart: &Chart) -> Axis {
    Axis::of(chart.series.iter().flat_map(|(_, values)| values.iter().flatten().copied()))
}

fn stacked_axis(chart: &Chart) -> Axis {
    let sum = |at: usize| chart.series.iter().filter_map(|(_, values)| values[at]).sum();
    Axis::of((0..chart.labels.len()).map(sum))
}

fn framed(chart: &Chart, axis: &Axis, inner: fn(&Chart, &Axis) -> Markup) -> Markup {
    let count = chart.labels.len().max(1);
    let every = count.div_ceil(7);
    html! {
        svg.chart.wide role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
            title { (chart.title) }
            @for tick in axis.ticks() {
                @let level = at(y(axis, tick));
                line.grid x1=(at(LEFT)) x2=(at(RIGHT)) y1=(level) y2=(level) {}
                text.tick x=(at(LEFT - 5.0)) y=(at(y(axis, tick) + 4.0)) text-anchor="end" {
                    (axis.label(tick))
                }
            }
            @for (index, label) in chart.labels.iter().enumerate().step_by(every) {
                text.tick x=(at(middle(index, count))) y=(at(BOTTOM + 16.0)) text-anchor="middle" {
                    (label)
                }
            }
            (inner(chart, axis))
            @for (index, (name, _)) in chart.series.iter().enumerate() {
                @if !name.is_empty() { (legend(chart, index, name)) }
            }
            text.axis-title x=(at(LEFT.midpoint(RIGHT))) y=(at(HEIGHT - 14.0)) text-anchor="middle" {
                (chart.labels_title)
            }
            text.axis-title text-anchor="middle"
                transform=(format!("translate(12 {}) rotate(-90)", at(TOP.midpoint(BOTTOM)))) {
                (chart.values_title)
            }
        }
    }
}

fn middle(index: usize, count: usize) -> f64 {
    LEFT + (RIGHT - LEFT) * (index as f64 + 0.5) / count as f64
}

fn legend(chart: &Chart, index: usize, name: &str) -> Markup {
    let row = TOP + 14.0 + 18.0 * index as f64;
    let is_line = matches!(chart.draw, Draw::Lines) || (chart.draw == Draw::Band && index == 0);
    html! {
        @if is_line {
            line.line-0 x1=(at(RIGHT + 12.0)) x2=(at(RIGHT + 36.0)) y1=(at(row)) y2=(at(row))
                stroke-dasharray=(DASHES[index % DASHES.len()]) {}
        } @else {
            rect.frame x=(at(RIGHT + 14.0)) y=(at(row - 6.0)) width="18" height="11"
                fill=(fill(chart, index)) {}
        }
        text.label x=(at(RIGHT + 41.0)) y=(at(row + 4.0)) { (name) }
    }
}

fn fill(chart: &Chart, index: usize) -> &'static str {
    if chart.draw == Draw::Band { FILLS[0] } else { FILLS[index % FILLS.len()] }
}

fn stacked(chart: &Chart, axis: &Axis) -> Markup {
    let count = chart.labels.len();
    let width = (RIGHT - LEFT) / count as f64 * 0.7;
    let mut boxes = Vec::new();
    for label in 0..count {
        let mut below = 0.0;
        for (index, (_, values)) in chart.series.iter().enumerate() {
            let Some(value) = values[label].filter(|&value| value > 0.0) else { continue };
            boxes.push((middle(label, count) - width / 2.0, below, below + value, index));
            below += value;
        }
    }
    html! {
        @for (x, from, to, index) in boxes {
            rect.frame x=(at(x)) width=(at(width)) y=(at(y(axis, to)))
                height=(at((y(axis, from) - y(axis, to)).max(0.5))) fill=(fill(chart, index)) {}
        }
    }
}

/// The points of a series as pieces that are broken where a value is missing.
fn pieces(values: &[Option<f64>], axis: &Axis) -> Vec<String> {
    let mut all = vec![Vec::new()];
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) => {
                let point = format!("{},{}", at(middle(index, values.len())), at(y(axis, *value)));
                if let Some(last) = all.last_mut() {
                    last.push(point);
                }
            }
            None => all.push(Vec::new()),
        }
    }
    all.into_iter().filter(|points| !points.is_empty()).map(|points| points.join(" ")).collect()
}

fn lines(chart: &Chart, axis: &Axis) -> Markup {
    html! {
        @for (index, (_, values)) in chart.series.iter().enumerate() {
            @for points in pieces(values, axis) {
                polyline.line-0 points=(points) fill="none"
                    stroke-dasharray=(DASHES[index % DASHES.len()]) {}
            }
        }
    }
}

fn band(chart: &Chart, axis: &Axis) -> Markup {
    let series = |index: usize| chart.series.get(index).map(|(_, values)| values.as_slice());
    let (Some(low), Some(high)) = (series(1), series(2)) else { return html! {} };
    let point = |(index, value): (usize, &Option<f64>)| {
        value.map(|value| format!("{},{}", at(middle(index, low.len())), at(y(axis, value))))
    };
    let there = low.iter().enumerate().filter_map(point);
    let back: Vec<String> = high.iter().enumerate().filter_map(point).collect();
    let outline: Vec<String> = there.chain(back.into_iter().rev()).collect();
    html! {
        polygon.frame points=(outline.join(" ")) fill=(FILLS[0]) {}
        @for points in pieces(series(0).unwrap_or_default(), axis) {
            polyline.line-0 points=(points) fill="none" {}
        }
    }
}

fn bars(chart: &Chart) -> Markup {
    let empty = Vec::new();
    let values = chart.series.first().map_or(&empty, |(_, values)| values);
    let axis = Axis::of(values.iter().flatten().copied());
    let left = 210.0;
    let bottom = BAR_ROW * chart.labels.len() as f64 + 6.0;
    let x = |value: f64| left + (WIDTH - left - 20.0) * axis.share(value);
    html! {
        svg.chart.wide role="img" viewBox=(format!("0 0 {WIDTH} {}", at(bottom + 40.0))) {
            title { (chart.title) }
            @for tick in axis.ticks() {
                line.grid x1=(at(x(tick))) x2=(at(x(tick))) y1="0" y2=(at(bottom)) {}
                text.tick x=(at(x(tick))) y=(at(bottom + 14.0)) text-anchor="middle" {
                    (axis.label(tick))
                }
            }
            @for (index, (label, value)) in chart.labels.iter().zip(values).enumerate() {
                @let value = value.unwrap_or(0.0);
                @let top = BAR_ROW * index as f64 + 4.0;
                text.label x=(at(left - 6.0)) y=(at(top + 11.0)) text-anchor="end" { (label) }
                rect.frame x=(at(x(value.min(0.0)))) y=(at(top)) height="14"
                    width=(at((x(value.max(0.0)) - x(value.min(0.0))).max(0.5))) fill=(FILLS[2]) {}
            }
            text.axis-title x=(at(left.midpoint(WIDTH - 20.0))) y=(at(bottom + 33.0))
                text-anchor="middle" { (chart.values_title) }
        }
    }
}
