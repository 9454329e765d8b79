"""Importing files of what the v5 REST API returned."""
