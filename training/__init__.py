"""How the learnt parts of extraction are made: see README.md."""
