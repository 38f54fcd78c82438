"""What the database needs before the first table is made."""


def pre_init_hook(env):
    """Extensions behind exclusion constraints and search indexes: without btree_gist the
    installation would only log an error and leave the tables unguarded."""
    for extension in ("btree_gist", "pg_trgm", "unaccent"):
        env.cr.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    # as Odoo's own database creation does: an index may only use an immutable function; who does
    # not own the function leaves it, and searches without that index
    env.cr.execute("""
        DO $$ BEGIN
            ALTER FUNCTION unaccent(text) IMMUTABLE;
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END $$
    """)
