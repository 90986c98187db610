//! Properties of every amount, date and text.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

use super::*;

/// Digits in groups: of three, or in lakhs.
fn grouped(digits: &str, separator: &str, lakhs: bool) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        let starts_group = if lakhs && left > 3 { left % 2 == 1 } else { left.is_multiple_of(3) };
        if at > 0 && (starts_group || left == 3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

fn signed(number: &str, style: usize) -> String {
    let styles = [
        "-N",
        "N-",
        "(N)",
        "\u{2212}N",
        "\u{2013}N",
        "($N)",
        "$(N)",
        "-$N",
        "-N \u{20ac}",
        "EUR -N",
        "-Rs. N Cr",
        "(N) USD",
        "\u{a0}- N DR ",
        "N- kr",
        "-US$ N",
        "(CHF\u{202f}N)",
    ];
    styles[style % styles.len()].replace('N', number)
}

fn cell() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1", "12", "500", "2026", "05", "31", "0", ".", ",", "-", "/", " ", "'", "\u{2019}", "(",
        ")", "\u{a0}", "\u{2013}", "\u{2212}", "$", "USD", "Rs.", "Cr", "May", "mar", "T10:00",
        "Z", "é", "ł", "e\u{301}", "+", "E", "#", "=", "\u{ba}", "de", "am", "\u{feff}", "日",
        " as of ", "to", "°", "am ", "10:00",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..12).prop_map(|all| all.concat()), any::<String>()]
}

fn forms(date: NaiveDate, order: DateOrder) -> Vec<String> {
    let months = ["Jan", "f\u{e9}vrier", "M\u{e4}rz", "abril", "mei", "giugno", "juil.", "AUG"];
    let later = ["Sept.", "okt", "noviembre", "d\u{e9}c."];
    let name = [&months[..], &later].concat()[date.month0() as usize];
    let (y, m, d) = (date.year(), date.month(), date.day());
    let mut forms = vec![
        format!("{y}-{m:02}-{d:02}"),
        format!("{y}/{m}/{d}"),
        format!("{y}{m:02}{d:02}"),
        format!("{y}.{m:02}.{d:02}. 10:15:01 pm"),
        format!("{y}-{m:02}-{d:02}T23:59:59.999+05:30"),
        format!("{d} {name} {y}"),
        format!("{d:02}-{name}-{y} 10:00"),
        format!("{name} {d}, {y}"),
        format!("{d} de {name} de {y}"),
        format!("Donnerstag, {d}. {name} {y}"),
        format!("{d}.{m}.{y}"),
    ];
    for mark in ['/', '-', ' '] {
        match order {
            DateOrder::Dmy => forms.push(format!("{d:02}{mark}{m}{mark}{y} 9:30")),
            DateOrder::Mdy => forms.push(format!("{m}{mark}{d}{mark}{y}")),
            DateOrder::Ymd => forms.push(format!("{y}{mark}{m}{mark}{d}")),
        }
        let yy = y % 100;
        match order {
            _ if !(1970..2070).contains(&y) => {}
            DateOrder::Dmy => forms.push(format!("{d}{mark}{m}{mark}{yy:02}")),
            DateOrder::Mdy => forms.push(format!("{m:02}{mark}{d:02}{mark}{yy:02}")),
            DateOrder::Ymd => forms.push(format!("{yy:02}{mark}{m:02}{mark}{d}")),
        }
    }
    forms
}

