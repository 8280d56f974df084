"""Data, training and peers of the faithfulness scorer."""
