"""Everything that there is of a person.

One answer to two questions: what they get when they ask for their data, and what goes when they ask for deletion.
It is read off the database's own relations, so that a new table is in it from its first day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model
from django.db.models.deletion import Collector

# JSON columns that hold names of files.
LISTS = {("clips.upload", "parts"), ("reports.rendering", "pictures")}


@dataclass(frozen=True)
class Everything:
    """``own``: rows that stand and fall with the person (or the clip) asked for.  ``authored``: rows about others that
    they wrote, which stay without their name.
    """

    own: dict[type[Model], list[Model]]
    authored: dict[type[Model], list[Model]]

    def files(self) -> Iterator[str]:
        """Names in the storage, each once: the versions of a report share the copy of their clip."""
        rows = (row for found in self.own.values() for row in found)
        yield from dict.fromkeys(name for row in rows for name in files_of(row))

    @property
    def n_rows(self) -> dict[str, int]:
        return {model._meta.label_lower: len(rows) for model, rows in self.own.items() if rows}


def everything_of(*things: Model) -> Everything:
    """Follows what the database would delete with them, and what it would leave nameless."""
    collector = Collector(using="default", origin=things[0])
    collector.collect(list(things))
    own: dict[type[Model], dict[Any, Model]] = {}
    for model, rows in collector.data.items():
        own.setdefault(model, {}).update({row.pk: row for row in rows})
    for queryset in collector.fast_deletes:
        own.setdefault(queryset.model, {}).update({row.pk: row for row in queryset})
    authored: dict[type[Model], dict[Any, Model]] = {}
    groups: list[Any] = [group for some in collector.field_updates.values() for group in some]
    for group in groups:
        for row in group:
            if row.pk not in own.get(type(row), {}):
                authored.setdefault(type(row), {})[row.pk] = row
    return Everything(_listed(own), _listed(authored))


def files_of(row: Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, FileField) and value:
            yield str(value.name)
        elif (row._meta.label_lower, field.name) in LISTS:
            yield from value.values() if isinstance(value, dict) else value


def _listed(found: dict[type[Model], dict[Any, Model]]) -> dict[type[Model], list[Model]]:
    """In the order of the apps, oldest rows first."""
    order = {model: number for number, model in enumerate(apps.get_models(include_auto_created=True))}
    models = sorted(found, key=lambda model: order.get(model, 0))
    return {model: [found[model][pk] for pk in sorted(found[model])] for model in models}
