"""Tests of the product: configuration, command line, supervisor, demo school, doctor."""
