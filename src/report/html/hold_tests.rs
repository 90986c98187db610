//! The pages of an offer that holds invoices, or that was compared with a previous ledger.

use basics::Money;
use offer::{
    AnswersFile, ChangeKind, Decision, HeldTotals, InvoiceFacts, LedgerChange, LedgerFile,
    LineHold, MenuChoice, MenuOffer, Notice, NoticeCode, OfferLine, OfferPart,
};
use policy::{HoldReason, Rule, Verification};

use super::super::terminal::summary;
use super::sample::{evaluation, line, part};
use super::{credit_memo, html};

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, basics::Currency::USD)
}

/// An invoice of 1,000.00 and as many cents as its index, held for these reasons.
fn held(index: usize, reasons: &[HoldReason]) -> OfferLine {
    // The sample buys every third line, beginning with the first.
    let priced = line(3 * index, "Acme");
    let hold = |&reason: &HoldReason| LineHold {
        reason,
        kind: reason.kind(),
        why: format!("Found by {}.", reason.code()),
    };
    OfferLine {
        invoice_number: format!("H-{index}"),
        decision: Decision::Hold,
        reason: Some(Rule::Unconfirmed),
        holds: reasons.iter().map(hold).collect(),
        held_for: reasons.iter().min().map(|reason| reason.to_owner()),
        once_confirmed: priced.price,
        price: None,
        ..priced
    }
}

/// A part with these held lines beside `bought` others.
fn part_with(bought: usize, held: Vec<OfferLine>) -> OfferPart {
    // Of 3 lines of the sample 2 are bought.
    let mut lines: Vec<OfferLine> = (0..bought).map(|index| line(3 * index, "Acme")).collect();
    let prices: Vec<_> = held.iter().filter_map(|line| line.once_confirmed).collect();
    let sum = |of: fn(&offer::PricedLine) -> Money| usd(prices.iter().map(|p| of(p).minor()).sum());
    let totals = HeldTotals {
        invoices: held.len(),
        look_wrong: Some(0),
        amount: sum(|price| price.amount_bought),
        amount_looks_wrong: Some(usd(0)),
        advance: sum(|price| price.advance),
    };
    lines.extend(held);
    let mut part = part("Client", lines, "Acme");
    part.totals.held = Some(totals);
    part.notices.clear();
    part
}

fn pages(part: OfferPart) -> [String; 3] {
    let evaluation = evaluation(vec![part], 0, "ledger.csv");
    let readable = |page: String| page.replace("<time>", "").replace("</time>", "");
    [readable(html(&evaluation)), readable(credit_memo(&evaluation)), summary(&evaluation)]
}

/// The owner's part of a page, and the underwriter's.
fn halves(page: &str) -> (&str, &str) {
    let page = page.split_once("For the business owner</h3>").expect("the owner's part").1;
    page.split_once("For the underwriter</h3>").expect("the underwriter's part")
}

#[test]
fn the_owner_is_not_told_which_screen_found_an_invoice() {
    let of_kind = |reason: &&HoldReason| reason.kind() == policy::HoldKind::LooksWrong;
    let wrong: Vec<HoldReason> = HoldReason::ALL.iter().filter(of_kind).copied().collect();
    let lines = wrong.iter().enumerate().map(|(at, &reason)| held(at, &[reason]));
    // One that is large as well still stands in the neutral line only.
    let both = held(50, &[HoldReason::Large, HoldReason::RoundAmounts]);
    let large = held(60, &[HoldReason::Large]);
    let lines: Vec<OfferLine> = lines.chain([both, large]).collect();
    let [page, memo, _] = pages(part_with(1, lines));
    let (owner, underwriter) = halves(&page);
    let neutral = "we confirm these with your customers first";
    assert_eq!(owner.matches(neutral).count(), 1, "{owner}");
    // 1,000.00 each, and 3 cents times 0 + 1 + ... + 11 + 50; 12 of 13 are named.
    let named = (0..12).map(|at| format!("H-{at}")).collect::<Vec<_>>().join(", ");
    let said = format!(
        "13 invoices, 13,003.48 USD: {neutral} ({named} and 1 more, \
         <a href=\"#offer-1-held\">listed below</a>)"
    );
    assert!(owner.contains(&said), "{said}\n{owner}");
    assert!(owner.contains("invoices of this size are always confirmed (H-60)"), "{owner}");
    assert!(owner.contains("You need to do nothing unless a customer does not answer"));
    for reason in wrong {
        let (title, why) = (reason.title(), format!("Found by {}.", reason.code()));
        assert!(!owner.contains(&title) && !owner.contains(&why), "{title}");
        assert_eq!(reason.to_owner(), neutral);
        assert!(underwriter.contains(&why) && memo.contains(&title), "{title}");
    }
}

