# The reasons to hold an invoice until its debtor has confirmed it, each under its code:
#   .title   its name, as the title of a line
#   .offer   why this invoice is held, for the underwriter
#   .owner   the same in plain words, after a colon: for an owner new to the trade, and for any
#            number of invoices. All that looks wrong is said in one neutral line, which accuses
#            nobody and does not tell a client which screen found its invoice.

hold_looks_wrong =
    .owner = we confirm these with your customers first

hold_re_dated =
    .title = Re-dated
    .offer = An earlier ledger shows this invoice { $of ->
        [issue] dated
       *[due] due on
    } { $first_due }, this one { $of ->
        [issue] dated
       *[due] on
    } { $due }; until the customer confirms the later date, it counts from the earlier one.
    .owner = { hold_looks_wrong.owner }
hold_reopened =
    .title = Open again
    .offer = An earlier ledger shows this invoice as closed; it is open again.
    .owner = { hold_looks_wrong.owner }
hold_backdated =
    .title = Backdated
    .offer = The invoice is dated { $issue }, before the ledger of { $previous }, which does not list it.
    .owner = { hold_looks_wrong.owner }
hold_amount_raised =
    .title = Amount raised
    .offer = An earlier ledger shows { $of ->
        [open] an open balance of
       *[amount] this invoice at
    } { $before } { $currency }, this one { $of ->
        [open] of
       *[amount] at
    } { $now }.
    .owner = { hold_looks_wrong.owner }
hold_debtor_changed =
    .title = Customer changed
    .offer = An earlier ledger shows this invoice as owed by { $debtor }.
    .owner = { hold_looks_wrong.owner }
hold_rebilled =
    .title = Billed again
    .offer = { $how ->
        [vanished] Invoice { $number }, open in an earlier ledger, is gone
       *[credited] Invoice { $number } was credited{ $dated ->
            [no] {""}
           *[yes] {" "}on { $credited }
        }
    }; this one bills the amount again with a later due date, so it counts from { $first_due } until the customer confirms it.
    .owner = { hold_looks_wrong.owner }
hold_open_and_paid =
    .title = Nearly the same as a paid invoice
    .offer = Invoice { $number } to this customer has nearly the same number and the same { $same ->
        [both] amount and date
        [date] date
       *[amount] amount
    }, and has been paid.
    .owner = { hold_looks_wrong.owner }
hold_near_duplicate =
    .title = Nearly the same as another invoice
    .offer = Invoice { $number } to this customer has nearly the same number and the same { $same ->
        [both] amount and date
        [date] date
       *[amount] amount
    }; both are bought only if both are confirmed.
    .owner = { hold_looks_wrong.owner }
hold_same_number =
    .title = Same invoice to another customer
    .offer = An invoice to { $debtor } has the same number and amount.
    .owner = { hold_looks_wrong.owner }
hold_round_amounts =
    .title = Equal round amounts
    .offer = It is one of { $count } invoices of { $amount } { $currency } dated { $issue } to a customer that has never paid an amount near it.
    .owner = { hold_looks_wrong.owner }
hold_not_delivered =
    .title = Billed before delivery
    .offer = The delivery date is { $delivered }, after { $than ->
        [as_of] the as-of date
       *[issue] the invoice date
    }.
    .owner = { hold_looks_wrong.owner }
hold_long_terms =
    .title = Longer terms than usual
    .offer = The invoice is due { $terms } days after its date; { $whose ->
        [client] 99 in 100 paid invoices of the client had terms of { $usual } days or fewer
       *[debtor] this customer's usual terms are { $usual } days
    }.
    .owner = { hold_looks_wrong.owner }
hold_new_debtor =
    .title = New customer
    .offer = The customer has not yet paid an invoice of { $least } { $currency } or more.
    .owner = the customer is new to us; one confirmed invoice of each such customer frees all of its others
hold_large =
    .title = Large invoices
    .offer = The policy asks for confirmation from { $limit } { $currency } on.
    .owner = invoices of this size are always confirmed
hold_coverage =
    .title = Share of value
    .offer = The policy asks for { $share } of the value to be confirmed, the largest invoices first.
    .owner = we confirm a share of every purchase with your customers
hold_drawn =
    .title = Drawn at random
    .offer = The invoice was drawn at random for confirmation.
    .owner = drawn at random for confirmation

# Why an invoice is in the queue although it is not held, under the same codes.
confirm =
    .large = The policy asks for confirmation from { $limit } on.
    .new_debtor = The customer's own payments say little yet about when it pays.
    .copy = { $bought ->
        [yes] It is bought already, and invoice
       *[no] Invoice
    } { $number }, which is nearly the same, waits for its confirmation: both are bought only if both are confirmed.
    .outdated = The confirmation of { $date } does not count: an earlier ledger, of a later day, shows the invoice otherwise.
    .date_assumed = One of its dates is assumed.
    .unanswered = { $days ->
        [0] The customer was asked today and has not answered.
       *[other] The customer has not answered since { $since }, { $days ->
            [1] 1 day
           *[more] { $days } days
        }.
    }
    .sample = Among the others, confirming it avoids the most loss.
