"""Gaps in line with pieces: what is found agrees with every single line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.consolidate.voids import voids
from landport.model.plans import CargoBlock
from tests.consolidate.cargo import kind

KIND = kind(inside=(12, 8, 8))


def block(x, y, z, dx, dy, dz, nx=1, ny=1, nz=1, item_id="I"):
    return CargoBlock(item_id=item_id, x_mm=x, y_mm=y, z_mm=z, dx_mm=dx, dy_mm=dy, dz_mm=dz, nx=nx, ny=ny, nz=nz)


def cells(blocks):
    return {
        (x, y, z)
        for b in blocks
        for x in range(b.x_mm, b.x_mm + b.nx * b.dx_mm)
        for y in range(b.y_mm, b.y_mm + b.ny * b.dy_mm)
        for z in range(b.z_mm, b.z_mm + b.nz * b.dz_mm)
    }


@st.composite
def loads(draw):
    """Blocks that do not overlap, of one piece or of several, floating or not."""
    taken, kept = set(), []
    for _ in range(draw(st.integers(1, 6))):
        x, y, z = draw(st.tuples(st.integers(0, 11), st.integers(0, 7), st.integers(0, 7)))
        dx, dy, dz = draw(st.tuples(st.integers(1, 12 - x), st.integers(1, 8 - y), st.integers(1, 8 - z)))
        nx, ny, nz = (draw(st.integers(1, room // d)) for room, d in ((12 - x, dx), (8 - y, dy), (8 - z, dz)))
        found = block(x, y, z, dx, dy, dz, nx, ny, nz)
        if not cells([found]) & taken:
            taken |= cells([found])
            kept.append(found)
    return kept


def free(blocks, about):
    """Free length in line with every piece, by its side and height: that of the millimetre in which its middle lies."""
    axis, inside = (0, 12) if about == "length" else (1, 8)
    lines = {}
    for cell in cells(blocks):
        line = cell[1 - axis], cell[2]
        lines[line] = lines.get(line, inside) - 1
    found = {}
    for b in blocks:
        at, size, n = ((b.x_mm, b.dx_mm, b.nx), (b.y_mm, b.dy_mm, b.ny))[1 - axis]
        for k in range(n):
            for up in range(b.nz):
                a, low = at + k * size, b.z_mm + up * b.dz_mm
                found[a, a + size, low, low + b.dz_mm] = lines[a + size // 2, low + b.dz_mm // 2]
    return found


@given(loads(), st.integers(0, 11))
def test_what_is_found_agrees_with_every_line(blocks, void_mm):
    """A remark exactly where a piece has more free than allowed; its figure is the greatest, of the piece it names."""
    said = {r.about[0]: r.message for r in voids(blocks, KIND, void_mm)}
    for about in ("length", "width"):
        pieces = free(blocks, about)
        most = max(pieces.values())
        assert (about in said) == (most > void_mm)
        if about in said:
            figure, *piece = (int(n) for n in re.findall(r"\d+", said[about])[:5])
            assert figure == most == pieces[tuple(piece)]


@pytest.mark.parametrize(
    ("blocks", "abouts"),
    [
        pytest.param([], [], id="empty"),
        pytest.param([block(0, 0, 0, 3, 2, 2, 4, 4, 4)], [], id="full"),
        pytest.param([block(0, 0, 0, 3, 2, 2, 3, 4, 4)], [("length",)], id="short"),
        pytest.param([block(0, 0, 0, 3, 2, 2, 4, 2, 4)], [("width",)], id="narrow"),
        pytest.param([block(0, 0, 0, 3, 2, 2, 3, 4, 4), block(10, 0, 0, 2, 8, 8)], [], id="two gaps in sum: 1"),
        pytest.param([block(1, 0, 0, 9, 8, 8)], [("length",)], id="gaps at both ends are summed"),
        pytest.param([block(0, 0, 0, 6, 8, 7), block(6, 0, 0, 6, 8, 8)], [], id="standing out by a finger"),
        pytest.param([block(0, 0, 0, 6, 8, 3), block(6, 0, 0, 6, 8, 8)], [("length",)], id="held below its middle"),
    ],
)
def test_small_loads(blocks, abouts):
    """More than 2 mm in sum is too much."""
    found = voids(blocks, KIND, 2)
    assert [r.about for r in found] == abouts
    assert all(r.code == "void" and "dunnage bags" in r.message for r in found)


def test_thousands_of_blocks_are_compared():
    """Every piece a block of its own, all edges different: the odd one out is found."""
    big = kind(inside=(12_000, 2_300, 2_600))
    blocks = [block(4 * n, n % 7, 0, 4, 2_000, 100 + n % 13) for n in range(3_000)]
    blocks[17] = block(4 * 17, 3, 0, 4, 900, 400)
    (length, width) = voids(blocks, big, 150)
    assert "leaves 11,996 mm of its length" in length.message
    assert "leaves 1,400 mm of its width" in width.message
    assert "400 mm above the floor" in length.message
