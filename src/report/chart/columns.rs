use maud::{Markup, html};

use words::{Facts, say_with};

use super::axis::{Axis, Measure};
use super::frame::{Across, at, drawn};
use super::labels::{GAP, SAMPLE, SPACE, apart, beside};

/// Fills from light to dark, so that neighbours differ in greyscale.
const FILLS: usize = 6;

/// Columns that stack the parts of a whole, one at each label.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChart {
    /// The title.
    pub title: String,
    /// The horizontal axis, with one label for each column.
    pub across: Across,
    /// The measure of the columns; amounts in major units.
    pub measure: Measure,
    /// Name and values of each part, from the bottom; every part has a value for each column.
    pub parts: Vec<(String, Vec<f64>)>,
}

/// A part of a column, between two values.
struct Piece {
    column: usize,
    part: usize,
    from: f64,
    to: f64,
}

impl ColumnChart {
    /// The chart as inline SVG.
    pub fn render(&self) -> Markup {
        let pieces = self.pieces();
        let axis = Axis::rounded(&self.measure, pieces.iter().map(|piece| piece.to));
        let plot = beside(self.parts.iter().map(|(name, _)| name.as_str()));
        let columns = self.columns();
        let wide = (plot.right - plot.left) / columns.max(1) as f64 * 0.7;
        let y = |value: f64| plot.y(axis.share(value));
        let x = |column: usize| plot.x(self.across.share(column as f64 + 0.5)) - wide / 2.0;
        // Names stand beside the last column, at the height of its pieces.
        let last = pieces.iter().filter(|piece| piece.column + 1 == columns);
        let middles: Vec<f64> = last.map(|piece| y(piece.from.midpoint(piece.to))).collect();
        let (end, start) = (x(columns.saturating_sub(1)) + wide, plot.right + GAP);
        let labels = apart(&middles, &plot);
        let inner = html! {
            (plot.upwards(&axis))
            (plot.across(&self.across))
            @for piece in pieces.iter().filter(|piece| piece.to > piece.from) {
                rect class=(fill(piece.part)) x=(at(x(piece.column))) y=(at(y(piece.to)))
                    width=(at(wide)) height=(at((y(piece.from) - y(piece.to)).max(0.5))) {}
            }
            @for (part, ((name, _), (middle, place))) in
                self.parts.iter().zip(middles.iter().zip(labels)).enumerate() {
                line.leader x1=(at(end + 1.0)) y1=(at(*middle)) x2=(at(start)) y2=(at(place)) {}
                rect class=(fill(part)) x=(at(start)) y=(at(place - 5.5))
                    width=(at(SAMPLE)) height="11" {}
                text.label x=(at(start + SAMPLE + SPACE)) y=(at(place)) dy="4" { (name) }
            }
        };
        drawn(&self.title, &self.description(&axis), plot.height(), &inner)
    }

    fn columns(&self) -> usize {
        self.parts.first().map_or(0, |(_, values)| values.len())
    }

    /// Every part of every column, column by column from the bottom; a negative part has no height.
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for column in 0..self.columns() {
            let mut from = 0.0;
            for (part, (_, values)) in self.parts.iter().enumerate() {
                let to = from + values[column].max(0.0);
                pieces.push(Piece { column, part, from, to });
                from = to;
            }
        }
        pieces
    }

    fn description(&self, axis: &Axis<'_>) -> String {
        let axes = Facts::new().with("up", axis.title());
        let axes = say_with("chart.axes", &axes.with("across", self.across.title.as_str()));
        // All columns would be a long speech; the table below the chart has them.
        let Some(last) = self.columns().checked_sub(1) else { return axes };
        let part = |(name, values): &(String, Vec<f64>)| {
            let facts = Facts::new().with("label", name.as_str());
            say_with("chart.part", &facts.with("value", axis.said(values[last])))
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        let facts = Facts::new().with("place", self.across.said(last as f64 + 0.5));
        format!("{axes} {}", say_with("chart.column", &facts.with("parts", parts.join("; "))))
    }
}

fn fill(part: usize) -> String {
    format!("fill fill-{}", part % FILLS)
}

#[cfg(test)]
mod tests {
    use basics::Currency;

    use super::super::axis::Unit;
    use super::*;

    #[test]
    fn parts_stack_and_each_is_named_once_beside_the_last_column() {
        let labels = ["2025-05", "2025-06"].map(str::to_owned).to_vec();
        let parts = [("Current", [300.0, 400.0]), ("1-30", [100.0, 0.0])];
        let chart = ColumnChart {
            title: "Open balance".to_owned(),
            across: Across::labels("End of month", labels),
            measure: Measure::new("Open balance", Unit::Amount(Currency::USD)),
            parts: parts.map(|(name, values)| (name.to_owned(), values.to_vec())).to_vec(),
        };
        let page = chart.render().into_string();
        // Three parts above nothing, and two samples.
        assert_eq!(page.matches("<rect").count(), 5);
        assert_eq!(page.matches(">1-30</text>").count(), 1);
        assert!(page.contains("2025-06: Current 400.0; 1-30 0.0."), "{page}");
    }
}
