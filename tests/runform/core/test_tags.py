from django.utils.html import format_html

from runform.core.templatetags.runform import piece, table_rows


def test_every_cell_of_a_table_is_escaped_and_the_first_is_its_head() -> None:
    link = format_html('<a href="{}">{}</a>', "/x/", "1 May")
    assert table_rows([(link, "2°", "<b>3"), ("second", "–", "")]) == (
        '<tr><th scope="row"><a href="/x/">1 May</a></th><td>2°</td><td>&lt;b&gt;3</td></tr>'
        '<tr><th scope="row">second</th><td>–</td><td></td></tr>'
    )


def test_a_piece_is_the_component_with_what_it_is_told() -> None:
    for status, word in (("ok", "OK"), ("flag", "Flag"), ("ok", "OK"), ("", "Not measured")):
        badge = piece("_status_badge", status=status)
        assert f"badge-status--{status or 'none'}" in badge
        assert f"{word}</span>" in badge
