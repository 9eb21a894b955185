"""The chapters of the journey, each an example of one thing that an app does."""
