"""A run as a page to look at, as JSON, and as JUnit XML."""
