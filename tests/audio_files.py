"""Audio files built part by part, so that what their headers say and what they hold can differ."""

from __future__ import annotations

import struct

# 20 ms of Opus from a browser: CELT, one frame.
OPUS_20_MS = bytes([31 << 3]) + b"\x55" * 59
# 60 ms of the sparsest speech: SILK, one frame.
OPUS_60_MS = bytes([3 << 3]) + b"\x55" * 19
# 72 ms each: MPEG 2.5, layer III, 8 kbit/s, 8 kHz.
MP3_8_KBIT = b"\xff\xe3\x18\xc4" + bytes(68)
# 26.1 ms each: MPEG 1, layer III, 128 kbit/s, 44.1 kHz.
MP3_128_KBIT = b"\xff\xfb\x90\xc4" + bytes(413)


def wav_file(
    data: bytes,
    *,
    rate: int = 16_000,
    bits: int = 16,
    kind: int = 1,
    byte_rate: int | None = None,
    size: int = 0,
) -> bytes:
    """A WAV, mono; `size` is what its header says of the data, which may be wrong."""
    block = bits // 8
    stated = rate * block if byte_rate is None else byte_rate
    header = struct.pack("<HHIIHH", kind, 1, rate, stated, block, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(header)) + header + b"LIST\x03\x00\x00\x00odd\x00"
    data_chunk = b"data" + struct.pack("<I", size or len(data)) + data
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + chunks + data_chunk


def extensible_wav_file(data: bytes, codec: int, *, byte_rate: int) -> bytes:
    """A WAV whose format is in the extension: a GUID that begins with `codec`."""
    guid = codec.to_bytes(2, "little") + bytes.fromhex("000000001000800000aa00389b71")
    header = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 16_000, byte_rate, 2, 16, 22, 16, 0) + guid
    chunks = b"WAVEfmt " + struct.pack("<I", len(header)) + header
    return b"RIFF\xff\xff\xff\xff" + chunks + b"data" + struct.pack("<I", len(data)) + data


def ogg_file(
    packets: list[bytes], *, head: bytes = b"OpusHead\x01\x01" + bytes(9), position: int = 0
) -> bytes:
    """An Ogg with each of `packets` on a page of its own, and `position` on each."""
    return b"".join(ogg_page(packet, position) for packet in (head, b"OpusTags" + bytes(8), *packets))


def ogg_around(pages: bytes) -> bytes:
    """A page of a packet's remainder in which whole pages are hidden; its checksum is wrong."""
    full, rest = divmod(len(pages), 255)
    segments = bytes([255] * full + [rest])
    return b"OggS\x00\x01" + bytes(20) + bytes([len(segments)]) + segments + pages


def ogg_page(packet: bytes, position: int = 0, *, flags: int = 0) -> bytes:
    """One page with one packet."""
    segments = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    header = b"OggS\0" + bytes([flags]) + struct.pack("<QIII", position, 1, 0, 0)
    return header + bytes([len(segments)]) + segments + packet


def webm_file(
    packets: list[bytes],
    *,
    step: int = 20,
    duration: float | None = None,
    codec: bytes = b"A_OPUS",
    track: bytes = b"\x81",
    tracks: bytes = b"",
) -> bytes:
    """A WebM as browsers record it: of unknown size, a cluster a second, a block every `step` ms.

    `track` is the number of the track, as it stands in a block; `tracks` come after it in the header.
    """
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    stated = b"" if duration is None else element(0x4489, struct.pack(">d", duration * 1000))
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + stated)
    header = element(0x1654AE6B, element(0xAE, element(0xD7, b"\x01") + element(0x86, codec)) + tracks)
    clusters = b""
    for number, packet in enumerate(packets):
        time = number * step
        if time % 1000 < step and (step or not number):
            clusters += unsized(0x1F43B675) + element(0xE7, (time // 1000 * 1000).to_bytes(4, "big"))
        block = track + struct.pack(">h", time % 1000) + b"\x80" + packet
        clusters += element(0xA3, block) if number % 2 else element(0xA0, element(0xA1, block))
    return head + unsized(0x18538067) + info + header + clusters


def webm_around(clusters: bytes, *, in_cluster: bool) -> bytes:
    """A WebM of one packet in which `clusters` are hidden: in an element that is longer than what it is in.

    That is longer than the file, or than the cluster.
    """
    void = b"\xec\x01" + (len(clusters) + (0 if in_cluster else 1)).to_bytes(7, "big")
    if in_cluster:
        return webm_file([OPUS_20_MS]) + element(0x1F43B675, void) + clusters
    return webm_file([OPUS_20_MS]) + void + clusters


def element(number: int, content: bytes) -> bytes:
    """An element of EBML."""
    return _id(number) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def unsized(number: int) -> bytes:
    """The beginning of an element whose size is not known."""
    return _id(number) + b"\x01" + b"\xff" * 7


def _id(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def mp4_file(
    *,
    seconds: float,
    frames: int = 0,
    frame_bytes: int = 0,
    description: bytes | None = None,
    fragments: int = 0,
    timescale: int = 48_000,
    sound: bytes = bytes(300),
) -> bytes:
    """An MP4 whose header says `seconds`; `fragments` follow, with `frames` each, or none do.

    Each frame has `frame_bytes`. `description` is that of the codec, by default AAC at 48 kHz.
    """
    duration = round(seconds * timescale)
    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", timescale, duration) + bytes(80))
    mdhd = box(b"mdhd", bytes(12) + struct.pack(">II", timescale, duration) + bytes(4))
    stsd = box(b"stsd", bytes(4) + struct.pack(">I", 1) + (description or aac()))
    sizes = struct.pack(">I", frame_bytes) * frames
    stsz = box(b"stsz", bytes(11) + b"\0" if fragments else bytes(8) + struct.pack(">I", frames) + sizes)
    minf = box(b"minf", box(b"stbl", stsd + stsz))
    moov = box(b"moov", mvhd + box(b"trak", box(b"mdia", mdhd + minf)))
    run = box(b"trun", b"\0\0\x02\x01" + struct.pack(">II", frames, 0) + sizes)
    tfhd = box(b"tfhd", bytes(8))
    fragment = box(b"moof", box(b"traf", tfhd + run)) + box(b"mdat", bytes(frame_bytes * frames))
    end = b"" if fragments else box(b"mdat", bytes(frame_bytes * frames) or sound)
    return box(b"ftyp", b"isom" + bytes(4)) + moov + fragment * fragments + end


def aac(
    rate_index: int = 3, *, rate: int = 0, kind: int = 2, object_type: int = 0x40, before: bytes = b""
) -> bytes:
    """The description of AAC in an MP4, with the boxes `before` that of the decoder."""
    long_kind = 31 << 6 | kind - 32  # 31 stands for a kind that follows in six bits
    bits = long_kind << 5 | rate_index << 1 if kind > 31 else kind << 11 | rate_index << 7 | 1 << 3
    configuration = bits.to_bytes(2, "big")
    if rate:
        configuration = (kind << 35 | 15 << 31 | rate << 7 | 1 << 3).to_bytes(5, "big")
    tag = b"\x05\x80\x80\x80" + bytes([len(configuration)])
    decoder = b"\x04\x80\x80\x80\x14" + bytes([object_type]) + b"\x15" + bytes(11) + tag + configuration
    return box(
        b"mp4a", bytes(28) + before + box(b"esds", bytes(4) + b"\x03\x80\x80\x80\x22" + bytes(3) + decoder)
    )


def box(kind: bytes, content: bytes) -> bytes:
    """A box of MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content
