# Axes and descriptions of charts, on every page. A description is read out to a reader who does not
# see the chart.

chart =
    .amount = { $measure }, { $scale ->
        [billions] billion { $currency }
        [millions] million { $currency }
        [thousands] thousand { $currency }
       *[units] { $currency }
    }
    .percent = { $measure }, %
    .percent_a_year = { $measure }, % a year
    .days = { $measure }, days
    .bars = { $measure }: { $bars }.
    .axes = { $up }; { $across }.
    .line = { $label }: { $first } at { $from }, { $last } at { $to }.
    .column = { $place }: { $parts }.
    .part = { $label } { $value }
    .observed = Observed
    .predicted = Predicted, %
    .bin = { $predicted } % predicted, { $observed } % observed
