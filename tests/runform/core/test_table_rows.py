from django.utils.html import format_html

from runform.core.templatetags.runform import table_rows


def test_every_cell_of_a_table_is_escaped_and_the_first_is_its_head() -> None:
    link = format_html('<a href="{}">{}</a>', "/x/", "1 May")
    assert table_rows([(link, "2°", "<b>3"), ("second", "–", "")]) == (
        '<tr><th scope="row"><a href="/x/">1 May</a></th><td>2°</td><td>&lt;b&gt;3</td></tr>'
        '<tr><th scope="row">second</th><td>–</td><td></td></tr>'
    )
