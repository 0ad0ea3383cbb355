"""Durable batches: nothing is lost, nothing is sent twice, whatever is killed when."""
