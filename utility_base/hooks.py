"""What the database needs before the first table is made."""


def pre_init_hook(env):
    """Extensions behind exclusion constraints and search indexes: without btree_gist the
    installation would only log an error and leave the tables unguarded."""
    for extension in ("btree_gist", "pg_trgm", "unaccent"):
        env.cr.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    # as Odoo's own database creation does: an index may only use an immutable function
    env.cr.execute("ALTER FUNCTION unaccent(text) IMMUTABLE")
