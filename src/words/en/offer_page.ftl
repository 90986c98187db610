# The offer page, beside its figures: one message for each section. Below "For the business owner"
# the reader is the client ("you"); everything else is read by the underwriter.

page =
    .document = Purchase offer, as of { $date }
    .document_to = Purchase offer to { $client }, as of { $date }
    .title = Purchase offer
    .title_to = Purchase offer to { $client }
    .contents = Contents
    .for_the_owner = For the business owner
    .for_the_underwriter = For the underwriter
    .overview = Overview
    .in_detail = Offers in detail
    .ledger = The ledger
    .policy = Policy and provenance
    .offer_in = The offer in { $currency }
    .short_history = Short payment history
    .no_history = No payment history
    .rows_left_out = Showing { $shown } of { $total } rows; { $file } has all of them.
    .none = None.

page_nothing_open =
    .title = Nothing to buy
    .why = No invoice is open on { $date }, so there is nothing to buy. { $invoices ->
        [0] The ledger has no invoices.
        [one] Its only invoice is either settled by then or dated later.
       *[other] All { $invoices } invoices in the ledger are either settled by then or dated later.
    }

# Headings of columns and names of figures that several tables share.

label =
    .advance = Advance
    .advance_rate = Advance rate
    .amount_bought = Amount bought
    .apr = APR
    .bought = Bought
    .borrowing_base = Borrowing base
    .client = Client
    .code = Code
    .currency = Currency
    .customer = Customer
    .days_past_due = Days past due
    .due_in = due in { $days ->
        [one] 1 day
       *[other] { $days } days
    }
    .debtor = Debtor
    .difference = Difference
    .discount_rate = Discount rate
    .due = Due
    .expected_loss = Expected loss
    .fee = Fee
    .fee_expected_case = Fee, expected case
    .figure = Figure
    .file = File
    .gross_ledger = Gross ledger
    .invoice = Invoice
    .invoices = Invoices
    .job = Job
    .key_figures = Key figures
    .line = Line
    .note = Note
    .open_balance = Open balance
    .open_invoices = Open invoices
    .rebate = Rebate
    .reserve = Reserve
    .rows = Rows
    .total = Total
    .value = Value
    .why = Why

page_header =
    .as_of = As of
    .end_of_day = { $date } (end of day),
    .date_given = the date given
    .offer = Offer
    .no_offer = none
    .valid_until = Valid until
    .policy = Policy
    .policy_version = { $name }, version { $version }
    .status = Status
    .status_issued = { $status }, issued { $time }
    .does_not_foot = The ledger does not foot
    .does_not_foot_why = The rows read and the rows accounted for differ; see the footing certificate.
    .rejected = Rejected rows.
    .rejected_why = { $rejected ->
        [one] 1 of { $rows } rows is
       *[other] { $rejected } of { $rows } rows are
    } not part of this offer; see { $link }.
    .rejected_link = why
    .date_set_aside = Date ignored.
    .date_set_aside_why = { $date } ({ $times ->
        [one] 1 occurrence
       *[other] { $times } occurrences
    }) is so far outside the ledger's other dates that it is treated as an error.
    .later = Not considered.
    .later_why = { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    } dated after the as-of date, { $face }.

page_overview =
    .title = Overview
    .table = Overview of all clients
    .parts = The offer has { $parts } parts, one for each client and currency, largest amount bought first. Amounts are in the currency of their row and are not converted.
    .rest = The { $shown } largest parts follow in detail; { $rest ->
        [one] 1 more is
       *[other] { $rest } more are
    } in this overview only. { $file } has all of them.
    .basis = Curves based on
    .notices = Notices
    .this_client = this client
    .own_history = own history
    .blended = own history and prior
    .prior = prior only
    .sums = { $parts ->
        [one] 1 part
       *[other] { $parts } parts
    } in { $currency }

# For the business owner.

