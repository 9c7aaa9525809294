"""Measures what the project promises; run with `make bench DATA=folder`."""
