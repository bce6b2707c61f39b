"""Speed beside named peers: every figure is a ratio taken in the same run, on the same machine."""
