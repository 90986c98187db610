# The report on a portfolio, read by the risk manager of the factor. One message for each section:
#   .title   its heading
#   .note_*  what it answers, and by which conventions
#   .table_* the title of a table
#   .chart_* the title of a chart, its axes and its labels

portfolio_page =
    .title = Portfolio report as of { $date }
    .workbook = Portfolio as of { $date }
    .lead = { $clients ->
        [one] 1 client
       *[other] { $clients } clients
    }, { $invoices ->
        [one] 1 open invoice
       *[other] { $invoices } open invoices
    }. { $match_rule }
    .failures = These ledgers could not be used and are excluded from every figure below:
    .failure = { $client }: { $reason }
    .contents = Contents
    .no_rows = None.
    .cut = { $shown } of { $all } rows are shown; portfolio.json has all of them.
    .total = Total

portfolio_overview =
    .title = Overview
    .note_units = Amounts are in major units of each currency.
    .note_order = What to look at first is grouped by type. Within each type, the entry with the most at stake comes first: the excess or, for an early warning, the client's funds in use.{ $compared ->
        [converted] {" "}Amounts are compared in { $currency }.
        [shares] {" "}No exchange rates were given, so each amount is compared as a share of the open balance in its currency.
       *[as_they_are] {""}
    }
    .table_figures = Key figures
    .table_compared = Compared with { $date }; both columns use today's facilities and funds in use
    .table_first = What to look at first
    .unread = The ledger could not be read
    .overadvance = Overadvanced by { $over } { $currency }
    .warning = { $signal }: { $value }; the warning starts at { $threshold }
    .limit_exceeded = { $debtor } exceeds its limit of { $limit } { $currency } by { $excess } { $currency }
    .contributor = The debtor that contributes most to the shortfall at 99 %: { $part } { $currency }
    .worst = Largest exposure: { $debtor }, { $past_due } { $currency } past due, the oldest for { $days ->
        [one] 1 day
       *[other] { $days } days
    }; next step: { $step }
    .others = Others
    .more_overadvances = { $count ->
        [one] 1 more overadvance
       *[other] { $count } more overadvances
    }, with less at stake
    .more_warnings = { $count ->
        [one] 1 more warning
       *[other] { $count } more warnings
    }, with less at stake
    .more_limits = { $count ->
        [one] 1 more limit exceeded
       *[other] { $count } more limits exceeded
    }, by less

# The next step with a debtor, after "next step:".
portfolio_step =
    .apply_credit = apply its credits
    .dispute = resolve the dispute
    .reminder = send a reminder
    .call = call the debtor
    .hold = put further credit on hold
    .legal = refer the account for legal collection

portfolio_ageing =
    .title = Ageing
    .note_buckets = Open balance of invoices by bucket. An invoice due on the as-of date is not past due. Unapplied credits and cash are shown separately and deducted from the net.
    .note_checked = Checked: the total of the ageing, the gross of the borrowing bases, the total of the concentration and the closing balance of the roll-forwards { $agree ->
        [yes] agree to the cent
       *[no] DO NOT AGREE
    } in every currency.
    .note_converted = The total across currencies is converted at { $rates }.
    .rate = 1 { $from } = { $rate } { $to } ({ $date })
    .table_due_date = By days past due
    .table_invoice_date = By days since the invoice date
    .table_trend = By days past due at the last 13 month-ends, reconstructed from the settlements
    .table_converted = All currencies combined
    .chart_title = Open balance by days past due, { $currency }
    .chart_across = Month-end
    .chart_measure = Open balance

portfolio_turnover =
    .title = Turnover
    .note_dso = DSO: open invoices / sales of the last 90 days x 90. Count-back: whole months of sales are deducted from the balance, newest first. True DSO: the sum of age x open balance / sales of its month, invoice by invoice. Best possible DSO: the DSO of what is not past due; average days delinquent is the difference between the two.
    .note_collection = Collection effectiveness: (opening + sales - closing) / (opening + sales - closing not past due), over the last month. Turnover: sales of 12 months / average of opening and closing balance. Days late: of the invoices collected in the month, weighted by face; negative means early, and invoices that were mostly credited are left out. DSO and turnover are blank where the ledger does not go back far enough.
    .table_now = As of now
    .table_trend = At the last 13 month-ends
    .chart_title = Days sales outstanding, { $currency }
    .chart_across = Month-end
    .chart_measure = Time
    .chart_dso = DSO
    .chart_countback = Count-back
    .chart_best = Best possible
    .chart_late = Days late