proptest! {
    #[test]
    fn an_amount_reads_back_from_every_notation(
        whole in 0_u64..1_000_000_000_000,
        decimals in "[0-9]{0,4}",
        comma: bool,
        separator in 0_usize..6,
        style in prop::option::of(0_usize..16),
    ) {
        let (decimal, mark, group) =
            if comma { (Decimal::Comma, ",", ".") } else { (Decimal::Point, ".", ",") };
        let separator = ["", group, " ", "'", "\u{202f}", "\u{2019}"][separator];
        let lakhs = separator == "," && whole % 2 == 0;
        let point = if decimals.is_empty() { "" } else { "." };
        let digits = whole.to_string();
        let mut number = grouped(&digits, separator, lakhs);
        if !decimals.is_empty() {
            number = format!("{number}{mark}{decimals}");
        }
        let is_zero = whole == 0 && decimals.bytes().all(|digit| digit == b'0');
        let minus = if style.is_some() && !is_zero { "-" } else { "" };
        let cell = style.map_or(number.clone(), |style| signed(&number, style));
        let amount = canonical_amount(&cell, decimal);
        let expected = format!("{minus}{digits}{point}{decimals}");
        prop_assert_eq!(amount.map(|amount| amount.text), Ok(expected), "{}", cell);
    }

    #[test]
    fn a_date_reads_back_from_every_form(days in 0_u64..84_371, order in 0_usize..3) {
        let order = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd][order];
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("real");
        let date = epoch.checked_add_days(Days::new(days)).expect("in range");
        for form in forms(date, order) {
            prop_assert_eq!(canonical_date(&form, order), Ok(date), "{} {:?}", form, order);
        }
    }

    #[test]
    fn neither_order_nor_merging_changes_the_evidence(
        cells in prop::collection::vec((0_u64..20, cell()), 0..30),
        cut in 0_usize..30,
    ) {
        let gather = |cells: &[(u64, String)]| {
            let (mut amounts, mut dates) = (AmountEvidence::default(), DateEvidence::default());
            for (line, cell) in cells {
                amounts.take(*line, cell);
                dates.take(*line, cell);
            }
            (amounts, dates)
        };
        let straight = gather(&cells);
        let reversed: Vec<_> = cells.iter().rev().cloned().collect();
        prop_assert_eq!(&straight, &gather(&reversed));
        let (head, tail) = cells.split_at(cut.min(cells.len()));
        let (mut merged, other) = (gather(tail), gather(head));
        merged.0.merge(&other.0);
        merged.1.merge(&other.1);
        prop_assert_eq!(straight, merged);
    }

    #[test]
    fn any_text_is_read_or_refused_and_evidence_agrees_with_reading(text in cell()) {
        let [point, comma] = [Decimal::Point, Decimal::Comma].map(|d| canonical_amount(&text, d));
        let mut amounts = AmountEvidence::default();
        amounts.take(1, &text);
        let two_way = matches!((&point, &comma), (Ok(a), Ok(b)) if a != b);
        prop_assert_eq!(amounts.two_way().count() == 1, two_way);
        prop_assert_eq!(amounts.point().count() == 1, point.is_ok() && comma.is_err());
        prop_assert_eq!(amounts.comma().count() == 1, comma.is_ok() && point.is_err());
        for amount in [point, comma].into_iter().flatten() {
            let again = canonical_amount(&amount.text, Decimal::Point).map(|again| again.text);
            prop_assert_eq!(again, Ok(amount.text));
        }
        let [dmy, mdy] = [DateOrder::Dmy, DateOrder::Mdy].map(|o| canonical_date(&text, o));
        let mut dates = DateEvidence::default();
        dates.take(1, &text);
        if let (Ok(a), Ok(b)) = (dmy, mdy) {
            prop_assert_eq!(dates.two_way().count() == 1, a != b);
        }
        let _ = (dates.decide(None, None), amounts.decide(None, None));
        let _ = (canonical_date(&text, DateOrder::Ymd), serial_day(&text), find_date_in(&text));
    }

    #[test]
    fn a_date_found_in_a_text_is_the_date_written_there(
        days in 0_u64..84_371,
        before in "[A-Za-z :,()]{0,20}",
    ) {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("real");
        let date = epoch.checked_add_days(Days::new(days)).expect("in range");
        let found = find_date_in(&format!("{before} as of {date}"));
        prop_assert_eq!(found, Some((date, true)));
    }
}