page_owner =
    .lead = We offer to buy { $bought } of your { $invoices ->
        [one] 1 open invoice
       *[other] { $invoices } open invoices
    }: { $amount } of the { $gross } that your customers owe you. You can accept until { $until }.
    .nothing = We are not offering to buy any of your invoices as of { $date }.
    .nothing_yet = Nothing is paid on { $date } yet: we buy your invoices as soon as your customers confirm them, and then pay { $advance } of the amount bought at once. The fee: { $plan }. You can accept until { $until }.
    .costs_once_confirmed = Once all of them are confirmed, we expect it to cost you { $cost } (APR { $apr }) if every customer pays on its expected date.
    .nothing_stays = There is no advance and nothing to pay. What your customers owe you ({ $gross } on { $invoices ->
        [one] 1 open invoice
       *[other] { $invoices } open invoices
    }) stays yours; the reasons are below.
    .now = You receive at purchase (figured for { $date })
    .now_rate = { $rate } of the amount bought, paid at once.
    .now_rate_less_charges = { $rate } of the amount bought, paid at once, less charges of { $charges }.
    .later = You can expect later
    .later_when = We hold back { $reserve } until your customers pay: on average around { $mean }, the last of it by about { $last }.
    .later_whenever = We hold back { $reserve } until your customers pay.
    .costs = Cost if every customer pays on its expected date
    .costs_apr = APR { $apr }; { $share } of the amount bought.
    .adds_up = { $now } now + { $later } later + { $fee } fee = { $bought } bought. These are expectations: the fee and what you receive later depend on when your customers pay.
    .fee_above_reserve = We expect the fee to be larger than the reserve: the advance of { $advance } and the fee of { $fee } exceed the amount bought by { $excess }, which you would owe us.
    .not_bought = What we are not buying, and why
    .not_bought_item = { $amount } on { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }: { $why }.
    .not_bought_stays = { $already_bought ->
        [yes] Except for those we have already bought, these
       *[no] These
    } invoices stay yours. They are listed under { $link }.
    .conditions = This offer is subject to { $warranties ->
        [one] 1 warranty
       *[other] { $warranties } warranties
    } that you would give: see { $link }.

page_menu =
    .title = Choose how much you want at once
    .table = Offers to choose from
    .offer = Offer
    .at_once = You receive at once
    .cost = Expected cost
    .later = You receive later
    .note = The first row is the offer on this page. The smaller the advance, the lower the fee in money; the APR may be higher, because the fee is spread over less cash. Before the discount rate is rounded up, every choice earns us the same return on the money we put in. The discount rate is the first rate of the fee: { $fee_plan }.

page_cost =
    .title = What it costs if your customers pay earlier or later
    .table = Cost by the day on which customers pay
    .fee = Our fee is { $fee_plan }. We take it first from what we hold back.
    .after = Your customers all pay after
    .days = { $days ->
        [one] 1 day
       *[other] { $days } days
    }
    .fee_share = Fee, share of amount bought
    .later = You receive later
    .in_total = You receive in total
    .chart = APR by the day on which your customers pay
    .chart_measure = APR if all customers pay on that day
    .chart_day = Day { $days }
    .note = Days count from the purchase on { $date }. "In total" is what you receive at once and later together. The APR is the annual rate of the fee on what you receive at once (simple, 365 days).
    .note_owed = A negative amount is what you would owe us.
    .note_bought_back = Invoices that you would have had to buy back before that day are treated as paid on that day.

page_recourse =
    .title = What happens if a customer does not pay
    .full = You buy the invoice back (full recourse).
    .full_terms = If an invoice is still unpaid { $when }, you repay its advance plus the fee accrued to that day. The invoice is then yours again.
    .none = We take the loss (non-recourse).
    .none_terms = If an invoice is still unpaid { $when } because of the customer's insolvency, you keep the advance and do not buy the invoice back. We do not pay out what we held back on it. Whatever a customer disputes, or receives a credit for, comes back to you.
    .modified = We take the loss for approved customers (modified recourse).
    .modified_terms = If an invoice to a customer that we have approved, within its limit, is still unpaid { $when } because of the customer's insolvency, you keep the advance. You buy back every other unpaid invoice and pay the fee accrued to that day.
    .example = Example.
    .example_bought = The largest invoice in this offer is { $invoice } to { $customer }, due { $due }. We buy { $bought } of it and pay you { $advance }.
    .example_full = If it is still unpaid on { $date }, you buy it back for { $repaid }: the advance of { $advance } and a fee of { $fee } for { $days ->
        [one] 1 day
       *[other] { $days } days
    } (APR { $apr }).
    .example_none = If it is still unpaid on { $date } because of the customer's insolvency, you keep the { $advance } and the loss is ours.

page_disclosures =
    .title = Disclosures
    .note = Disclosures required by state law. Please read them before you accept.
    .note_apr = The state disclosures can show a different APR and finance charge because their rules assume payment on the due date; ours assumes payment on the date we expect.
    .heading = { $heading } ({ $state })
    .above_limit = The offer is above the amount up to which { $law } applies.
    .item = Item
    .this_offer = This offer
    .meaning = What it means
    .rule = Rule
    .signature = Recipient's signature ________________________  Date ____________

# For the underwriter.

