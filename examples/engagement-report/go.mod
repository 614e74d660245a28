module engagement-report

go 1.26
