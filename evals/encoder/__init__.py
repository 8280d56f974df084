"""Fits the adapter of the default embedding model."""
