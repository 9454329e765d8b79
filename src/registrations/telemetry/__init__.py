"""Logs, metrics and traces for operators. Of what clients send, they have names and numbers only."""
