"""Live rooms: the WebSocket protocol, its sessions and the one task per room."""
