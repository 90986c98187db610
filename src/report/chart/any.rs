use maud::Markup;

use super::bars::BarChart;
use super::columns::ColumnChart;
use super::lines::LineChart;

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
