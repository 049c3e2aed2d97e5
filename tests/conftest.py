"""For all tests."""

from zvonok.garbage import keep_what_is_loaded


def pytest_collection_finish() -> None:
    """A full collection of what thousands of tests are made of takes half a second, in the middle of any of them."""
    keep_what_is_loaded()
