"""Words of the letters of this floor; made when they are sent."""
