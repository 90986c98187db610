# The page of a backtest.

page_backtest =
    .title = Backtest of the scoring model
    .no_outcome = No outcome is known yet.
    .better = The model forecasts payment better than { $other }.
    .worse = The model does worse than { $other } on this ledger.
    .undecided = This ledger has too few outcomes to show whether the model does better than { $other }.
    .base_rate = the base rate
    .own_curve = the debtor's own Kaplan-Meier curve
    .accuracy = Its forecast payment date misses by { $days } days on average; { $coverage } of outcomes fell inside its 80 % range.
    .method = What was done
    .method_is = At the end of each of these days, the origins, everything that came later was set aside, the model was trained on the rest, and every invoice then open was scored: { $scores ->
        [one] 1 score
       *[other] { $scores } scores
    }. They are compared with what happened until { $until }.
    .origin = { $origin }: { $model }
    .rejected = { $rows ->
        [one] 1 row of the ledger was
       *[other] { $rows } rows of the ledger were
    } rejected.
    .brier = Brier
    .log_loss = Log-loss
    .ece = ECE
    .auc = AUC
    .days_off = Days off
    .within_range = Within 80 % range
    .cash_off = 30-day cash off
    .scores = Scores
    .kaplan_meier = Debtor's Kaplan-Meier curve
    .debtor_average = Debtor's average days late
    .the_base_rate = Base rate
    .model = The model
    .compared = Compared with simple forecasts
    .compared_note = Means over the horizons of 7, 14, 30, 60 and 90 days. Lower is better, except for AUC; 80 % of the outcomes should lie within the 80 % range. Days off: mean distance between the predicted median day and the day of payment. 30-day cash off: mean distance between the cash expected and the cash collected within 30 days, as a share of the cash collected.
    .forecast = Forecast
    .width = Width, days
    .fit = How well the forecasts fit
    .differences_note = Differences with 95 % intervals from resampling debtors; below zero, the model is better.
    .differences = Differences
    .model_less = Model less
    .horizons = By horizon
    .horizons_note = A slope of 1 and an intercept of 0 are ideal; a slope below 1 means overconfidence.
    .horizons_table = The model by horizon
    .within = Within
    .known = Known
    .collected = Collected
    .slope = Calibration slope
    .intercept = Intercept
    .days = { $days } days
    .reliability = Reliability
    .reliability_note = Each point stands for about a tenth of the scores; on the diagonal, as many were paid as predicted. The lines are 95 % intervals that treat invoices as independent.
    .within_days = Within { $days } days
    .chart = Paid within { $days } days
    .cash = Cash in the next 30 days
    .cash_note = For the invoices open at each origin: the cash expected, the open balance of those then closed mainly by payment, and the cash paid on all of them, part payments included.
    .cash_table = Collections within 30 days
    .from = From
    .open = Open
    .expected = Expected
    .by_kaplan_meier = By Kaplan-Meier
    .paid = Paid
    .expected_of_paid = Expected, % of paid
    .slices = Where it fits and where it does not
    .slices_table = The model by slice
    .slice = Slice
    .of = Of
    .brier_kaplan_meier = Brier, Kaplan-Meier
    .less_kaplan_meier = Model less Kaplan-Meier, 95 %
