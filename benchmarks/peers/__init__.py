"""The Python libraries that do the same job, each in an environment made for it, doing the same command."""
