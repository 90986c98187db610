# The written policy outside its rules, which are in rules.ftl.

policy =
    .section_eligibility = What we buy
    .section_advance = How much we advance
    .section_fee = What we charge
    .section_recourse = Who bears unpaid invoices
    .section_offer = How we make an offer

    .advance_cap = We advance at most { $cap } of what we buy, less one point for every point of dilution above { $threshold } over the last 12 months.
    .advance_reserve = Up to that, we advance the most, in steps of { $step }, at which dilution and fees exceed the reserve with a probability of at most { $tolerance } over all invoices bought, customers' dilution being correlated at { $correlation }. { no_feasible_terms.policy }
    .advance_shortfall = Beyond the { $confidence } confidence level, dilution, fees and credit losses exceed the reserve by at most { $limit } of what we buy, on average.

    .fee_listed = The fee is { $plan }.
    .fee_solved = The fee takes the form of { $plan }; its rates are solved for each offer.
    .price = We quote the lowest rate from { $lowest } to { $highest }, in steps of { $step }, at which the expected return on funds employed reaches { $hurdle } a year. That return is after funding at { $funding } ({ $day_count }), { $handling } for handling each invoice, expected losses, and { $capital } a year on the capital that covers a one-in-{ $years }-year loss.
    .menu = The client may choose a lower advance, down to { $lowest }, at the price that gives us the same return.
    .charge = { $per ->
        [funding] { $amount } is charged on every advance and deducted from it
        [invoice] { $amount } is charged for every invoice
        [month] { $amount } is charged every month
       *[occurrence] { $amount } is charged for each occurrence
    }: { $event }.

    .recourse = { $kind ->
        [non_recourse] We bear the loss on an invoice that is unpaid { $days } days after its due date because the customer is insolvent; disputed and credited amounts go back to the client.
        [modified] We bear the loss on an invoice that is unpaid { $days } days after its due date because a customer we approved is insolvent, up to its limit; everything else goes back to the client.
       *[full] The client buys back every invoice that is unpaid { $days } days after its due date, with the fee to that day.
    }
    .loss = { $credit } of what is not collected counts as credit loss. We assume that the client fails to buy back with a probability of { $default }, correlated with its customers at { $correlation }. Of what we bear, { $lost } is lost, unless the ledger's own write-offs show otherwise.

    .valid = An offer can be accepted for { $days ->
        [1] 1 day
       *[more] { $days } days
    }.
    .override = Buying an invoice of more than { $limit } against the rules needs a second person's approval.
    .verification = Before buying, we confirm up to { $most } invoices with their customers: first all of { $from } or more, then those where it saves the most. We assume that { $invalid } of invoices are not valid, and { $factor } times that for customers with almost no payment history.
    .disclosure = An offer carries the disclosures of { $jurisdictions }; the reserve { $reserve ->
        [returned] is not
       *[charged] is
    } part of the finance charge.
