"""Everything of a person as one zip: a JSON file for each kind of thing, and all videos, pictures and recordings."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.core.storage import CHUNK_BYTES
from runform.desk.rights.everything import Everything, everything_of
from runform.reports.exports.bundle import Entry, zip_parts

# Keys are nobody's data: hashes of the password and of tokens, and what signs the calls of a webhook.
LEFT_OUT = {"password", "secret", "token_sha256"}
# What is somebody else's in a row that this person began: who filmed an athlete may see them no more.
ABOUT_OTHERS = {"note", "shoes", "pain", "pain_areas", "pain_level", "pain_signs", "corrections", "marks", "user_text"}


def takeout(person: User) -> Iterator[bytes]:
    """All questions to the database are asked here, before the first byte is sent."""
    names = dict(User.objects.values_list("pk", "name"))
    return zip_parts(_entries(person, everything_of(person), names))


def _entries(person: User, everything: Everything, names: dict[int, str]) -> Iterator[Entry]:
    yield Entry("README.txt", [_readme(person).encode()])
    kept_back = {"data": LEFT_OUT, "written": LEFT_OUT | ABOUT_OTHERS}
    for folder, found in (("data", everything.own), ("written", everything.authored)):
        for model, rows in found.items():
            content = [_row(row, names, kept_back[folder]) for row in rows]
            text = json.dumps(content, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
            yield Entry(f"{folder}/{model._meta.label_lower}.json", [text.encode()])
    for name in everything.files():
        if default_storage.exists(name):
            yield Entry(f"files/{name}", _parts(name))


def _parts(name: str) -> Iterator[bytes]:
    with default_storage.open(name, "rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _row(row: Model, names: dict[int, str], kept_back: set[str]) -> dict[str, Any]:
    """People by name, other rows by their number in their own file."""
    said: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in kept_back:
            continue
        value = getattr(row, field.attname)
        if isinstance(field, FileField):
            value = f"files/{value.name}" if value else ""
        elif field.remote_field and field.related_model is User and value is not None:
            value = names.get(value)
        said[field.name] = value
    return said


def _readme(person: User) -> str:
    return _(
        "Everything that RunForm keeps about %(name)s (%(email)s).\n\n"
        "data/     one file for each kind of thing, as JSON\n"
        "written/  what you wrote about others\n"
        "files/    your videos as you uploaded them, pictures, recordings, and the analysis as it was made\n"
    ) % {"name": person.name, "email": person.email}
