from odoo.tools import SQL


def within(table, top):
    """SQL: a row of one table is the row of another, or below it in the tree.

    `LIKE` knows no index where what it looks for comes from a row; these operators use the one of
    `utility.tree.mixin` in whatever order the database sorts texts.

    :param table, top: names in the query of two tables that have a `parent_path`
    """
    path, begin = SQL.identifier(table, "parent_path"), SQL.identifier(top, "parent_path")
    # of the characters of a path the slash comes before all digits, the colon after them
    return SQL("(%s ~>=~ %s AND %s ~<~ (%s || ':'))", path, begin, path, begin)