#[test]
fn standard_reasons_are_told_to_the_owner() {
    use HoldReason::{Coverage, Drawn, Large, NewDebtor};
    let reasons = [NewDebtor, Large, Coverage, Drawn];
    let lines = reasons.iter().enumerate().map(|(at, &reason)| held(at, &[reason])).collect();
    let [page, ..] = pages(part_with(1, lines));
    let (owner, _) = halves(&page);
    for (at, reason) in reasons.iter().enumerate() {
        assert!(owner.contains(&format!("{} (H-{at})", reason.to_owner())), "{owner}");
    }
    assert!(!owner.contains("listed below"));
}

#[test]
fn each_notice_stands_with_the_reader_who_can_act_on_it() {
    let mut noted = part_with(1, vec![held(0, &[HoldReason::Large])]);
    noted.notices =
        NoticeCode::ALL.map(|code| Notice::new(code, format!("Said of {}.", code.as_str()))).into();
    noted.notices.push(Notice { code: "of_later".into(), text: "Said of of_later.".to_owned() });
    let codes: Vec<_> = noted.notices.iter().map(|n| (n.code.clone(), n.is_for_owner())).collect();
    let [page, ..] = pages(noted);
    let (owner, underwriter) = halves(&page);
    for (code, is_for_owner) in codes {
        let text = format!("Said of {code}.");
        assert_eq!(owner.contains(&text), is_for_owner, "{code}");
        assert_eq!(underwriter.contains(&text), !is_for_owner, "{code}");
        assert_eq!(page.matches(&text).count(), 1, "{code}");
    }
}

#[test]
fn the_memo_says_what_is_held_and_what_it_brings() {
    use HoldReason::{Drawn, Large, NearDuplicate, ReDated};
    let lines = || vec![held(0, &[Large]), held(1, &[NearDuplicate]), held(2, &[Large])];
    let [_, memo, _] = pages(part_with(0, lines()));
    assert!(memo.contains(
        "Buy nothing yet: 3 invoices totaling 3,000.09 USD are held until confirmed; discount rate \
         3 %."
    ));
    assert!(!memo.contains("Nothing to buy"));
    let wrong = "Nearly the same as another invoice: 1 invoice, 1,000.03 USD";
    let large = "Large invoices: 2 invoices, 2,000.06 USD";
    let at = |text: &str| memo.find(text).unwrap_or_else(|| panic!("{text}\n{memo}"));
    assert!(at(wrong) < at(large), "what looks wrong comes first");
    // 85 % of each: 850.00, 850.02 (of 850.0255) and 850.05 (of 850.051).
    let advance = "Advance once all are confirmed: at most <strong>2,550.07 USD</strong> (85 %).";
    assert!(at(large) < at(advance));
    let [_, memo, _] = pages(part_with(2, vec![held(3, &[Drawn]), held(4, &[ReDated])]));
    assert!(memo.contains("Buy 2 invoices") && memo.contains("Re-dated: 1 invoice, 1,000.12 USD"));
    let [_, memo, _] = pages(part("Client", vec![line(2, "Acme")], "Acme"));
    assert!(memo.contains("Nothing to buy") && !memo.contains("Advance once"));
}

#[test]
fn a_debtor_that_denies_the_client_is_the_first_line_of_the_memo() {
    let mut denied = part_with(1, vec![held(0, &[HoldReason::Large])]);
    denied.notices = vec![
        Notice::new(NoticeCode::DueDateAssumed, "A date is assumed.".to_owned()),
        Notice::new(NoticeCode::ClientDenied, "Acme denies it.".to_owned()),
    ];
    let [_, memo, _] = pages(denied.clone());
    let (_, after) = memo.split_once("</h2>").expect("a heading");
    let stop = "<p class=\"lead\"><strong>Stop: do not fund this client until this is cleared.\
                </strong> Acme denies it.</p>";
    assert!(after.starts_with(stop), "{after}");
    assert_eq!(memo.matches("Acme denies it.").count(), 1);
    assert!(memo.contains("<li>A date is assumed.</li>"));
    denied.notices.truncate(1);
    assert!(!pages(denied)[1].contains("Stop:"));
}

/// A queue of this many rows, of which the first are held.
fn queue_of(rows: usize, held: usize) -> Vec<Verification> {
    let row = |at: usize| Verification {
        invoice_number: format!("Q-{at}"),
        debtor_name: "Acme".to_owned(),
        amount_bought: usd(100_000),
        reasons: vec![if at < held { "drawn" } else { "sample" }.into()],
        why: String::new(),
        held: at < held,
        expected_loss_avoided: usd(100),
    };
    (0..rows).map(row).collect()
}

