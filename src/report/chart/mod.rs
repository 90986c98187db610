//! Charts of every page as inline SVG: a title and a description for who does not see them, labels
//! beside what they name, axes with units, and shades and dashes that survive a greyscale print.
//! A chart is drawn for a width of 360 pixels, so that a phone shows its texts at full size.

mod axis;
mod bars;
mod columns;
mod frame;
mod labels;
mod lines;
mod reliability;
mod share_bar;

use maud::Markup;

pub use axis::{Measure, Unit};
pub use bars::{Bar, BarChart, Shade};
pub use columns::ColumnChart;
pub use frame::Across;
pub use lines::{Band, Line, LineChart};
pub(crate) use reliability::reliability_chart;
pub(crate) use share_bar::share_bar;

/// A chart of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Horizontal bars.
    Bars(BarChart),
    /// Columns that stack their parts.
    Columns(ColumnChart),
    /// Lines.
    Lines(LineChart),
}

impl Chart {
    /// The title.
    pub fn title(&self) -> &str {
        match self {
            Self::Bars(chart) => &chart.title,
            Self::Columns(chart) => &chart.title,
            Self::Lines(chart) => &chart.title,
        }
    }

    /// The chart as inline SVG.
    pub fn render(&self) -> Markup {
        match self {
            Self::Bars(chart) => chart.render(),
            Self::Columns(chart) => chart.render(),
            Self::Lines(chart) => chart.render(),
        }
    }
}

/// The rules of style that charts need on a page.
pub(crate) const STYLE: &str = include_str!("chart.css");
