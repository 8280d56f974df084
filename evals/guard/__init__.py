"""Fitting the guard."""
