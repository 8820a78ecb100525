"""The kinds of long work of this app."""
