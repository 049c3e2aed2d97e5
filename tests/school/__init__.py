"""Tests of the school: the domain as a specification, the use cases on a real database."""
