"""What people do in the school, one file per area: load, ask `may()`, let the domain decide, save.

Called by signaling and by the product's commands with an open store and the clock's reading. No HTTP words,
no SQL words.
"""
