"""Fits the cross-encoder that reads a text and a claim together."""