page_figures =
    .of_gross = { $share } of the gross ledger
    .of_bought = { $share } of the amount bought
    .of_advance = { $share } of the advance
    .gross_is_zero = the gross ledger is zero
    .bought_is_zero = the amount bought is zero
    .advance_is_zero = the advance is zero
    .open_invoices = { $invoices ->
        [one] 1 open invoice
       *[other] { $invoices } open invoices
    }
    .bought = { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }, { $share }
    .past_due = Of that, past due already
    .fee = { $share }; APR { $apr }
    .rebate = Rebate, expected case
    .rebate_is = amount bought less advance and fee
    .expected_fee = Expected fee
    .expected_fee_is = weighted by the probabilities of the collection curves; the APR of { $apr } is that of the expected case
    .advance_rate_is = at most { $cap }, less one point for each point of dilution above { $threshold }
    .shortfall = Probability that dilution and fee exceed the reserve
    .shortfall_is = over all invoices bought together
    .return = Return on funds employed
    .return_is = a year, after funding, handling, expected and unexpected loss; the policy requires { $hurdle }
    .dilution = Dilution
    .dilution_is = credits over sales that are closed or bought, trailing 12 months
    .apr_is = expected case; all repayments discounted to what is paid at once
    .yield_before = Yield before cost of funds
    .yield_before_is = a year on funds employed, after expected loss
    .yield_after = Yield after cost of funds
    .yield_after_is = cost of funds { $cost } a year, { $day_count }
    .mean_days = Mean expected days
    .mean_days_value = { $days } days
    .mean_days_is = from purchase to collection, weighted by advance
    .scoring = Scoring
    .scoring_is = { $basis }: { $paid ->
        [one] 1 paid invoice
       *[other] { $paid } paid invoices
    }, weight of own history { $weight }

page_conditions =
    .title = Conditions
    .none = None: the ledger itself answers every rule of the policy.
    .lead = The offer is subject to warranties on what the ledger does not show:
    .item = { $code } ({ $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }): { $sentence }

page_waterfall =
    .title = From the gross ledger to the advance
    .chart = Waterfall from the gross ledger to the advance, { $currency }
    .table = Waterfall from the gross ledger to the advance
    .step = Step
    .reason_code = Reason code
    .change = Change
    .left = Left

page_base =
    .receivables_on = Receivables on { $date }
    .issued = Invoices issued since
    .collected = Collected since
    .credited = Credited since
    .written_off = Written off since
    .gross = Gross receivables
    .eligible = Eligible
    .gross_availability = Gross availability, { $rate }
    .dilution_reserve = Dilution reserve
    .other_reserves = Other reserves
    .net_availability = Net availability
    .outstanding = Outstanding
    .overadvance = Overadvance
    .available = Available to draw
    .declared = The client's figures beside ours
    .client_declares = Client's figure
    .ledger_gives = Ledger's figure

page_held =
    .title = Held until confirmed
    .table = Held invoices
    .lead = { $invoices ->
        [one] 1 invoice is
       *[other] { $invoices } invoices are
    } bought once confirmed by the customer{ $wrong ->
        [0] {""}
       *[other] , { $wrong } of them because something looks wrong
    }. They count in no total of today's purchase. The amounts are those if all of them are confirmed.
    .amount = Bought once confirmed
    .advance = Advance once confirmed
    .owner_title = More once your customers confirm
    .more = Up to { $advance } { $bought ->
        [0] {""}
       *[other] more{" "}
    }when { $invoices ->
        [one] 1 invoice is
       *[other] { $invoices } invoices are
    } confirmed by your customers: we then buy { $amount } at the same price.
    .reason = { $invoices ->
        [one] 1 invoice
       *[other] { $invoices } invoices
    }, { $amount } { $currency }: { $why } ({ $numbers }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more, { $below }
    })
    .below = listed below
    .later = We ask your customers to confirm that they have received the goods or services and will pay. That cash has its own payment day, and its fee runs from that day. You need to do nothing unless a customer does not answer; it helps to tell your customers to expect our call.

page_queue =
    .title = Confirm with the customers first
    .table = Invoices to confirm
    .loss_avoided = Expected loss avoided
    .held = Held
    .yes = until confirmed
    .no = no
    .covers = Confirming all of these covers { $amount }, { $share } of what is bought now or once it is confirmed.

page_changes =
    .title = Changed invoices
    .since = Changes since earlier ledgers, the last of { $previous }
    .what = Change
    .replaces = in place of { $number }
    .debtors = before: { $before }
    .amount = { $face }, open { $open }
    .dates_before = Dated, due before
    .dates_now = Dated, due now
    .dates = { $dated }, { $due }
    .amount_before = Amount before
    .amount_now = Amount now

page_ageing =
    .title = Ageing by due date
    .chart = Open balance by days past due, { $currency }
    .share_of_total = Share of total

page_concentration =
    .title = Concentration: { $debtors ->
        [one] the only debtor
       *[other] the { $debtors } largest debtors
    }
    .id = Id
    .gross = Gross
    .share_of_gross = Share of gross
    .bar = 0 to 100 %
    .past_due_share = Past-due share
    .past_due_over = Share over { $days ->
        [one] 1 day
       *[other] { $days } days
    } past due
    .above_limit = Above limit
    .limits = The policy buys at most { $limit } of { $denominator ->
        [gross_ledger] the gross ledger
        [fixpoint] what the limit itself leaves
       *[eligible_before_cap] the eligible ledger before the cap
    } from one debtor. The share past due is of the debtor's gross balance.

