"""Speed, memory and quality of kg, measured beside what a user would take instead; each table by one command."""
