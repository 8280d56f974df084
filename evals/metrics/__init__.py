"""One formula a function, over plain values; each names its source."""
