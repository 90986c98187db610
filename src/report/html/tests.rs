use basics::Money;

use super::super::terminal::summary;
use super::html;
use super::rows::{MOST_PARTS, MOST_ROWS};
use super::sample::{evaluation, line, lines, part};

const HOSTILE: &str = "<script>alert('1')</script> & \"Sons\"";

fn page_of(client: &str, count: usize) -> String {
    html(&evaluation(vec![part(client, lines(count, "Acme"), "Acme")], 0, "ledger.csv"))
}

/// The page without the tags of dates, which stand within sentences.
fn readable(page: &str) -> String {
    page.replace("<time>", "").replace("</time>", "")
}

#[test]
fn texts_from_outside_are_escaped() {
    let hostile = part(HOSTILE, lines(6, HOSTILE), HOSTILE);
    let page = html(&evaluation(vec![hostile], 2, HOSTILE));
    assert!(!page.contains("<script"), "an element came through");
    assert!(page.contains("&lt;script&gt;alert('1')&lt;/script&gt; &amp; &quot;Sons&quot;"));
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let page = page_of("Client", 6);
    for outside in ["http://", "https://", "<script", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let page = page_of("Client", 3_000);
    let rows = page.matches("INV-").count();
    // Two tables of 500 rows, and the example in the owner's section.
    assert_eq!(rows, 2 * MOST_ROWS + 1);
    assert!(page.contains("Showing 500 of 2,000 rows; <code>invoices.csv</code> has all of them."));
    assert!(page.contains("Showing 500 of 1,000 rows;"));
    assert!(page.len() < 5_000_000);
}

#[test]
fn many_clients_share_the_rows() {
    let parts = (0..40).map(|i| part(&format!("Client {i}"), lines(300, "Acme"), "Acme")).collect();
    let page = html(&evaluation(parts, 0, "ledger.csv"));
    assert_eq!(page.matches("<article").count(), MOST_PARTS);
    assert!(page.contains("28 more are in this overview only."));
    assert!(page.matches("<code>past_due</code>").count() <= MOST_ROWS + MOST_PARTS);
    assert!(page.contains("Client 39"));
}

#[test]
fn the_page_stays_small_with_the_worst_texts_everywhere() {
    let worst = "\"".repeat(2_000);
    let parts = (0..600).map(|_| part(&worst, lines(300, &worst), &worst)).collect();
    let mut evaluation = evaluation(parts, 3_000, &worst);
    evaluation.offer.policy.text.push_str("# ");
    evaluation.offer.policy.text.push_str(&worst.repeat(100));
    let page = html(&evaluation);
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
}

#[test]
fn every_chart_has_a_title_and_names_its_units() {
    let page = page_of("Client", 30);
    let charts: Vec<&str> = page.split("<svg class=\"chart\" role=\"img\"").skip(1).collect();
    assert_eq!(charts.len(), 4);
    for chart in charts {
        let (chart, _) = chart.split_once("</svg>").expect("an end");
        assert!(
            chart.contains("<title>") && chart.contains("<desc>") && chart.contains("axis-title"),
            "{chart}"
        );
        assert!(
            ["thousand USD<", "Share collected, %<", "on that day, % a year<"]
                .iter()
                .any(|unit| chart.contains(unit)),
            "{chart}"
        );
    }
    assert!(page.contains("Days after 2025-06-30"));
}

#[test]
fn every_heading_of_a_table_has_a_scope() {
    let page = page_of("Client", 30);
    let headings = page.matches("<th ").count() + page.matches("<th>").count();
    assert_eq!(headings, page.matches(" scope=\"").count());
}

#[test]
fn the_owner_reads_cash_cost_and_recourse() {
    let page = readable(&page_of("", 3));
    // Lines 0 and 1 are bought: 2,000.01 in all; the fee plan charges 3 % to day 30 and 1 % per 10
    // days after it.
    for text in [
        "You receive at purchase (figured for 2025-06-30)",
        "1,700.00 now + 220.01 later + 80.00 fee = 2,000.01 USD bought.",
        "3 % of the amount bought up to day 30, then 1 % more for every 10 days or part thereof",
        "You buy the invoice back (full recourse).",
        // Due on day 30, recourse 90 days later: nine blocks after day 30, 12 % of 1,000.01.
        "unpaid on 2025-10-28, you buy it back for 970.00 USD",
        "the advance of 850.00 and a fee of 120.00 for 120 days (APR 42.94 %)",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    assert!(!page.contains(" to <bdi></bdi>"), "a client without a name has no heading");
}

#[test]
fn the_underwriter_reads_how_much_of_it_is_past_due_already() {
    let told = |late: Option<i64>| {
        let mut late_part = part("Client", lines(3, "Acme"), "Acme");
        let money = late.map(|cents| Money::from_minor(cents, late_part.currency));
        late_part.totals.bought_past_due = money;
        let evaluation = evaluation(vec![late_part], 0, "ledger.csv");
        [html(&evaluation), super::credit_memo(&evaluation), summary(&evaluation)]
    };
    // Of 2,000.01 that are bought.
    let [page, memo, text] = told(Some(50_000));
    assert!(page.contains("Of that, past due already") && page.contains("500.00 USD"), "{page}");
    assert!(page.contains("25.0 % of the amount bought"), "{page}");
    assert!(memo.contains("500.00 USD of that, 25.0 %, is past due already."), "{memo}");
    let row = |line: &&str| line.starts_with("  of that, past due already ");
    assert!(text.lines().find(row).is_some_and(|line| line.ends_with(" 500.00")), "{text}");
    let [page, memo, text] = told(Some(0));
    assert!(page.contains("Of that, past due already") && page.contains("0.0 % of the amount"));
    assert!(memo.contains("None of that is past due."), "{memo}");
    assert!(!text.contains("past due already"), "{text}");
    // An offer that was made before it was told says nothing of it.
    assert!(told(None).iter().all(|text| !text.contains("past due already")));
    assert!(!told(None)[1].contains("None of that is past due."));
}

#[test]
fn recourse_that_counts_from_the_invoice_date_is_said_and_shown() {
    let mut evaluation = evaluation(vec![part("", lines(3, "Acme"), "Acme")], 0, "ledger.csv");
    let page = |evaluation: &app::Evaluation| readable(&html(evaluation));
    assert!(page(&evaluation).contains("is still unpaid 90 days after its due date, you repay"));
    let text = &mut evaluation.offer.policy.text;
    *text = text.replace("\ndays_after_due = 90", "\ndays_after_invoice = 60\ndays_after_due = 90");
    let page = page(&evaluation);
    let when =
        "90 days after its due date or 60 days after its invoice date (whichever comes first)";
    assert!(page.contains(&format!("is still unpaid {when}, you repay")), "{page}");
    // Issued on 2025-06-30, it is bought back 60 days later.
    assert!(page.contains("unpaid on 2025-08-29, you buy it back"), "{page}");
}

#[test]
fn an_offer_that_buys_nothing_says_so_and_why() {
    let refused = part("Client", vec![line(2, "Acme")], "Acme");
    let page = readable(&html(&evaluation(vec![refused], 0, "ledger.csv")));
    assert!(page.contains("We are not offering to buy any of your invoices as of 2025-06-30."));
    assert!(page.contains("1,000.02 USD on 1 invoice: too far past due."));
    assert!(!page.contains("You receive at purchase"));
    let page = readable(&html(&evaluation(vec![], 0, "ledger.csv")));
    assert!(page.contains("No invoice is open on 2025-06-30, so there is nothing to buy."));
}
