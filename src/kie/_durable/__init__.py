"""Durable: batches that survive their process and their machine. May import every room below, and the engine `dbos`."""
