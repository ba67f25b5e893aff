# SPDX-License-Identifier: GPL-2.0
"""Elements of HTML. What is no element yet is text, and escaped."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# A cell of a table, or whatever else stands in an element.
Content = str


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(content: Content) -> str:
    """Text as HTML."""
    return content if isinstance(content, Html) else html.escape(content)


def join(parts: Iterable[Content], separator: str = "\n") -> Html:
    """Several, one after the other."""
    return Html(separator.join(map(escaped, parts)))


def element(name: str, *content: Content, **attributes: str) -> Html:
    """An element. An underscore at the end of an attribute's name is for Python only."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{written}>{join(content, '')}</{name}>")


class Section(NamedTuple):
    """A section, which the list of contents leads to."""

    identifier: str
    heading: str
    body: Html

    def html(self) -> Html:
        """As an element."""
        title = f"{self.identifier}-title"
        body = join((element("h2", self.heading, id=title), self.body))
        return element("section", body, id=self.identifier, aria_labelledby=title)


def section(identifier: str, heading: str, *content: Content) -> Section:
    """A section of several parts."""
    return Section(identifier, heading, join(content))


def paragraph(*content: Content, **attributes: str) -> Html:
    """A paragraph."""
    return element("p", *content, **attributes)


def moment(text: str) -> Html:
    """A time as recordings have it, in one piece."""
    return element("time", text.replace("T", " ").replace("Z", " UTC"), datetime=text)


def details(summary: Content, *content: Content, **attributes: str) -> Html:
    """What most readers do not want to see at once."""
    return element("details", element("summary", summary), *content, **attributes)


def facts(rows: Iterable[tuple[str, Content]]) -> Html:
    """Names and values."""
    return element(
        "dl",
        join(
            element("div", element("dt", name), element("dd", value))
            for name, value in rows
            if value
        ),
    )


def is_number(text: str) -> bool:
    """Whether a cell stands on the right."""
    return text[:1].isdigit() or text in ("-", "")


def table(caption: str, rows: Sequence[dict[str, str]], **of_caption: str) -> Html:
    """A table with a row for each, in a box that scrolls where it is too wide."""
    headings = list(rows[0])
    right = {name for name in headings if all(is_number(row[name]) for row in rows)}

    def cell(name: str, text: str) -> Html:
        side = "number" if name in right else "text"
        if name == headings[0]:
            return element("th", text, scope="row", class_=side)
        return element("td", text, class_=side)

    head = element(
        "tr",
        *(
            element("th", name, scope="col", class_="number" if name in right else "text")
            for name in headings
        ),
    )
    body = join(element("tr", *(cell(name, row[name]) for name in headings)) for row in rows)
    whole = element(
        "table",
        element("caption", caption, **of_caption),
        element("thead", head),
        element("tbody", body),
    )
    # A keyboard has to be able to scroll it, too.
    return element("div", whole, class_="wide", role="region", aria_label=caption, tabindex="0")
