"""Tables as an Excel workbook: cached values read by calamine, plain cells written by xlsxwriter."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, Final

import python_calamine

from landport.errors import InputError, Problem
from landport.exchange.caps import Caps
from landport.exchange.faults import Faults, Scanner, by_sheet, whole_cells
from landport.exchange.live import CONTROL, rearm
from landport.exchange.text import Rows, Unreadable, check_size

EXCEL_ROWS: Final = 1_048_576
"""Rows of a sheet, the header included."""

_CHUNK: Final = 1 << 20
_TAG: Final = 1 << 18
_OLE2: Final = (
    "expected an Excel file (.xlsx) without a password; this one has a password, which you can take away in Excel, "
    "or is an old .xls file, which you can save as .xlsx"
)
_SEEN: Final = 50
"""First rows of a sheet that tell how wide its columns must be."""

_WIDEST: Final = 60
_FAR: Final = re.compile(
    rb"""\sr\s*=\s*["'](?:[B-Zb-z][A-Za-z]|[A-Za-z]{3}|[A-Za-z]?[A-Za-z]?(?!10[0-4]\d{4}["'])\d{7})"""
)
# A cell right of column AZ or below row 1,049,999: calamine lays sheets out as full rectangles, so one such cell in
# a small file would take more memory than any machine has.


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook.

    Parameters
    ----------
    faults
        By sheet: cells that calamine shows as empty though they hold an error or an uncomputed formula.
    """

    sheets: python_calamine.CalamineWorkbook
    faults: Mapping[str, Faults]


def open_workbook(path: Path, caps: Caps) -> Book:
    """Open an .xlsx file whose parts keep within the caps.

    Notes
    -----
    Every part is unpacked once, in pieces, before calamine sees the file: sizes that the archive only claims are
    not believed, and each part's checksum is checked. O(unpacked bytes), constant memory.

    Raises
    ------
    Unreadable
        No such file, not an .xlsx file, damaged, encrypted, or beyond a cap.
    """
    size = check_size(path, caps)
    if _is_ole2(path):
        raise _refused(path.name, _OLE2)
    try:
        with zipfile.ZipFile(path) as archive:
            faults = _check_archive(archive, path.name, size, caps)
        return Book(python_calamine.load_workbook(path), faults)
    except zipfile.BadZipFile as error:
        raise _refused(path.name, f"expected an Excel file (.xlsx); it is none, or cut off ({error})") from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refused(path.name, f"expected an Excel file (.xlsx); {error}") from error
    except python_calamine.CalamineError as error:
        raise _refused(path.name, f"expected an Excel file (.xlsx) without a password; {error}") from error


def _is_ole2(path: Path) -> bool:
    """Tell whether a file is what Excel makes of a workbook with a password, and made of any before 2007."""
    with path.open("rb") as file:
        return file.read(4) == b"\xd0\xcf\x11\xe0"


def sheet_rows(book: Book, sheet: str, file: str, problems: list[Problem], caps: Caps) -> Rows:
    """Stream the rows of a sheet as text; `file` is what messages call it.

    Raises
    ------
    Unreadable
        The sheet is empty or damaged.
    """
    try:
        found = book.sheets.get_sheet_by_name(sheet)
    except python_calamine.CalamineError as error:
        raise _refused(file, f"expected a sheet of cells; {error}") from error
    if not found.height:
        raise _refused(file, "expected a table; the sheet is empty")
    n_rows = (found.end or (0, 0))[0]
    if n_rows > caps.rows:
        raise _refused(file, f"expected at most {caps.rows:,} rows; there are {n_rows:,}")
    return Rows(_rows(found, file, problems), book.faults.get(sheet))


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[str | int | float]]]) -> None:
    """Write sheets row by row: numbers as numbers, everything else as plain text.

    Raises
    ------
    InputError
        `too-many-rows`: a table is longer than a sheet can be. `text-too-long`: a text is longer than a cell can be.

    Notes
    -----
    The header stays in sight, and columns are as wide as their first rows. Nothing becomes a formula or a link. Rows
    go straight to a temporary file (constant memory). The same content gives the same bytes: the workbook is dated
    2000-01-01.
    """
    import xlsxwriter.exceptions  # it takes a quarter of a second, which readers need not wait for

    with tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as scratch:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": scratch,
        }
        book = xlsxwriter.Workbook(str(path), options)
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        bold = book.add_format({"bold": True})
        try:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                _write_rows(sheet, name, rows, bold)
            book.close()
        except xlsxwriter.exceptions.XlsxFileError as error:
            raise OSError(str(error)) from error
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # xlsxwriter leaves them open when it is interrupted


def _write_rows(sheet: Any, name: str, rows: Iterable[Sequence[str | int | float]], bold: Any) -> None:
    rows = iter(rows)
    first = list(islice(rows, _SEEN))
    for c, cells in enumerate(zip_longest(*first, fillvalue="")):
        sheet.set_column(c, c, min(_WIDEST, 2 + max(len(str(cell)) for cell in cells)))
    for r, row in enumerate(chain(first, rows)):
        if r >= EXCEL_ROWS:
            expected = f"an Excel sheet holds {EXCEL_ROWS - 1:,} rows; write a folder of CSV files instead"
            raise InputError("too-many-rows", f"{name}: {expected}", (name,))
        _write_row(sheet, r, row, None if r else bold)


def _write_row(sheet: Any, r: int, row: Sequence[str | int | float], style: Any) -> None:
    for c, cell in enumerate(row):
        if isinstance(cell, str):
            if cell and sheet.write_string(r, c, cell, style):
                expected = "an Excel cell holds 32,767 characters; write a folder of CSV files instead"
                raise InputError("text-too-long", f"{cell[:40]!r} ... is too long: {expected}")
        else:
            sheet.write_number(r, c, cell, style)


def _rows(sheet: python_calamine.CalamineSheet, file: str, problems: list[Problem]) -> Iterator[Sequence[object]]:
    pad = [""] * (sheet.start or (0, 0))[1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells: list[object] = [*pad, *row] if pad else list(row)
        for c, cell in enumerate(cells):
            if type(cell) is str and cell:
                if CONTROL.search(cell):
                    problems.append(Problem(file=file, row=number, expected="expected text without control characters"))
                    cell = CONTROL.sub("", cell)
                cells[c] = rearm(cell) if cell[:1] == "'" else cell
        yield cells


def _check_archive(archive: zipfile.ZipFile, file: str, size: int, caps: Caps) -> dict[str, Faults]:
    parts = archive.infolist()
    if len(parts) > caps.entries:
        raise _refused(file, f"expected at most {caps.entries:,} parts in an Excel file; there are {len(parts):,}")
    claimed = sum(part.file_size for part in parts)
    if claimed > min(caps.unzipped_bytes, caps.ratio * size):
        most = f"{caps.unzipped_bytes:,} bytes unpacked and {caps.ratio} times its packed size"
        raise _refused(file, f"expected at most {most}; it claims {claimed:,} bytes")
    if "xl/workbook.xml" not in archive.namelist():
        raise _refused(file, "expected an Excel file (.xlsx); this is another kind of archive")
    found = {part.filename: _check_part(archive, part, file) for part in parts}
    return by_sheet(archive, {name: faults for name, faults in found.items() if faults})


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> Faults:
    is_sheet = "sheet" in part.filename.lower()
    scanner = Scanner()
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_sheet:
                continue
            data = tail + chunk
            if _FAR.search(data):
                raise _refused(file, "expected no cells right of column AZ or below Excel's last row")
            scanner.look(data)
            tail = data[whole_cells(data) :]
            if len(tail) > _TAG:
                raise _refused(file, f"expected cells of at most {_TAG:,} bytes")
    return scanner.found


def _refused(file: str, expected: str) -> Unreadable:
    return Unreadable(Problem(file=file, expected=expected))
