"""Join what Odoo keeps apart (bodies, all headers, all footers) into one HTML page a document."""

import lxml.html
from lxml import etree

BANDS = ("header", "footer")
# Attributes of old HTML that reports still use, and the CSS that says the same.
SIZE_ATTRIBUTES = {"width": "width", "height": "height"}
SIZED_TAGS = ("img", "table", "td", "th", "col")


def parse(html):
    """:return: the root element of an HTML text (str or bytes in UTF-8)."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    data = html.encode() if isinstance(html, str) else html
    return lxml.html.document_fromstring(data, parser=parser, ensure_head_body=True)


def bands(html, kind):
    """Headers or footers in the order of the bodies they belong to.

    :param html: Odoo's page with all of them, or False
    :param kind: "header" or "footer"
    """
    if not html:
        return []
    root = parse(html)
    holders = root.xpath(f"//*[@id='minimal_layout_report_{kind}s']")
    return list(holders[0].iterchildren(tag=etree.Element)) if holders else [root.find("body")]


def assemble(body, header, footer):
    """Put a document's header and footer into its page, as running elements.

    :param body: HTML text of the document
    :param header: element or None
    :param footer: element or None
    :return: root element of a page without scripts
    """
    root = parse(body)
    # Odoo's page is zero high, which a paged layout takes at its word.
    root.attrib.pop("style", None)
    for script in list(root.iter("script")):
        script.drop_tree()
    page = root.find("body")
    for kind, band in (("footer", footer), ("header", header)):
        if band is not None:
            page.insert(0, _running(kind, band))
    return root


def _running(kind, band):
    holder = etree.Element("div", {"class": f"o_pdf_{kind}"})
    inner = etree.SubElement(holder, "div", {"class": "o_pdf_band"})
    inner.append(band)
    return holder


def running_text(root):
    """Serialized header and footer of an assembled page."""
    nodes = root.xpath("body/div[@class='o_pdf_header' or @class='o_pdf_footer']")
    return "".join(lxml.html.tostring(node, encoding="unicode") for node in nodes)


def take_stylesheets(root):
    """Remove `<link rel=stylesheet>` and `<style>` from the page.

    :return: [("url" or "text", value)] in the page's order
    """
    found = []
    for node in list(root.iter("link", "style")):
        if not _is_for_print(node):
            node.drop_tree()
        elif node.tag == "style":
            found.append(("text", node.text_content()))
            node.drop_tree()
        elif "stylesheet" in (node.get("rel") or "").lower().split():
            found.append(("url", node.get("href") or ""))
            node.drop_tree()
    return found


def _is_for_print(node):
    media = (node.get("media") or "all").lower()
    return any(word.strip() in ("all", "print") for word in media.split(","))


def hints(root):
    """CSS for the size attributes of old HTML in the page; weaker than any other rule."""
    rules = set()
    for node in root.iter(*SIZED_TAGS):
        for attribute, property_name in SIZE_ATTRIBUTES.items():
            value = (node.get(attribute) or "").strip()
            number = value.removesuffix("px").removesuffix("%")
            if number.replace(".", "", 1).isdigit():
                unit = "%" if value.endswith("%") else "px"
                selector = f':where({node.tag}[{attribute}="{value}"])'
                rules.add(f"{selector} {{ {property_name}: {number}{unit} }}")
    return "\n".join(sorted(rules))


def base_url(root):
    """The page's `<base href>`, empty if it has none."""
    node = root.find("head/base")
    return "" if node is None else node.get("href") or ""


def text(root):
    return "<!DOCTYPE html>" + lxml.html.tostring(root, encoding="unicode")
