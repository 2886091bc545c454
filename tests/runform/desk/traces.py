"""Looks for words everywhere: in every column of every table, in names of files and folders, and in files."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


def cells() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for column, value in zip(cursor.description, row, strict=True):
                    yield f"{table}.{column[0]}", str(value)


def traces(*words: str) -> list[str]:
    """Where any of the words still stands: in the database, in names of files and folders, in files."""
    found = [place for place, text in cells() if any(word in text for word in words)]
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if any(word in str(path) for word in words) or (
            path.is_file() and any(word.encode() in path.read_bytes() for word in words)
        ):
            found.append(str(path))
    return found
