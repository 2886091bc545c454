"""The club over a season, to print: counts and groups, and nobody by name."""
