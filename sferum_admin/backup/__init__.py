"""A copy of the whole installation in one file, and an installation from such a file."""
