"""Shape and wording of what is typed on the organization's pages."""
