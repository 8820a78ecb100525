"""Reads of the organization's floor: what an actor may see. Invisible is 404."""
