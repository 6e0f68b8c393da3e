"""What D1 allows of SQLite: its limits, and what it does not authorize.

The limits are those of developers.cloudflare.com/d1/platform/limits. The others, and everything that is not
authorized, were observed in Cloudflare's local runtime (miniflare 5.20261117, workerd 1.20261117).
"""

from __future__ import annotations

import sqlite3

MAX_VALUE_BYTES = 2_000_000  # a string, a BLOB or a row; miniflare does not enforce it
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_VALUE_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
}
PRAGMAS = frozenset(
    {
        "case_sensitive_like",
        "data_version",
        "defer_foreign_keys",
        "foreign_key_check",
        "foreign_key_list",
        "foreign_keys",
        "ignore_check_constraints",
        "index_info",
        "index_list",
        "index_xinfo",
        "legacy_alter_table",
        "optimize",
        "page_size",
        "quick_check",
        "recursive_triggers",
        "reverse_unordered_selects",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
DENIED_FUNCTIONS = frozenset(
    {
        "ceiling",
        "load_extension",
        "log10",
        "power",
        "sqlite_compileoption_get",
        "sqlite_compileoption_used",
        "sqlite_log",
        "sqlite_source_id",
        "sqlite_version",
        "subtype",
    }
)
DENIED_ACTIONS = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
    }
)
ALWAYS_ALLOWED = frozenset({sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT})
RESERVED_PREFIX = "_cf_"  # the runtime's own tables
# How the message begins. It goes on about Durable Objects, on which D1 is built.
NO_TRANSACTIONS = (
    "To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() "
    "APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT statements."
)


class Authorizer:
    """Decides which actions of a statement SQLite may take, when it prepares the statement.

    `denial` is what D1 says about an action that it has denied, if that is not what SQLite says. While
    `trusting`, everything is allowed.
    """

    def __init__(self) -> None:
        self.denial: str | None = None
        self.trusting = False

    def __call__(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        """SQLite's authorizer callback; what the names mean depends on the action."""
        if self.trusting or action in ALWAYS_ALLOWED:
            return sqlite3.SQLITE_OK
        if action in (sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT):
            self.denial = NO_TRANSACTIONS
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY if _is_denied(action, first or "", second or "") else sqlite3.SQLITE_OK


def _is_denied(action: int, first: str, second: str) -> bool:
    if action == sqlite3.SQLITE_PRAGMA:
        return first.lower() not in PRAGMAS
    if action == sqlite3.SQLITE_FUNCTION:
        return second.lower() in DENIED_FUNCTIONS
    if action == sqlite3.SQLITE_CREATE_TABLE:
        return first.lower().startswith(RESERVED_PREFIX)
    return action in DENIED_ACTIONS
