"""`python -m zvonok`: the same as the command `zvonok`; the supervisor starts the processes this way."""

from zvonok.cli import main

main()
