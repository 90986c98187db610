use maud::{Markup, html};

use words::{Facts, say_with};

use super::axis::{Axis, Measure};
use super::frame::{WIDTH, at, drawn};

const LEFT: f64 = 1.0;
const PLOT: f64 = WIDTH - 2.0 * LEFT;
const ROW: f64 = 36.0;
const BAR: f64 = 13.0;

/// The meaning of a bar; the shades differ in lightness, so that they survive a greyscale print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// An amount that remains.
    Whole,
    /// An amount taken off.
    Taken,
    /// An amount held back.
    Held,
}

impl Shade {
    fn class(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Taken => "taken",
            Self::Held => "held",
        }
    }
}

/// One bar, from one value to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its label.
    pub label: String,
    /// Its value as text.
    pub value: String,
    /// The value at its start.
    pub from: f64,
    /// The value at its end.
    pub to: f64,
    /// Its meaning.
    pub shade: Shade,
}

/// Horizontal bars on one scale, each below its label and value.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
    /// The title.
    pub title: String,
    /// The measure of the bars; amounts in major units.
    pub measure: Measure,
    /// The bars, top to bottom.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// The chart as inline SVG.
    pub fn render(&self) -> Markup {
        let ends = self.bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let axis = Axis::exact(&self.measure, ends);
        let bottom = ROW * self.bars.len() as f64 + 4.0;
        let inner = html! {
            @for (value, label) in axis.ticks() { (tick(&axis, value, &label, bottom)) }
            @for (index, bar) in self.bars.iter().enumerate() {
                (drawn_bar(bar, &axis, ROW * index as f64))
            }
            text.axis-title x=(at(WIDTH / 2.0)) y=(at(bottom + 33.0)) text-anchor="middle" {
                (axis.title())
            }
        };
        drawn(&self.title, &self.description(), bottom + 38.0, &inner)
    }

    fn description(&self) -> String {
        let bar = |bar: &Bar| {
            let facts = Facts::new().with("label", bar.label.as_str());
            say_with("chart.part", &facts.with("value", bar.value.as_str()))
        };
        let bars: Vec<String> = self.bars.iter().map(bar).collect();
        let facts = Facts::new().with("measure", self.measure.name.as_str());
        say_with("chart.bars", &facts.with("bars", bars.join("; ")))
    }
}

fn tick(axis: &Axis<'_>, value: f64, label: &str, bottom: f64) -> Markup {
    let x = LEFT + PLOT * axis.share(value);
    // A label at either end would leave the chart if it were centred.
    let anchor = match x {
        x if x < 24.0 => "start",
        x if x > WIDTH - 24.0 => "end",
        _ => "middle",
    };
    html! {
        line.grid x1=(at(x)) x2=(at(x)) y1="0" y2=(at(bottom)) {}
        text.tick x=(at(x)) y=(at(bottom + 14.0)) text-anchor=(anchor) { (label) }
    }
}

fn drawn_bar(bar: &Bar, axis: &Axis<'_>, top: f64) -> Markup {
    let scaled = |value: f64| PLOT * axis.share(value);
    let (start, end) = (scaled(bar.from.min(bar.to)), scaled(bar.from.max(bar.to)));
    // A small value stays visible; nothing stays nothing.
    let width = if end > start { (end - start).max(1.0) } else { 0.0 };
    html! {
        text.label x=(at(LEFT)) y=(at(top + 13.0)) { (bar.label) }
        text.value x=(at(LEFT + PLOT)) y=(at(top + 13.0)) text-anchor="end" { (bar.value) }
        rect class=(bar.shade.class()) x=(at(LEFT + start)) y=(at(top + 18.0))
            width=(at(width)) height=(at(BAR)) {}
    }
}
