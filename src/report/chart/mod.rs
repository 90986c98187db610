//! Charts of every page as inline SVG: a title and a description for who does not see them, labels
//! beside what they name, axes with units, and shades and dashes that survive a greyscale print.
//! A chart is drawn for a width of 360 pixels, so that a phone shows its texts at full size.

mod any;
mod axis;
mod bars;
mod columns;
mod frame;
mod labels;
mod lines;
mod reliability;
mod share_bar;

pub use any::Chart;
pub use axis::{Measure, Unit};
pub use bars::{Bar, BarChart, Shade};
pub use columns::ColumnChart;
pub use frame::Across;
pub(crate) use frame::STYLE;
pub use lines::{Band, Line, LineChart};
pub(crate) use reliability::reliability_chart;
pub(crate) use share_bar::share_bar;
