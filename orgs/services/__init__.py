"""Writes of the organization's floor. Each is one transaction with its line in the journal."""
