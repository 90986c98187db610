//! The one shape of a table: a caption, columns, rows and sums, in a box that scrolls sideways.

use maud::{Markup, html};

use super::say::sentence;

/// A row of cells, each anything that maud renders.
macro_rules! row {
    ($($cell:expr),+ $(,)?) => {
        vec![$(maud::html! { ($cell) }),+]
    };
}
pub(super) use row;

/// A column's heading and alignment.
pub(super) struct Column {
    heading: String,
    is_number: bool,
}

/// A column of texts.
pub(super) fn text(heading: impl Into<String>) -> Column {
    Column { heading: heading.into(), is_number: false }
}

/// A column of numbers, right-aligned.
pub(super) fn number(heading: impl Into<String>) -> Column {
    Column { heading: heading.into(), is_number: true }
}

/// A table; the first cell of a row is its heading.
pub(super) struct Table {
    /// The caption, which screen readers announce.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Markup>>,
    /// Rows of sums below them.
    pub sums: Vec<Vec<Markup>>,
    /// True if each row becomes a card on a narrow screen, so that no figure is out of sight.
    stacks: bool,
}

impl Table {
    /// A table without sums.
    pub fn new(title: impl Into<String>, columns: Vec<Column>, rows: Vec<Vec<Markup>>) -> Self {
        Self { title: title.into(), columns, rows, sums: Vec::new(), stacks: false }
    }

    /// The same table, of which each row becomes a card on a narrow screen. For tables of few rows
    /// whose last columns matter most.
    #[must_use]
    pub fn stacked(self) -> Self {
        Self { stacks: true, ..self }
    }

    /// The table in its box.
    pub fn render(&self) -> Markup {
        html! {
            // Focusable, so that it scrolls with the keyboard too.
            div.scroll role="region" aria-label=(self.title) tabindex="0" {
                table class=[self.stacks.then_some("stack")] {
                    caption { (self.title) }
                    thead {
                        tr {
                            @for column in &self.columns {
                                th.num[column.is_number] scope="col" { (column.heading) }
                            }
                        }
                    }
                    tbody { @for row in &self.rows { (self.row(row)) } }
                    @if !self.sums.is_empty() {
                        tfoot { @for row in &self.sums { (self.row(row)) } }
                    }
                }
            }
        }
    }

    fn row(&self, cells: &[Markup]) -> Markup {
        html! {
            tr {
                @for (index, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
                    @let label = self.stacks.then_some(&column.heading);
                    @if index == 0 {
                        th.num[column.is_number] scope="row" data-label=[label] { (cell) }
                    } @else {
                        td.num[column.is_number] data-label=[label] { (cell) }
                    }
                }
            }
        }
    }
}

/// The note that a table has only the largest `shown` of `total` rows, with the file that has all
/// of them; nothing when none is left out.
pub(super) fn left_out(shown: usize, total: usize, file: &str) -> Markup {
    html! {
        @if shown < total {
            @let said = sentence("page.rows_left_out").count("shown", shown).count("total", total);
            p.note { (said.with("file", html! { code { (file) } })) }
        }
    }
}
