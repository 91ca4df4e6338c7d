"""Pictures as a browser makes them (PNG, 8 bits a channel, not interlaced): as much of the format
as it takes to look at their pixels, and to make them smaller.
Source: "Portable Network Graphics (PNG) Specification", 2nd edition, W3C.
"""
import collections
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}  # by colour type: RGB, RGBA


def chunks(data):
    if data[:8] != SIGNATURE:
        raise ValueError("no PNG")
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at:at + 4])
        yield data[at + 4:at + 8], data[at + 8:at + 8 + length]
        at += 12 + length


def paeth(a, b, c):
    """The predictor of that name: of left, above and above left the nearest to a + b - c."""
    by_a, by_b, by_c = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    if by_a <= by_b and by_a <= by_c:
        return a
    return b if by_b <= by_c else c


def unfiltered(kind, line, above, step):
    for i, value in enumerate(line):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (value + left) & 255
        elif kind == 2:
            line[i] = (value + above[i]) & 255
        elif kind == 3:
            line[i] = (value + (left + above[i]) // 2) & 255
        elif kind == 4:
            line[i] = (value + paeth(left, above[i], corner)) & 255
    return line


class Picture:
    """Rows of pixels, `step` bytes each."""

    def __init__(self, width, rows, step):
        self.width = width
        self.height = len(rows)
        self.rows = rows
        self.step = step

    def at(self, x, y):
        return tuple(self.rows[y][x * self.step:x * self.step + 3])

    def colors(self):
        """Each with how many pixels have it."""
        return collections.Counter(bytes(row[i:i + 3]) for row in self.rows
                                   for i in range(0, len(row), self.step))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def write(picture):
    """The picture as RGB without filters, which for flat colours is smallest."""
    raw = bytearray()
    for row in picture.rows:
        raw.append(0)
        for i in range(0, len(row), picture.step):
            raw += row[i:i + 3]
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    return (SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(raw), 9)) +
            chunk(b"IEND", b""))


def read(data):
    parts = list(chunks(data))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise ValueError("a PNG of another form")
    step = CHANNELS[kind]
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    rows = []
    above = bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        line = bytearray(raw[start + 1:start + 1 + width * step])
        above = unfiltered(raw[start], line, above, step)
        rows.append(above)
    return Picture(width, rows, step)
