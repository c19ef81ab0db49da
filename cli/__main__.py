"""`python -m cli`: the command without an installed script."""

from cli.main import main

main(prog_name="kg")
