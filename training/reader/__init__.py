"""Trains the reader that marks the words which answer: `python -m training.reader FOLDER`."""
