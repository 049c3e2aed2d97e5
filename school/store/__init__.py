"""The only SQL of Zvonok: tables, migrations, and rows turned into the school's own types.

The use cases open a `Store` and read or write through it; they see domain types only. Signaling and the
product open and close it. Nothing here decides anything.
"""

from school.store.database import Store, StoreError, Transaction

__all__ = ["Store", "StoreError", "Transaction"]
