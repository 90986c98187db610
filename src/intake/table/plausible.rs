use chrono::NaiveDate;

use super::super::field::{Field, bare};
use super::super::notation::{DateOrder, canonical_date};
use super::Table;
use super::bucket::is_bucket;

/// Contradictions in a report if its dates are read in one order of day and month.
#[derive(Default)]
struct Contradictions {
    count: usize,
    /// Line of the first one, and what would be wrong with it.
    first: Option<(u64, &'static str)>,
}

/// The only order of day and month in which no invoice is dated after the report or due before it
/// was issued, and each is in the right ageing bucket. `None` if both orders agree with the report,
/// or neither.
pub fn plausible_order(
    tables: &[Table<'_>],
    as_of: Option<NaiveDate>,
) -> Option<(DateOrder, String)> {
    let of = |order| {
        let mut found = Contradictions::default();
        tables.iter().for_each(|table| found.take(table, as_of, order));
        found
    };
    let (day_first, month_first) = (of(DateOrder::Dmy), of(DateOrder::Mdy));
    let (order, name, other) = match (day_first.count, month_first.count) {
        (0, 1..) => (DateOrder::Dmy, "day first", month_first),
        (1.., 0) => (DateOrder::Mdy, "month first", day_first),
        _ => return None,
    };
    let (line, what) = other.first?;
    Some((order, format!("{name}: read the other way, the invoice on line {line} would be {what}")))
}

impl Contradictions {
    fn take(&mut self, table: &Table<'_>, as_of: Option<NaiveDate>, order: DateOrder) {
        let mut bucket = None;
        for index in table.body_rows() {
            let row = table.sheet.row(index);
            // In a report by buckets a row of one cell names the bucket of those below.
            if let (1, Some((.., text))) = (row.len(), row.cells().next()) {
                bucket = is_bucket(text).then(|| is_current(text));
                continue;
            }
            let date = |field| {
                let text = table.columns.position(field).map_or("", |at| row.text(at));
                canonical_date(text, order).ok()
            };
            let (issue, due) = (date(Field::InvoiceDate), date(Field::DueDate));
            // `None` is less than every date, hence the second test.
            let later = |a: Option<NaiveDate>, b: Option<NaiveDate>| a > b && b.is_some();
            let wrong = if later(issue, as_of) {
                Some("dated after the report")
            } else if due.is_some() && later(issue, due) {
                Some("due before it was issued")
            } else {
                wrong_bucket(due, as_of, bucket)
            };
            if let Some(what) = wrong {
                self.count += 1;
                self.first.get_or_insert((row.line, what));
            }
        }
    }
}

fn wrong_bucket(
    due: Option<NaiveDate>,
    as_of: Option<NaiveDate>,
    current: Option<bool>,
) -> Option<&'static str> {
    match (current?, due? < as_of?) {
        (true, true) => Some("overdue, though listed as current"),
        (false, false) => Some("current, though listed as overdue"),
        _ => None,
    }
}

fn is_current(bucket: &str) -> bool {
    !bucket.bytes().any(|byte| byte.is_ascii_digit())
        && !["older", "overdue"].contains(&bare(bucket).as_str())
}
