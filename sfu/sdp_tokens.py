"""The words of an SDP offer that go into other places as they are: their characters and lengths are checked here."""

from sfu.sdp import MAX_MID_CHARS, OfferError

_LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
# The signs of an SDP token (RFC 8866 §9) without quote, percent and colon.
_TOKEN_CHARS = _LETTERS_AND_DIGITS | frozenset("-_.+!#$&*^`{}|~")
_RID_CHARS = _LETTERS_AND_DIGITS | frozenset("-_")
_ICE_CHARS = _LETTERS_AND_DIGITS | frozenset("+/-_=#")


def token(value: str, longest: int, what: str) -> str:
    """Raises OfferError, as all of these."""
    if not 0 < len(value) <= longest or not _TOKEN_CHARS.issuperset(value):
        raise OfferError(f"{what} is empty, too long or not a token")
    return value


def rid(value: str) -> str:
    """RFC 8851 §10."""
    if not 0 < len(value) <= MAX_MID_CHARS or not _RID_CHARS.issuperset(value):
        raise OfferError("a RID is empty, too long or not a token")
    return value


def ice_chars(value: str, shortest: int, longest: int) -> str:
    """A user name fragment or a password (RFC 8839 §5.4)."""
    if not shortest <= len(value) <= longest or not _ICE_CHARS.issuperset(value):
        raise OfferError("an ICE credential has the wrong length or characters")
    return value
