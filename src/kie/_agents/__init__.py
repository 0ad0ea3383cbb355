"""Agents: nine tools by which AI agents use an account, and a server that asks before it spends."""
