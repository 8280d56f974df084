"""Fitting what follow-up questions are understood with."""
