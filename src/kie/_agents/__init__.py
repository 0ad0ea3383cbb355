"""Agents: what programs that think may do with an account: nine tools, and a server that asks before it spends."""
