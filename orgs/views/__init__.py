"""Pages of an organization: what is read comes from selectors, what is written goes through services."""
