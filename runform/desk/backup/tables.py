"""The database as lines of text, the same from SQLite and from PostgreSQL: a line per table, then one per row."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Field, Model

# Whoever finds a backup must not be logged in by it.
LEFT_OUT = {"sessions.session"}
# Made anew by every migration, and no data of anybody.
OF_DJANGO = {"contenttypes.contenttype", "auth.permission"}
ROWS_AT_ONCE = 1000


def tables(registry: Apps) -> list[type[Model]]:
    models = registry.get_models(include_auto_created=True)
    return [
        one for one in models if one._meta.managed and not one._meta.proxy and one._meta.label_lower not in LEFT_OUT
    ]


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside stands as it was at the beginning, while others go on writing."""
    if connection.vendor == "sqlite":
        # Not by `atomic`, which would keep all others from writing.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def dump(registry: Apps, target: IO[str]) -> dict[str, int]:
    """Write every row of every table; how many there were of each."""
    n_rows = {}
    for model in tables(registry):
        label, columns = model._meta.label_lower, [field.attname for field in _fields(model)]
        target.write(json.dumps({"table": label, "columns": columns}) + "\n")
        n_rows[label] = 0
        for row in model._base_manager.order_by("pk").values_list(*columns).iterator(ROWS_AT_ONCE):
            target.write(json.dumps(row, default=_text, ensure_ascii=False) + "\n")
            n_rows[label] += 1
    return n_rows


def load(registry: Apps, lines: Iterable[str]) -> None:
    """Write all rows back.  Tables refer to each other: that is checked at the end, when the transaction ends."""
    rows: list[list[Any]] = []
    insert, fields = "", []
    with transaction.atomic(), connection.cursor() as cursor:
        for line in lines:
            said = json.loads(line)
            if isinstance(said, dict) or len(rows) >= ROWS_AT_ONCE:
                _write(cursor, insert, rows)
            if isinstance(said, dict):
                model = registry.get_model(said["table"])
                fields = [model._meta.get_field(name) for name in said["columns"]]
                insert = _insert(model, fields)
            else:
                rows.append([_stored(field, value) for field, value in zip(fields, said, strict=True)])
        _write(cursor, insert, rows)
        for sql in connection.ops.sequence_reset_sql(no_style(), tables(registry)):
            cursor.execute(sql)


def has_data(registry: Apps) -> bool:
    there = set(connection.introspection.table_names())
    models = [one for one in tables(registry) if one._meta.db_table in there]
    return any(one._base_manager.exists() for one in models if one._meta.label_lower not in OF_DJANGO)


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _insert(model: type[Model], fields: list[Any]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"


def _write(cursor: Any, insert: str, rows: list[list[Any]]) -> None:
    if rows:
        cursor.executemany(insert, rows)
    rows.clear()


def _stored(field: "Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(field.to_python(value), connection)


def _text(value: Any) -> str:
    """What JSON has no word for, as the field of its column reads it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(f"A backup does not know how to keep {type(value)}.")
