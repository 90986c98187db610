# The written policy outside its rules, which are in rules.ftl.

policy =
    .section_eligibility = What we buy
    .section_advance = How much we advance
    .section_fee = What we charge
    .section_recourse = Who bears unpaid invoices
    .section_offer = How we make an offer

    .advance_cap = We advance at most { $cap } of what we buy, less one point for each point of dilution above { $threshold } over the last 12 months: credits as a share of the sales that are closed or that we buy.
    .advance_reserve = Within that cap we set the highest advance rate (in steps of { $step }) at which the probability that dilution and fee exceed the reserve is at most { $tolerance }, assuming a correlation of { $correlation } between customers' dilution. { no_feasible_terms.policy }
    .advance_shortfall = Beyond the { $confidence } confidence level, dilution, fees and credit losses exceed the reserve by at most { $limit } of what we buy, on average.

    .fee_listed = The fee is { $plan }.
    .fee_solved = The fee takes the form of { $plan }; its rates are set for each offer.
    .price = We quote the lowest rate from { $lowest } to { $highest }, in steps of { $step }, at which the expected return on funds employed reaches { $hurdle } a year. That return is after funding at { $funding } ({ $day_count }), { $handling } for handling each invoice, expected losses, and { $capital } a year on the capital that covers a one-in-{ $years }-year loss.
    .menu = The client may choose a lower advance, down to { $lowest }, at the price that gives us the same return.
    .charge = { $event }: { $per ->
        [funding] { $amount } on each advance, deducted from it
        [invoice] { $amount } for each invoice
        [month] { $amount } a month
       *[occurrence] { $amount } for each occurrence
    }.

    .recourse_when = { $days ->
        [1] 1 day
       *[more] { $days } days
    } after its due date{ $by_invoice ->
        [yes] {" "}or { $invoice_days } days after its invoice date (whichever comes first)
       *[no] {""}
    }
    .recourse = { $kind ->
        [non_recourse] We bear the loss on an invoice that is unpaid { $when } because of the customer's insolvency; disputed and credited amounts go back to the client.
        [modified] We bear the loss on an invoice to a customer we approved that is unpaid { $when } because of the customer's insolvency, up to its limit; everything else goes back to the client.
       *[full] The client buys back every invoice that is unpaid { $when }: it repays the advance plus the fee accrued to that day.
    }
    .loss = We treat { $credit } of what is not collected as credit loss and the rest as dilution or dispute. We assume that the client fails to { $kind ->
        [non_recourse] repay disputed or credited amounts
       *[full] buy back
    } with a probability of { $default }, correlated with its customers at { $correlation }. We lose { $lost } of the credit losses we bear, unless the client's own write-off history shows a different figure.

    .valid = An offer can be accepted for { $days ->
        [1] 1 day
       *[more] { $days } days
    }.
    .override = Buying an ineligible invoice of more than { $limit } requires a second approval.
    .hold = We hold an invoice, and buy it only once its customer has confirmed it, for any of these reasons: { $held }.{ $large ->
        [yes] {" "}An invoice is large from { $from } bought on.
       *[no] {""}
    }{ $new ->
        [yes] {" "}A customer is new until it has paid an invoice of { $seasoned } of its largest open one, or has confirmed one.
       *[no] {""}
    }{ $covered ->
        [yes] {" "}The share of value is { $coverage } of what we buy, the largest invoices first.
       *[no] {""}
    }{ $drawn ->
        [yes] {" "}Of the other invoices { $random } are drawn at random.
       *[no] {""}
    } A confirmation counts for { $days } days.
    .verification = Beyond what is held, we confirm up to { $most } invoices, those first where it saves the most. We assume that { $invalid } of invoices are not valid, { $factor } times that for customers with almost no payment history, { $wrong } of those that look wrong and { $confirmed } of confirmed ones; one that is not valid costs { $lost } of its advance.
    .disclosure = An offer carries the disclosures of { $jurisdictions }; the reserve { $reserve ->
        [returned] is not
       *[charged] is
    } part of the finance charge.
