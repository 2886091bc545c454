"""What became of an athlete's numbers from FormCheck to FormCheck."""
