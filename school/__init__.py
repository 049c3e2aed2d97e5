"""What is true about a school: people, classes, lessons and who may do what.

The modules beside `usecases/` and `store/` are the domain: standard library only, synchronous, no clock and
no I/O. Called by `usecases/`; nothing here knows of HTTP, WebSockets or media.
"""
