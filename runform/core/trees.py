"""Deleting files for good, and knowing how many they were."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.storage import default_storage


@dataclass
class Weight:
    """What has been removed so far."""

    n_files: int = 0
    n_bytes: int = 0

    def remove(self, name: str) -> None:
        """Once: a file that is gone already weighs nothing."""
        try:
            n_bytes = default_storage.size(name)
        except FileNotFoundError:
            return
        default_storage.delete(name)
        self.n_files += 1
        self.n_bytes += n_bytes


def file_names(folder: str = "") -> Iterator[str]:
    """All that the storage holds."""
    folders, names = _listdir(folder)
    start = f"{folder}/" if folder else ""
    yield from (start + name for name in names)
    for inner in folders:
        yield from file_names(start + inner)


def remove_trees(codes: list[str], weight: Weight, keep: Collection[str] = ()) -> None:
    """All folders of that name one or two steps below the root: ``clips/<athlete>``, ``clips/<athlete>/<clip>``,
    ``reports/<clip>``, ``uploads/<athlete>``, and whatever a later part keeps by person or by clip.  Not the files
    ``keep``: they lie there and are somebody else's.
    """
    wanted = set(codes)
    for kind in _listdir("")[0]:
        for name in _listdir(kind)[0]:
            path = f"{kind}/{name}"
            if name in wanted:
                _remove_tree(path, weight, keep)
                continue
            for inner in wanted & set(_listdir(path)[0]):
                _remove_tree(f"{path}/{inner}", weight, keep)


def _remove_tree(path: str, weight: Weight, keep: Collection[str]) -> None:
    folders, files = _listdir(path)
    for name in files:
        if f"{path}/{name}" not in keep:
            weight.remove(f"{path}/{name}")
    for name in folders:
        _remove_tree(f"{path}/{name}", weight, keep)
    # A local storage keeps empty folders, and their names say whose they were; elsewhere there are none.
    with suppress(OSError):
        default_storage.delete(path)


def _listdir(path: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(path)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)
