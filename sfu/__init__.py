"""Process 2: media. Knows participants as opaque ids; what may flow is told by signaling (sfu/messages.py)."""
