"""Pages of links, and the door for guests."""
