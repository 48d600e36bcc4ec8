"""The cases of our own vector files, one module for each subject."""
