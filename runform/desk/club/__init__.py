"""The club's picture of its athletes: who waits, who has not filmed, what changed, how a squad stands."""
