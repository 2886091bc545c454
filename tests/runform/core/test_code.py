import os
from pathlib import Path

from runform.core import code


def test_nothing_has_changed_until_a_file_does(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    module = tmp_path / "deep" / "module.py"
    module.write_text("x = 1\n")
    before = code.newest_change_s(tmp_path)
    (tmp_path / "deep" / "notes.txt").write_text("no code")
    assert code.newest_change_s(tmp_path) == before
    os.utime(module, (before + 5, before + 5))
    assert code.newest_change_s(tmp_path) == before + 5
