"""One chart definition, three hands: ECharts on the page, Typst on paper, Excel's own charts in the workbook.

House rules: bars lie and begin at zero, the value stands at their end, the mean is dashed, the red line solid and labelled; at
most six colours, each with a look of its own that a grey print keeps; no pie, no gauge, nothing in three dimensions.
"""
