//! Tables that a user writes for us by hand: a header row of known names and one row per entry,
//! read strictly. Every fault is told, with line, column and value.

use basics::handwritten::{Fault, Place, nearest};
use sheet::FileError;

use super::field::bare;
use super::known_columns::read_text;
use super::own_column::OwnColumn;
use super::shown::shown;

/// A table as it was read, with everything that is wrong with it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTable {
    /// The rows, blank ones left out.
    pub rows: Vec<OwnRow>,
    /// Unknown, repeated and missing columns, and missing values.
    pub faults: Vec<Fault>,
}

/// A row of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// Its line in the file.
    pub line: u64,
    /// The trimmed value of each column, in the order in which they were asked for; empty if there
    /// is none.
    pub values: Vec<String>,
}

impl OwnTable {
    /// Reads delimited text, which errors call `file`. Names are compared without case, blanks and
    /// punctuation.
    ///
    /// # Errors
    /// If the bytes are no delimited text, or too much of it. What is wrong with the table itself
    /// is listed in it.
    pub fn read(file: &str, bytes: &[u8], columns: &[OwnColumn]) -> Result<Self, FileError> {
        let sheet = read_text(file, bytes)?.sheet;
        let mut rows = sheet.rows().filter(|row| !row.is_empty());
        let mut table = Self { rows: Vec::new(), faults: Vec::new() };
        let Some(header) = rows.next() else {
            let sentence = format!("is empty; expected a header row with {}", named(columns));
            table.faults.push(Fault::says(Place::Whole, "", sentence));
            return Ok(table);
        };
        let cells: Vec<(usize, &str)> = header.cells().map(|(at, _, text)| (at, text)).collect();
        let places = table.header(place(header.line), &cells, columns);
        for row in rows {
            let values = places.iter().map(|at| at.map_or("", |at| row.text(at)).trim().to_owned());
            let values: Vec<String> = values.collect();
            for (column, value) in columns.iter().zip(&values) {
                // A column that is not there has been told.
                let is_there = |name| cells.iter().any(|(_, own)| column_of(columns, own) == name);
                if column.required && value.is_empty() && is_there(Some(column.name)) {
                    let fault = format!("{} is empty; it is needed in every row", column.name);
                    table.faults.push(Fault::says(place(row.line), "", fault));
                }
            }
            let known = |at| cells.iter().any(|(own, _)| *own == at);
            if let Some((_, _, text)) = row.cells().find(|(at, ..)| !known(*at)) {
                let fault = format!(
                    "'{}' stands under no column; quote values that contain a comma",
                    shown(text)
                );
                table.faults.push(Fault::says(place(row.line), "", fault));
            }
            table.rows.push(OwnRow { line: row.line, values });
        }
        Ok(table)
    }

    /// Returns where each column stands, and lists what is wrong with the header.
    fn header(
        &mut self,
        line: Place,
        cells: &[(usize, &str)],
        columns: &[OwnColumn],
    ) -> Vec<Option<usize>> {
        let mut places: Vec<Option<usize>> = vec![None; columns.len()];
        for &(at, text) in cells {
            let found = columns.iter().position(|own| column_of(columns, text) == Some(own.name));
            let fault = match found {
                Some(found) if places[found].is_none() => {
                    places[found] = Some(at);
                    continue;
                }
                Some(found) => format!("two columns are {}", columns[found].name),
                None => {
                    let names = || columns.iter().map(|own| own.name);
                    let guess = nearest(text, names());
                    let guess =
                        guess.map_or(String::new(), |guess| format!("; did you mean {guess}?"));
                    let names = names().collect::<Vec<_>>().join(", ");
                    format!("there is no column '{}', only {names}{guess}", shown(text))
                }
            };
            self.faults.push(Fault::says(line, "", fault));
        }
        let lacking: Vec<OwnColumn> = columns.iter().zip(&places).filter_map(missing).collect();
        if !lacking.is_empty() {
            let fault = format!("the header row lacks {}", named(&lacking));
            self.faults.push(Fault::says(line, "", fault));
        }
        places
    }
}

/// Returns a column that has to be there and is not.
fn missing((column, at): (&OwnColumn, &Option<usize>)) -> Option<OwnColumn> {
    (column.required && at.is_none()).then_some(*column)
}

/// Returns the name of the column that a header cell means.
fn column_of(columns: &[OwnColumn], text: &str) -> Option<&'static str> {
    let text = bare(text);
    let names = |own: &OwnColumn| {
        bare(own.name) == text || own.others.iter().any(|other| bare(other) == text)
    };
    columns.iter().find(|own| names(own)).map(|own| own.name)
}

/// The names of the columns that every table has.
fn named(columns: &[OwnColumn]) -> String {
    let names: Vec<&str> = columns.iter().filter(|own| own.required).map(|own| own.name).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn place(line: u64) -> Place {
    Place::Line(usize::try_from(line).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [OwnColumn; 3] = [
        OwnColumn { name: "invoice", others: &["number", "invoice_no"], required: true },
        OwnColumn { name: "outcome", others: &[], required: true },
        OwnColumn { name: "note", others: &["remarks"], required: false },
    ];

    fn read(text: &str) -> OwnTable {
        OwnTable::read("t.csv", text.as_bytes(), &COLUMNS).expect("text")
    }

    fn told(text: &str) -> Vec<String> {
        read(text).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_stand_in_any_order_under_any_of_their_names() {
        for text in [
            "invoice,outcome,note\n7,yes,\"a, b\"\n\n8,no,\n",
            "Outcome;Remarks;Invoice No.\nyes;a, b; 7\nno;;8\n",
            "NOTE\tNumber\toutcome\na, b\t7\tyes\n\t8\tno\n",
        ] {
            let table = read(text);
            assert_eq!(table.faults, [], "{text}");
            let values: Vec<_> = table.rows.iter().map(|row| row.values.clone()).collect();
            assert_eq!(values, [["7", "yes", "a, b"], ["8", "no", ""]], "{text}");
        }
        assert_eq!(read("invoice,outcome\n7,yes\n\n8,no\n").rows[1].line, 4);
    }

    #[test]
    fn every_fault_of_a_table_is_told_with_its_line() {
        assert_eq!(told(""), ["is empty; expected a header row with invoice and outcome"]);
        assert_eq!(told("note\nx\n"), ["line 1: the header row lacks invoice and outcome"]);
        assert_eq!(
            told("number,outcom,invoice\n7,yes,8\n"),
            [
                "line 1: there is no column 'outcom', only invoice, outcome, note; did you mean \
                 outcome?",
                "line 1: two columns are invoice",
                "line 1: the header row lacks outcome",
            ]
        );
        assert_eq!(
            told("invoice,outcome,note\n,yes,x\n7, ,\n8,yes,a, b\n"),
            [
                "line 2: invoice is empty; it is needed in every row",
                "line 3: outcome is empty; it is needed in every row",
                "line 4: 'b' stands under no column; quote values that contain a comma",
            ]
        );
    }
}
