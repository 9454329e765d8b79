"""What the gateway tells its operators: logs, metrics, traces. Of what clients send, names and numbers only."""
