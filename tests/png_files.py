"""Writes PNG files of every kind that the format allows, and beside each the
pixels that it shows over white. usage: png_files.py DIR

  TYPE-DEPTH[-interlaced][-transparent].png   the file
  the same name with .ppm                     what is to be seen

Transparent pixels are transparent altogether, so that no rounding matters.
"""

import pathlib
import struct
import sys
import zlib

WIDTH, HEIGHT = 21, 13		# no multiples of 8
KINDS = {"grey": (0, (1, 2, 4, 8, 16)), "rgb": (2, (8, 16)),
         "palette": (3, (1, 2, 4, 8)), "grey+alpha": (4, (8, 16)),
         "rgb+alpha": (6, (8, 16))}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
          (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data +
            struct.pack(">I", zlib.crc32(name + data)))


def sample(x, y, channel, depth):
    """Any value, other ones side by side; of 16 bits both bytes alike."""
    top = (1 << min(depth, 8)) - 1
    value = (x * 7 + y * 5 + channel * 11 + x * y) % (top + 1)
    return value * 257 if depth == 16 else value


def rows(pixels, depth):
    """The rows of a (part of an) image, packed."""
    for row in pixels:
        bits = "".join(f"{value:0{depth}b}" for pixel in row
                       for value in pixel)
        bits += "0" * (-len(bits) % 8)
        yield b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def pack(pixels, depth, interlaced):
    if not interlaced:
        return b"".join(rows(pixels, depth))
    parts = []
    for x0, y0, dx, dy in PASSES:
        part = [row[x0::dx] for row in pixels[y0::dy]]
        if part and part[0]:
            parts.extend(rows(part, depth))
    return b"".join(parts)


def palette_colour(index):
    return (index * 37 % 256, index * 101 % 256, index * 59 % 256)


def make(name, kind, depth, transparent):
    """The samples of each pixel, its colour, and the chunks before the data."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    pixels = [[[sample(x, y, c, depth) for c in range(channels)]
               for x in range(WIDTH)] for y in range(HEIGHT)]
    extra, top = b"", (1 << depth) - 1
    key = pixels[2][3]
    if kind == 3:
        count = 1 << depth
        extra += chunk(b"PLTE", b"".join(bytes(palette_colour(i))
                                         for i in range(count)))
        if transparent:
            extra += chunk(b"tRNS", bytes(255 if i != key[0] else 0
                                          for i in range(count)))
    elif transparent:
        extra += chunk(b"tRNS", b"".join(struct.pack(">H", v) for v in key))
    colours = []
    for row in pixels:
        for pixel in row:
            if kind in (4, 6):
                pixel[-1] = top if pixel[0] % 3 else 0
                hidden = pixel[-1] == 0
            else:
                hidden = transparent and pixel == key
            if kind == 3:
                colour = palette_colour(pixel[0])
            else:
                grey = kind in (0, 4)
                colour = [v * 255 // top for v in
                          (pixel[:1] * 3 if grey else pixel[:3])]
            colours.append(bytes((255,) * 3 if hidden else colour))
    return pixels, extra, b"".join(colours)


def write(where, name, kind, depth, interlaced, transparent):
    pixels, extra, colours = make(name, kind, depth, transparent)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0,
                       int(interlaced))
    data = zlib.compress(pack(pixels, depth, interlaced))
    path = where / (f"{name}-{depth}" + "-interlaced" * interlaced +
                    "-transparent" * transparent)
    path.with_suffix(".png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra +
        chunk(b"IDAT", data) + chunk(b"IEND", b""))
    path.with_suffix(".ppm").write_bytes(
        b"P6\n%d %d\n255\n" % (WIDTH, HEIGHT) + colours)


def main():
    where = pathlib.Path(sys.argv[1])
    for name, (kind, depths) in KINDS.items():
        for depth in depths:
            for interlaced in (False, True):
                for transparent in (False, True):
                    if not (transparent and kind in (4, 6)):
                        write(where, name, kind, depth, interlaced,
                              transparent)


if __name__ == "__main__":
    main()
