"""Process 1: people, rooms, HTTP and WebSocket. Knows the school (school/) and the media nodes' messages."""
