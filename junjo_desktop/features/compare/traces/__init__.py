"""Two traces side by side, or one beside the median of its name."""
