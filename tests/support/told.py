FIGURE = "figure"
"""The name of the property by which a test adds a line to what is told at the end of a run."""
