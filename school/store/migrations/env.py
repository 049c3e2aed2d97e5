"""Alembic's entry: runs the migrations on the connection that `school.store.migrating` hands over."""

from alembic import context

from school.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
