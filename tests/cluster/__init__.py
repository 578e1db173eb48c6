"""Several machines on one: the drill that ``make cluster`` runs, and only it."""