portfolio_dilution =
    .title = Dilution
    .note_rate = Rate: non-cash credits over the sales of the last 12 months, rounded up to a basis point. Write-offs are credit losses and are shown separately. Monthly ratio: the credits of a month over the sales of the month before.
    .note_lag = Lag: days from issue to the first credit, weighted by amount. In the pipeline: average daily credits x lag, with the lag capped at 90 days.
    .table_clients = Dilution by client, last 12 months
    .table_months = Dilution by month
    .table_debtors = Debtors with the most credits on invoices of the last 12 months
    .chart_title = Dilution ratio by month, { $currency }
    .chart_across = Month-end
    .chart_measure = Credits over sales of the month before
    .chart_ratio = Ratio

portfolio_concentration =
    .title = Concentration
    .note_shares = { $match_rule } Shares are of the open balance in each currency.
    .note_index = Herfindahl index: the sum of the squared shares. Its inverse, the effective number, is how many debtors of equal size would be as concentrated.
    .table_summary = Measures of concentration
    .table_debtors = Largest debtors across clients
    .table_groups = Largest debtor groups across clients
    .table_limits = Use of debtor limits, the most used first
    .chart_title = Largest debtors by share of the open balance in { $currency }
    .chart_measure = Share of the open balance

portfolio_borrowing_base =
    .title = Borrowing base
    .note_none = No client is overadvanced.
    .note_over = Overadvanced: { $clients }.
    .note_base = Eligible: under each client's policy. Available to draw: net availability or the line, whichever is less, less the outstanding balance. A negative amount is an overadvance.
    .table_clients = Borrowing base by client
    .table_roll_forward = Roll-forward: opening + sales - collections - credits - write-offs = closing

portfolio_provisions =
    .title = Expected loss and provisions
    .note_client = The client's view: trade receivables under the simplified approach (IFRS 9 B5.5.35), gross of funding. The balance of each bucket is multiplied by the share of what reached that bucket in the ledger's own history and was never paid. Beside it is the figure of the collection curves: what is not collected by the day of recourse x the policy's share of credit loss.
    .note_factor = The factor's view: funds in use x probability of default before collection x loss given default; with recourse, only where the client fails as well. Dilution and disputes are not credit losses and are shown separately.
    .note_no_default = No debtor on any ledger defaulted in { $years ->
        [one] 1 debtor-year
       *[other] { $years } debtor-years
    }. The default rate is therefore the policy's prior, lowered by that experience.
    .note_defaults = { $defaults ->
        [one] 1 debtor
       *[other] { $defaults } debtors
    } defaulted in { $years ->
        [one] 1 debtor-year
       *[other] { $years } debtor-years
    }. Blended with the policy's prior, that is a default rate of { $rate } a year across all clients; each client's own rate is blended with that.
    .table_clients = Expected loss by client
    .table_matrix = Provision matrix from each ledger's own history

portfolio_loss =
    .title = Loss distribution
    .note_model = Debtors default together through one common factor. Clients, which buy back under recourse, depend on the same factor. Where a client fails, dilution beyond its reserve is lost as well; in a slow month the factor's own money is tied up a month longer. Values at risk and shortfalls are for the funds in use until they are collected, in major units, each with one standard error of the simulation.
    .note_closed = Asymptotic: the 99.9 % quantile of an infinitely granular book in which no client buys back (Vasicek 2002). With granularity: the same plus the add-on for a small number of names (Gordy and Luetkebohmert 2013). A factor's book has few names: rely on the simulation.
    .table_measures = Loss on the funds in use
    .table_closed = Closed forms at 99.9 %, without recourse
    .table_debtors = Debtors by contribution to the shortfall at 99 % (Gaussian, Euler)
    .table_clients = Clients by contribution to the shortfall at 99 %, including dilution
    .chart_losses = Loss that is not exceeded with a given probability, { $currency }
    .chart_probability = Probability, %
    .chart_loss = Loss
    .chart_debtors = Debtors by contribution to the shortfall at 99 %, { $currency }
    .chart_part = Contribution to the shortfall

portfolio_cash =
    .title = Cash forecast
    .note_weeks = Collections on the invoices that are open now, week by week; invoices yet to be issued are not included. The bands are meant to hold 8 of 10 weeks: every invoice follows its own curve, and a week's payments vary together as they did after past month-ends.
    .table_weeks = Collections by week, in major units
    .table_swing = How far collections varied together, beyond single invoices, at earlier month-ends
    .table_past = Weeks after earlier month-ends: what the curves of that day and today's calendar expected, and what was collected
    .chart_title = Collections by week, { $currency }
    .chart_across = Week
    .chart_measure = Collected in the week
    .chart_expected = Expected
    .chart_band = 8 of 10 weeks

