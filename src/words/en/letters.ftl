# Statements of account and payment reminders that a client sends to a debtor. "You" is the debtor,
# "we" the client.

letter =
    .balance = Our records show an open balance of { $open } { $currency } on your account with { $client } as of { $date }. Of this, { $past_due } { $currency } is past due; the oldest unpaid invoice was due on { $since }.
    .subject = { $title }, { $date }
    .number = Invoice
    .issued = Issued
    .due = Due
    .late = Days past due
    .open = Open balance
    .open_in = Open balance, { $currency }
    .disputed = { $number } (disputed)
    .credits = Less credits not yet applied to invoices
    .total = Total

# The next step of the worklist, each with the title of its letter and what it asks for.

letter_apply_credit =
    .title = Statement of account
    .ask = You have credits that cover the amount past due. Please tell us which invoices to apply them to.
letter_dispute =
    .title = Statement of account: disputed invoices
    .ask = You have disputed one or more of the invoices below. Please send us your reasons and any supporting documents so that we can resolve the dispute, and pay any undisputed amount that is past due.
letter_reminder =
    .title = Statement of account and payment reminder
    .ask = You may have overlooked this. Please send your payment or tell us when to expect it. If your payment is already on its way, please disregard this letter.
letter_call =
    .title = Second payment reminder
    .ask = We have not yet received your payment and will call you in the next few days. Please reply with the date on which you will pay.
letter_hold =
    .title = Past-due account: credit hold
    .ask = Until the past-due amount is paid, we will ship only on a cash-in-advance basis.
letter_legal =
    .title = Final demand
    .ask = If we do not receive the past-due amount within ten days, we will refer the account for collection without further notice.
