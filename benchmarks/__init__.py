"""One script per question. Each prints its figures; `--markdown` gives the table that README.md holds."""
