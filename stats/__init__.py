"""Usage statistics of an organization (STAT-1 … STAT-7): counted by day, checkable, without reading a word."""
