"""What a mechanism declares: parameters with their evidence, states, channels, axes, its step."""