portfolio_stress =
    .title = Stress
    .note_scenarios = Each scenario beside the book as it is: what clients may still draw, what they have drawn above their borrowing bases, the expected loss on the funds in use, and collections. A debtor that fails pays nothing and drops out of the base. A debtor that pays later moves its invoices past the policy's past-due limit. More dilution raises the reserve and lowers collections. Concentration limits are not applied again. Under recourse the client buys back what its debtors do not pay, so a failing debtor costs only what the client cannot make good: the funds on that debtor x the client's own probability of default x the loss given default. A client without a facility is taken to be drawn up to its base.
    .table_scenarios = Scenarios, in major units
    .chart_title = Expected loss by scenario, { $currency }
    .chart_measure = Expected loss

portfolio_collections =
    .title = Collections
    .note_steps = Next step: reminder up to 14 days past due, call up to 45, hold further credit up to 90, legal beyond that; dispute where most of the past-due balance is disputed; apply credit where unapplied credits cover the past-due balance.
    .note_rates = Roll rate: of the balance in a bucket at a month-end, the part that is in the next bucket a month later, over 13 months. Vintage: the share of a month's invoices that was collected by the end of that month and of each month after it.
    .table_worklist = Worklist: whom to contact first, by what is past due and not expected within 4 weeks
    .table_rolls = Roll rates
    .table_vintages = Vintages: share collected, by months after the month of issue
    .by_month = By month { $age }
    .chart_title = Vintages: share collected, by months after issue, { $currency }
    .chart_across = Month of issue
    .chart_measure = Collected, of what was issued

portfolio_warnings =
    .title = Early warning
    .note_warned = { $warned ->
        [0] No signal has reached its threshold.
        [one] 1 signal has reached its threshold.
       *[other] { $warned } signals have reached their thresholds.
    } A warning is a reason to look into a client, never a reason to decline; the thresholds are our own.
    .table_signals = Signals, warnings first
    .table_history = Signals at or above their threshold, at earlier month-ends

portfolio_capital =
    .title = Reserves and capital
    .note_reserve = Dynamic reserve, as in trade-receivables purchase agreements: max(loss + dilution, floor) + yield + servicing, as shares of the eligible receivables. Default ratio: the defaults of a month over the sales of the month four months earlier; the highest 3-month average of the last 9 months counts. Dilution ratio: credits over the sales of the month before. Blank where a ledger does not go back 13 months. For a single client, a few credits or defaults can make the reserve larger than the pool: by this formula such a pool supports no advance.
    .note_capital = Regulatory capital: the internal-ratings function for corporates (CRE31) on purchased receivables (CRE34), with a maturity of one year. Default: funds in use, the client's annual default rate and the policy's loss given default. Dilution: eligible receivables, their annual dilution rate as PD and a loss of 100 %.
    .table_reserves = Dynamic reserve by client
    .table_capital = Regulatory capital by client

portfolio_limits =
    .title = Credit limits
    .note_scale = Suggested limit: what a debtor's purchases of a year need at its actual days to pay, plus a quarter. A debtor that pays more than 5 days late gets three quarters of that, more than 15 days half, and more than 30 days a quarter: slow is not unsound. One that has paid nothing yet gets half, and one that is insolvent or in default nothing. Where the limit is halved or less, the suggested terms are at most 30 days. The scale is our own and a starting point for the credit officer.
    .table_limits = Suggested limits, the largest balances first

# The measure of each early-warning signal.
portfolio_signal =
    .turnover_jump = Month's sales ÷ the prior six-month average
    .dso_drift = DSO ÷ its average of the prior six months
    .credits_up_collections_down = Credit ratio ÷ its six-month average, while collections fell
    .ageing_shift = Share more than 60 days past due, change over six months
    .new_debtors = Share of sales to debtors first invoiced in the last 90 days
    .paid_later = Days late of the month, less the average of the prior six months
    .fully_drawn = Funds in use ÷ line

# The scenarios that are always run.
portfolio_scenario =
    .as_it_is = As it is
    .debtor_fails = The largest debtor fails: { $debtor }
    .largest_fails = The largest debtor fails
    .sector_slower = Debtors of the { $sector } sector pay 15 days later
    .all_slower = All debtors pay 15 days later
    .dilution_doubles = Dilution doubles
    .worst_quarter = Customers pay as slowly as in the client's worst quarter
    .bad_year = A bad year: three times the defaults, twice the dilution, 15 days later

# Said for every debtor: [1], not [one], because plural rules sit behind a lock.
portfolio_limit =
    .reasons = It buys { $sales } a year; { $behaviour ->
        [insolvent] it is insolvent
        [default] it is in default
        [unpaid] it has paid nothing yet
        [prompt] it pays by the due date
       *[late] it pays { $late ->
            [1] 1 day
           *[more] { $late } days
        } late
    }{ $limit ->
        [exceeded] ; its open balance is above its present limit
       *[kept] {""}
    }.