page_collections =
    .title = Expected collections
    .chart = Expected collections by days past due today, % of the open balance
    .chart_days = Days after { $date }
    .chart_measure = Share collected
    .age = Days past due today
    .within = Within { $days } days
    .note = Share of today's open balance that is expected to be collected in cash by each day, weighted by amount, over all open invoices, bought or not.

page_not_bought =
    .title = Invoices not bought, or bought in part
    .none = None: every open invoice is bought in full.
    .table = Invoices not bought in full, largest first
    .open = Open
    .not_bought = Not bought
    .decision = Decision
    .reason = Reason
    .change = What would change it
    .also_fails = Would also fail
    .bought = bought
    .held = held until confirmed
    .in_part = in part
    .excluded = excluded

page_bought =
    .title = Invoices bought
    .table = Invoices bought, largest first
    .note = Fee, APR and rebate apply if the invoice is collected on its expected date.
    .expected = Expected
    .within_30 = Collected within 30 days
    .within_60 = 60 days
    .within_90 = 90 days

# The proof of the ledger.

page_ledger =
    .rejected = Rejected rows
    .no_rejects = None: every row of the ledger was read.
    .by_code = Rejects by code
    .column = Column
    .message = Message
    .certificate = Footing certificate
    .foots = The ledger foots:
    .foots_why = every row read is accounted for exactly once.
    .does_not_foot = The ledger does not foot:
    .does_not_foot_why = the rows below do not add up to the rows read.
    .places = Where the rows went
    .place = Place
    .rows_read = Rows read
    .totals = Control totals by currency
    .totals_note = Over every row of the files, whatever its date. Amount column = face less credit notes and payments in rows of their own, plus rejected.
    .face = Face
    .credit_notes = Credit notes
    .credit_note_amount = Credit note amount
    .payments = Payments
    .credits = Credits
    .write_offs = Write-offs
    .adjustments = Adjustments
    .unapplied = Unapplied
    .open = Open
    .rejected_amount = Rejected
    .amount_column = Amount column
    .files = Files
    .files_table = Files of the ledger
    .layout = Layout
    .bytes = Bytes
    .sha256 = SHA-256
    .columns_ignored = Columns not read
    .windows_1252 = Rows read as Windows-1252
    .no_columns = none

page_assumptions =
    .title = Assumptions where the ledger is silent
    .none = No row needed an assumption.

page_reading =
    .warnings = Warnings
    .readings = How the files were read
    .checks = Totals stated in the files
    .check_agrees = The only one agrees with its rows.
    .checks_agree = All { $checks } agree with their rows.
    .checks_differ = { $failing ->
        [one] 1 of { $checks } differs
       *[other] { $failing } of { $checks } differ
    } from the rows; the offer is based on the rows.
    .table = Totals that differ
    .sum = Total
    .of = Of
    .file_says = File says
    .rows_add_up = Rows add up to

page_provenance =
    .policy = Policy { $name }, version { $version }, in full
    .policy_cut = ... offer.json has the rest.
    .title = Provenance
    .engine = Engine
    .format = Offer format
    .as_of = As of
    .as_of_why = { $date }, { $reason }
    .policy_sha256 = Policy SHA-256
    .files = Ledger files
    .files_count = { $files }, with their SHA-256 under Files
    .facility_sha256 = Facility SHA-256
    .previous_files = Earlier ledgers
    .previous_file = { $name }, { $rows ->
        [one] 1 row
       *[other] { $rows } rows
    }, SHA-256 { $hash }
    .confirmations = Confirmations
    .answers = { $name }, { $answers ->
        [one] 1 answer
       *[other] { $answers } answers
    }, SHA-256 { $hash }
    .selection_seed = Seed of the random selection
    .dates_set_aside = Dates ignored
    .note = The offer follows from the inputs listed here and the as-of date. Its figures are based on the ledger as supplied; customers confirmed only the invoices that say so.
    .disclosures = The state disclosures are prepared by rule; have counsel check them before use.

# The offer as a workbook.
offer_workbook =
    .title = Purchase offer as of { $as_of }
    .offer = Purchase offer
    .invoices = Invoices
    .valid_until = As of { $as_of }, valid until { $until }.
    .no_offer = As of { $as_of }, nothing is offered.
    .units = Amounts are in major units of each currency. The offer is shown as it was made, without later decisions.
    .totals = What is bought, and at what price
    .menu = Offers to choose from
    .lines = Every open invoice
