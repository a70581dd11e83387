"""What decides in the model, computed for docs/decides.md: levers under an uprising, what killing
brings, and how uprisings begin and end by themselves.
"""
