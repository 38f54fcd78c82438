import base64
import io
import re
import time
import zipfile
from dataclasses import dataclass, field
from itertools import groupby

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_path
from odoo.tools.pdf import PdfFileReader, merge_pdf

from ..engine.drawing import Drawer, FontMissing, load

# the face that Odoo's own documents come with, and Debian's fonts-dejavu-core for what it lacks
FACES = {
    "regular": (
        "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    ),
    "bold": (
        "web/static/fonts/google/Open_Sans/Open_Sans-Bold.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    ),
}


@dataclass
class Made:
    """What printing came to.

    :param files: [(name, bytes)]
    :param pages: of each bill
    :param reported: bills that went through a view of their own, and the seconds of that
    """

    files: list = field(default_factory=list)
    pages: list = field(default_factory=list)
    reported: int = 0
    reported_seconds: float = 0.0


class BillPrinting(models.AbstractModel):
    """Bills as PDF, many at a time: standard layouts are drawn directly, a layout with a view of
    its own goes through Odoo's report."""

    _name = "utility.bill.printing"
    _description = "Printing of Bills"

    @api.model
    def _fonts(self):
        """
        :raise UserError: the server has no font for bills
        """
        try:
            return load(*(_found(paths) for paths in FACES.values()))
        except FontMissing:
            raise UserError(
                self.env._(
                    "The server has no font to draw bills with. Ask the administrator to install "
                    "the package fonts-dejavu-core."
                )
            ) from None

    def _drawer(self, company, title):
        logo = company.logo_web
        return Drawer(self._fonts(), title, base64.b64decode(logo) if logo else None)

    @api.model
    def _reported_moves(self, moves):
        """Of the bills, those whose layout has a view that users have changed."""
        # how a bill looks is decided by its payer, whoever prints it
        layouts = self.env["utility.bill.layout"].sudo()
        changed = layouts.search([]).filtered("is_changed")
        if not changed or not moves:
            return moves.browse()
        copies = self.env["utility.bill.copy"].sudo()._current(moves)
        found = {move_id: copy.layout_id for move_id, copy in copies.items()}
        new = moves.filtered(lambda move: move.id not in found)
        langs = self.env["utility.bill.document"]._langs(new)
        services = self._services_of(new)
        found |= layouts._layouts_for(
            [(move.id, move, langs[move.id], services.get(move.id, set())) for move in new]
        )
        return moves.filtered(lambda move: found[move.id] in changed)

    def _services_of(self, moves):
        """{bill: ids of its services}"""
        return {
            move.id: set(services.ids)
            for move, services in self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("move_id", "in", moves.ids), ("utility_service_id", "!=", False)],
                ["move_id"],
                ["utility_service_id:recordset"],
            )
        }

    @api.model
    def _as_one(self, moves, title):
        """All bills in one PDF, in the order of `moves`."""
        made = Made()
        for is_drawn, pairs in self._by_way(moves):
            if is_drawn:
                drawer = self._drawer(pairs[0][0].company_id, title)
                made.pages += [drawer.add(content) for _move, content in pairs]
                made.files.append((title, drawer.finish()))
            else:
                self._report(pairs, made)
        pdfs = [pdf for _name, pdf in made.files]
        made.files = [(title, merge_pdf(pdfs) if len(pdfs) > 1 else pdfs[0])]
        return made

    @api.model
    def _as_many(self, moves):
        """A PDF a bill, named by its number; in the order of `moves`."""
        made = Made()
        for is_drawn, pairs in self._by_way(moves):
            if not is_drawn:
                self._report(pairs, made)
                continue
            for move, content in pairs:
                drawer = self._drawer(move.company_id, move.name)
                made.pages.append(drawer.add(content))
                made.files.append((move.name, drawer.finish()))
        return made

    @api.model
    def _as_zip(self, moves):
        """A PDF a bill, all in one archive, numbered so that they stay in the order of `moves`."""
        made = self._as_many(moves)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for number, (name, pdf) in enumerate(made.files, 1):
                entry = zipfile.ZipInfo(f"{number:05}_{file_name(name)}.pdf")
                archive.writestr(entry, pdf)
        made.files = [("", target.getvalue())]
        return made

    def _by_way(self, moves):
        """[(whether they are drawn, [(bill, content)])], neighbours together. Bills say what they
        said when they were first handed out; those that were not are kept from now on."""
        kept = self.env["utility.bill.document"]._kept_with_layouts(moves)
        rows = zip(moves, kept, strict=True)
        # pylint: disable-next=bad-builtin-groupby
        for is_changed, group in groupby(rows, lambda row: bool(row[1][1].is_changed)):
            yield not is_changed, [(move, content) for move, (content, _layout) in group]

    def _report(self, pairs, made):
        """Bills through the views that users have changed."""
        begun = time.perf_counter()
        moves = self.env["account.move"].union(*(move for move, _content in pairs))
        pdfs = self.env["utility.bill.document"]._pdf(moves)
        for move in moves:
            pdf = pdfs[move.id]
            made.files.append((move.name, pdf))
            made.pages.append(PdfFileReader(io.BytesIO(pdf), strict=False).numPages)
        made.reported += len(moves)
        made.reported_seconds += time.perf_counter() - begun


def file_name(number):
    """A bill's number as the name of a file."""
    return re.sub(r"[^\w.-]+", "-", number).strip("-")


def _found(paths):
    """The paths of files, where a part of Odoo has them."""
    return [path if path.startswith("/") else _in_odoo(path) for path in paths]


def _in_odoo(path):
    try:
        return file_path(path)
    except FileNotFoundError:
        return path
