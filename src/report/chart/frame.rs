use maud::{Markup, html};

use super::axis::Axis;

/// The style rules that charts need on a page.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Width of every chart in its own units, which are pixels on a phone.
pub(super) const WIDTH: f64 = 360.0;

/// Width of a character of a label: an average of the fonts that a page falls back to.
pub(super) const CHARACTER: f64 = 6.2;

/// The drawing with its title and description, which a screen reader reads out.
pub(super) fn drawn(title: &str, description: &str, height: f64, inner: &Markup) -> Markup {
    html! {
        svg.chart role="img" viewBox={ "0 0 " (WIDTH) " " (at(height)) } {
            title { (title) }
            desc { (description) }
            (inner)
        }
    }
}

/// A coordinate with the decimals that a screen can show.
pub(super) fn at(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}

/// The horizontal axis of a chart of lines or columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Across {
    /// Its title, "Days after 2025-06-30".
    pub title: String,
    ticks: Vec<(f64, String)>,
    last: f64,
}

impl Across {
    /// Days from 0 to `last`, labelled by months of 30.
    pub fn days(title: impl Into<String>, last: u32) -> Self {
        // A place is a share of the last one, which therefore cannot be 0.
        let last = last.max(1);
        let step = 30 * last.div_ceil(30).div_ceil(7).max(1);
        let ticks = (0..=last).step_by(step as usize);
        let ticks = ticks.map(|day| (f64::from(day), day.to_string())).collect();
        Self { title: title.into(), ticks, last: f64::from(last) }
    }

    /// Percents from 0 to 100.
    pub(super) fn percents(title: impl Into<String>) -> Self {
        let ticks = (0..=100).step_by(20).map(|percent| (f64::from(percent), percent.to_string()));
        Self { title: title.into(), ticks: ticks.collect(), last: 100.0 }
    }

    /// Places with a label each: place `n` is at `n + 0.5`, so that columns have room beside them.
    pub fn labels(title: impl Into<String>, labels: Vec<String>) -> Self {
        let last = labels.len().max(1) as f64;
        let ticks = (0..).zip(labels).map(|(place, label)| (f64::from(place) + 0.5, label));
        Self { title: title.into(), ticks: ticks.collect(), last }
    }

    pub(super) fn share(&self, place: f64) -> f64 {
        place / self.last
    }

    /// The label at a place, or the place itself.
    pub(super) fn said(&self, place: f64) -> String {
        let own = self.ticks.iter().find(|(tick, _)| (tick - place).abs() < 1e-9);
        own.map_or_else(|| place.to_string(), |(_, label)| label.clone())
    }

    /// The ticks whose labels fit beside each other within `width`.
    fn shown(&self, width: f64) -> impl Iterator<Item = &(f64, String)> {
        let longest = self.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(1);
        let room = width / (longest as f64 * CHARACTER + 8.0);
        let every = (self.ticks.len() as f64 / room).ceil().max(1.0);
        self.ticks.iter().step_by(every as usize)
    }
}

/// The area in which values are drawn.
pub(super) struct Plot {
    /// The left end, where the vertical axis is.
    pub left: f64,
    /// The right end, beyond which the labels are.
    pub right: f64,
    /// The end of the scale.
    pub top: f64,
    /// Its start.
    pub bottom: f64,
}

impl Plot {
    pub fn x(&self, share: f64) -> f64 {
        self.left + (self.right - self.left) * share
    }

    pub fn y(&self, share: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * share
    }

    /// Height of the whole drawing with the titles below the area.
    pub fn height(&self) -> f64 {
        self.bottom + 46.0
    }

    /// The vertical axis: faint horizontals with their labels, and its title.
    pub fn upwards(&self, axis: &Axis<'_>) -> Markup {
        html! {
            @for (value, label) in axis.ticks() {
                @let level = self.y(axis.share(value));
                line.grid x1=(at(self.left)) x2=(at(self.right)) y1=(at(level)) y2=(at(level)) {}
                text.tick x=(at(self.left - 5.0)) y=(at(level + 4.0)) text-anchor="end" { (label) }
            }
            text.axis-title text-anchor="middle"
                transform={ "translate(13 " (at(self.top.midpoint(self.bottom))) ") rotate(-90)" } {
                (axis.title())
            }
        }
    }

    /// The horizontal axis: marks with their labels, and its title.
    pub fn across(&self, across: &Across) -> Markup {
        html! {
            @for (place, label) in across.shown(self.right - self.left) {
                @let x = at(self.x(across.share(*place)));
                line.mark x1=(x) x2=(x) y1=(at(self.bottom)) y2=(at(self.bottom + 4.0)) {}
                text.tick x=(x) y=(at(self.bottom + 16.0)) text-anchor="middle" { (label) }
            }
            text.axis-title x=(at(self.left.midpoint(self.right))) y=(at(self.bottom + 38.0))
                text-anchor="middle" { (across.title) }
        }
    }
}
