"""What passing to the next school year would do (ORG-9): reads only."""