#[test]
fn the_memo_names_every_invoice_that_has_to_be_confirmed_up_to_twenty() {
    for (rows, must, named) in [(32, 10, 10), (32, 0, 5), (3, 0, 3), (32, 30, 20), (10, 10, 10)] {
        let mut queued = part_with(1, Vec::new());
        queued.totals.held = None;
        queued.verification_queue = queue_of(rows, must);
        let [_, memo, _] = pages(queued);
        assert_eq!(memo.matches("<li>Q-").count(), named, "{rows} {must}");
        let mandatory = if must > 0 { format!(", {must} mandatory") } else { String::new() };
        let title = format!("Confirm with the customers: {rows} invoices{mandatory}</h3>");
        assert!(memo.contains(&title), "{memo}");
        let more = format!("and {} more, listed in the offer", rows - named);
        assert_eq!(memo.contains(&more), rows > named, "{rows} {must}");
    }
    // Large ones and those that look wrong have to be confirmed though they are not held.
    let is_must = |code: &'static str| {
        let mut row = queue_of(1, 0).remove(0);
        row.reasons = vec!["new_debtor".into(), code.into()];
        offer::must_confirm(&row)
    };
    assert_eq!(
        ["large", "re_dated", "long_terms", "sample", "date_assumed", "drawn"].map(is_must),
        [true, true, true, false, false, false]
    );
}

fn changed(number: &str, change: ChangeKind) -> LedgerChange {
    let facts = |due: &str, open| InvoiceFacts {
        invoice_date: "2025-04-01".parse().expect("a date"),
        due_date: due.parse().expect("a date"),
        face: usd(200_000),
        open: usd(open),
    };
    let is_gone = change == ChangeKind::Vanished;
    LedgerChange {
        change,
        also: Vec::new(),
        invoice_number: number.to_owned(),
        replaces: None,
        debtor_id: "D1".to_owned(),
        debtor_name: "Acme".to_owned(),
        debtor_before: None,
        before: Some(facts("2025-05-01", 200_000)),
        now: (!is_gone).then(|| facts("2025-07-15", 150_000)),
    }
}

#[test]
fn memo_and_terminal_name_what_changed() {
    let mut compared = part_with(1, Vec::new());
    compared.totals.held = None;
    compared.previous_ledger = Some("2025-05-31".parse().expect("a date"));
    compared.changes = vec![changed("A-1", ChangeKind::ReDated)];
    let [_, memo, text] = pages(compared.clone());
    assert!(memo.contains(
        "A-1 to Acme: dated or due later than before. Before: dated 2025-04-01, due 2025-05-01, \
         2,000.00 USD open; now: dated 2025-04-01, due 2025-07-15, 1,500.00 USD open."
    ));
    assert!(text.contains(
        "  Changed since earlier ledgers, the last of 2025-05-31: 1 invoice: A-1 (dated or due \
         later than before); listed in offer.json.\n"
    ));
    compared.changes.push(changed("A-2", ChangeKind::Vanished));
    compared.changes.extend((3..30).map(|at| changed(&format!("A-{at}"), ChangeKind::Reopened)));
    compared.changes[0].also = vec![ChangeKind::AmountChanged];
    let [_, memo, text] = pages(compared);
    assert!(memo.contains("A-2 to Acme: open before, no longer in the ledger. Before: "));
    assert!(memo.contains("2,000.00 USD open; now: –."));
    assert!(memo.contains("and 9 more changed invoices, listed in the offer"));
    assert!(text.contains(
        "29 invoices, among them A-1 (dated or due later than before; amount changed), A-2 (open \
         before, no longer in the ledger), A-3 (reopened after being closed); all are listed in \
         offer.json.\n"
    ));
}

#[test]
fn the_queue_shows_what_is_open_and_what_stays_excluded() {
    // Line 2 of the sample is excluded, line 0 is bought.
    let mut lines = vec![line(0, "Acme"), line(2, "Acme"), held(1, &[HoldReason::Large])];
    // One of the same number as the bought one, which the amount tells apart.
    lines.insert(0, OfferLine { invoice_number: "INV-0".to_owned(), ..line(5, "Acme") });
    let mut queued = part_with(0, Vec::new());
    queued.totals.held = None;
    queued.lines = lines;
    let row = |number: &str, bought, held| Verification {
        invoice_number: number.to_owned(),
        amount_bought: usd(bought),
        held,
        ..queue_of(1, 0).remove(0)
    };
    queued.verification_queue = vec![
        row("INV-2", 0, false),
        row("H-1", 100_003, true),
        row("INV-0", 100_000, false),
        row("INV-9", 100, false),
    ];
    let [page, memo, _] = pages(queued);
    let table = page.split_once("<caption>Invoices to confirm</caption>").expect("the queue").1;
    let rows: Vec<&str> = table.split("<th scope=\"row\">").skip(1).take(4).collect();
    let expected = [
        ("INV-2", "1,000.02", "0.00", ">excluded<"),
        ("H-1", "1,000.03", "1,000.03", ">until confirmed<"),
        ("INV-0", "1,000.00", "1,000.00", ">no<"),
        ("INV-9", "–", "1.00", ">no<"),
    ];
    for (row, (number, open, bought, held)) in rows.iter().zip(expected) {
        let cells = format!("<td class=\"num\">{open}</td><td class=\"num\">{bought}</td>");
        assert!(row.starts_with(number) && row.contains(&cells) && row.contains(held), "{row}");
    }
    assert!(memo.contains("INV-2 to Acme, 1,000.02 USD open, excluded</li>"), "{memo}");
    assert!(memo.contains("H-1 to Acme, 1,000.03 USD, held</li>"), "{memo}");
}

#[test]
fn the_inputs_of_an_offer_are_shown_if_they_were_given() {
    let mut evaluated = evaluation(vec![part_with(1, Vec::new())], 0, "ledger.csv");
    let bare = html(&evaluated);
    for title in ["Previous ledger<", "Confirmations<", "Seed of", "Facility SHA-256"] {
        assert!(!bare.contains(title), "{title}");
    }
    let file = |at| LedgerFile {
        name: format!("may-{at}.csv"),
        sha256: format!("{at:064}"),
        bytes: 9,
        rows: at,
    };
    let inputs = &mut evaluated.provenance;
    inputs.previous_files = (1..=30).map(file).collect();
    inputs.confirmations =
        Some(AnswersFile { name: "answers.csv".into(), sha256: "ab".into(), answers: 3 });
    inputs.selection_seed = Some(1_234_567);
    inputs.facility_sha256 = Some("cd".to_owned());
    let page = html(&evaluated);
    for text in [
        "may-1.csv, 1 row, SHA-256 <code class=\"hash\">0000",
        "may-20.csv, 20 rows,",
        "Showing 20 of 30 rows",
        "answers.csv, 3 answers, SHA-256 <code class=\"hash\">ab</code>",
        "<dt>Seed of the random selection</dt><dd>1234567</dd>",
        "<dt>Facility SHA-256</dt><dd><code class=\"hash\">cd</code></dd>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("may-21.csv"));
}

#[test]
fn an_offer_of_nothing_has_no_status() {
    let status = |lines| html(&evaluation(vec![part("Client", lines, "Acme")], 0, "ledger.csv"));
    assert!(status(vec![line(0, "Acme")]).contains("<dt>Status</dt><dd>offered</dd>"));
    assert!(!status(vec![line(2, "Acme")]).contains("<dt>Status</dt>"));
    assert!(!html(&evaluation(vec![], 0, "ledger.csv")).contains("<dt>Status</dt>"));
    let only_held = part_with(0, vec![held(0, &[HoldReason::Large])]);
    assert!(pages(only_held)[0].contains("<dt>Status</dt>"), "it may be accepted");
}

#[test]
fn the_owner_reads_the_cost_once_confirmed_where_the_menu_is_about_it() {
    let held_only = || part_with(0, vec![held(0, &[HoldReason::Large])]);
    let costs = "we expect it to cost you 40.00 USD (APR <strong>42.94 %</strong>)";
    assert!(!pages(held_only())[0].contains("we expect it to cost"));
    let mut listed = held_only();
    listed.menu = vec![MenuOffer {
        choice: MenuChoice::MostCash,
        advance_rate_percent: listed.terms.advance_rate_percent,
        discount_rate_percent: listed.terms.discount_rate_percent,
        fee_plan: "3 %".to_owned(),
        advance: usd(85_000),
        net_funded: usd(85_000),
        fee: usd(4_000),
        total_cost: usd(4_000),
        expected_rebate: usd(11_000),
        apr_percent: Some(offer::Percent(42.94)),
        return_percent: None,
        return_as_quoted_percent: None,
    }];
    assert!(pages(listed.clone())[0].contains(costs), "{}", pages(listed.clone())[0]);
    listed.menu[0].advance = usd(84_999);
    assert!(!pages(listed)[0].contains("we expect it to cost"));
}

#[test]
fn menu_and_costs_name_each_figure_for_a_narrow_screen() {
    let [page, ..] = pages(part_with(2, Vec::new()));
    let costs = page.split_once("<caption>Cost by the day").expect("the costs").1;
    let (costs, _) = costs.split_once("</table>").expect("an end");
    for label in ["Fee, USD", "APR", "You receive later, USD", "You receive in total, USD"] {
        assert_eq!(costs.matches(&format!("data-label=\"{label}\"")).count(), 3, "{label}");
    }
    assert!(page.contains("<table class=\"stack\">") && page.contains("attr(data-label)"));
    let others = page.matches("<table>").count();
    assert!(others > 3, "all other tables scroll");
}
