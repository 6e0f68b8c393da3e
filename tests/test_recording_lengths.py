"""How long recordings play, whatever their headers say."""

from __future__ import annotations

import time

import pytest

from errors import InvalidRequest
from settings import Settings
from speech.lengths import seconds_of
from speech.lengths.opus import packet_seconds
from speech.recording import check_recording
from speech.upload import MemoryFile
from tests.audio_files import (
    MP3_8_KBIT,
    MP3_128_KBIT,
    OPUS_20_MS,
    OPUS_60_MS,
    aac,
    box,
    element,
    extensible_wav_file,
    mp4_file,
    ogg_around,
    ogg_file,
    ogg_page,
    unsized,
    wav_file,
    webm_around,
    webm_file,
)
from tests.recordings import wav

MAX_BYTES = 983_040
EBML = b"\x1a\x45\xdf\xa3"
VORBIS = b"\x01vorbis" + bytes(5) + (44_100).to_bytes(4, "little") + bytes(14)
# The beginning of a WAV up to the end of its format: 1 kHz, 8 bits.
SLOW_FORMAT = wav_file(b"", rate=1000, bits=8)[:36]
DATA = b"data" + (900_000).to_bytes(4, "little") + bytes(900_000)
_WEBM = webm_file([OPUS_60_MS] * 10_000, step=60)
# A track of AAC, and one of Opus whose packets are compressed.
AAC_TRACK = element(0xAE, element(0xD7, b"\x02") + element(0x86, b"A_AAC"))
ZLIB = element(0xAE, element(0xD7, b"\x01") + element(0x86, b"A_OPUS") + element(0x6D80, bytes(20)))
HIDDEN_CLUSTERS = _WEBM[_WEBM.index(b"\x1f\x43\xb6\x75") :]
EVERYTHING = 10_000.0


async def length(data: bytes, kind: str) -> float:
    return await seconds_of(MemoryFile(data), kind, enough=EVERYTHING)


@pytest.mark.parametrize(
    ("kind", "data", "seconds"),
    [
        ("wav", wav(3), 3),
        ("wav", wav_file(bytes(96_000)), 3),
        ("wav", wav_file(bytes(24_000), rate=8000, bits=8, kind=7), 3),
        ("wav", extensible_wav_file(bytes(96_000), 1, byte_rate=32_000), 3),
        ("ogg", ogg_file([OPUS_20_MS] * 150), 3),
        ("ogg", ogg_file([VORBIS], head=VORBIS, position=3 * 44_100), 3),
        ("webm", webm_file([OPUS_20_MS] * 150), 3),
        ("webm", webm_file([OPUS_60_MS] * 50, step=60), 3),
        ("webm", webm_file([OPUS_20_MS] * 150, duration=3), 3),
        ("mp3", MP3_128_KBIT * 115, 3.004),
        ("mp3", b"ID3\x04\x00\x00\x00\x00\x02\x01" + bytes(257) + MP3_128_KBIT * 115, 3.004),
        ("mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(300) + MP3_128_KBIT * 115, 3.004),
        ("mp4", mp4_file(seconds=3), 3),
        ("mp4", mp4_file(seconds=0, frames=47, fragments=3), 3.008),
        ("mp4", mp4_file(seconds=0, frames=47, fragments=1, description=aac(8)), 3.008),
        # A minute at 64 kbit/s
        ("mp4", mp4_file(seconds=60, frames=2812, frame_bytes=170), 59.99),
        ("mp4", mp4_file(seconds=0, frames=47, frame_bytes=170, fragments=60), 60.16),
        # 30 seconds at 256 kbit/s
        ("mp4", mp4_file(seconds=30, frames=1292, frame_bytes=743, description=aac(4)), 30),
        ("mp4", mp4_file(seconds=0, frames=47, description=aac(8, kind=5), fragments=1), 3.008),
        ("webm", webm_file([OPUS_20_MS] * 150, track=b"\x40\xc8"), 3),
    ],
)
async def test_length_of_an_honest_recording(kind: str, data: bytes, seconds: float) -> None:
    # Headers and tags are not counted, so each kilobyte of them may be a second.
    assert seconds - 0.001 <= await length(data, kind) <= seconds + 0.7


@pytest.mark.parametrize(
    ("kind", "data", "seconds"),
    [
        # 1 kHz, 8 bits
        ("wav", wav_file(bytes(900_000), rate=1000, bits=8), 900),
        ("wav", wav_file(bytes(900_000), rate=1000, bits=8, byte_rate=32_000), 900),
        ("wav", wav_file(bytes(900_000), byte_rate=1000), 900),
        ("wav", wav_file(bytes(900_000), rate=1000, bits=8, size=100), 900),
        ("wav", wav_file(bytes(900_000), kind=0x31, byte_rate=1_000_000), 900),  # compressed: GSM 6.10
        ("wav", extensible_wav_file(bytes(900_000), 0x31, byte_rate=1_000_000), 900),
        ("wav", SLOW_FORMAT + wav_file(bytes(900_000), rate=192_000)[12:], 900),
        ("wav", wav_file(bytes(900_000), rate=192_000)[:36] + SLOW_FORMAT[12:] + DATA, 900),
        ("mp3", MP3_8_KBIT * 13_000, 936),
        ("mp3", MP3_128_KBIT * 10 + MP3_8_KBIT * 12_000, 864),
        ("ogg", ogg_file([OPUS_60_MS] * 12_000, position=48_000), 720),
        ("ogg", ogg_file([b"\x1b\x3f"] * 6000), 720),  # 120 ms in a packet of two bytes
        ("ogg", ogg_file([]) + ogg_around(ogg_file([OPUS_60_MS] * 1000)), 60),
        ("webm", webm_file([OPUS_60_MS] * 12_000, step=0), 720),
        ("webm", webm_file([bytes(9)] * 10, step=72_000, codec=b"A_FLAC", duration=float("nan")), 648),
        ("webm", webm_file([OPUS_60_MS] * 12_000, step=0, duration=1), 720),
        ("webm", webm_file([OPUS_20_MS] * 10, step=72_000), 648),
        ("webm", webm_file([OPUS_20_MS] * 10, duration=648), 648),
        ("webm", webm_around(HIDDEN_CLUSTERS, in_cluster=False), 600),
        ("webm", webm_around(HIDDEN_CLUSTERS, in_cluster=True), 600),
        ("webm", webm_file([OPUS_20_MS]) + b"\0\0" + HIDDEN_CLUSTERS, 600),
        ("webm", webm_file([OPUS_20_MS]) + element(0xEC, HIDDEN_CLUSTERS), 390),
        ("webm", webm_file([OPUS_20_MS]) + element(0xE7, HIDDEN_CLUSTERS), 390),
        ("webm", webm_file([b"\x83" * 60] * 5000, tracks=AAC_TRACK), 390),
        ("webm", webm_file([b"\x80\x18" + bytes(20)] * 10_000, track=b"\x40\x01"), 200),
        ("webm", webm_file([b"\x80" * 9] * 5000, step=0, tracks=ZLIB), 600),
        ("webm", webm_file([b"\x80" * 900_000], step=0), 896),
        ("ogg", ogg_file([b"\x83" * 60] * 5000) + ogg_page(VORBIS, flags=2), 477),
        ("ogg", ogg_file([OPUS_20_MS]) + bytes(400_000), 400),
        ("mp3", b"ID3\4\0\0\0\x18\x6a\0" + MP3_8_KBIT * 5000, 360),
        ("mp3", MP3_128_KBIT + bytes(400_000) + MP3_128_KBIT, 400),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(11)), 3968),
        ("mp4", mp4_file(seconds=0, frames=1000, fragments=31), 661),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(11)).replace(b"stsz", b"stz2"), 3968),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(rate=8000)), 3968),
        ("mp4", mp4_file(seconds=648), 648),
        # The box with the decoder's configuration is far behind.
        (
            "mp4",
            mp4_file(seconds=1, frames=31_000, description=aac(11, before=box(b"free", bytes(9000)))),
            3968,
        ),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(11, before=aac(0))), 3968),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(11) + aac(0)), 3968),
        ("mp4", mp4_file(seconds=1, frames=31_000, description=aac(11)) + mp4_file(seconds=1), 3968),
        # The sound is not in the frames that are described, or more is in them than in any frame.
        ("mp4", mp4_file(seconds=10, frames=430, sound=bytes(900_000)), 900),
        ("mp4", mp4_file(seconds=10, frames=430, frame_bytes=2000), 530),
        # Codecs whose frames are not counted.
        ("mp4", mp4_file(seconds=10, description=box(b"Opus", bytes(39)), sound=bytes(900_000)), 900),
        ("mp4", mp4_file(seconds=10, description=aac(object_type=0x6B), sound=bytes(900_000)), 900),
        ("mp4", mp4_file(seconds=10, description=aac(kind=42), sound=bytes(900_000)), 900),
        (
            "mp4",
            mp4_file(seconds=10, frames=430, description=aac() + box(b"alac", b""), sound=bytes(900_000)),
            900,
        ),
    ],
)
async def test_length_that_a_header_conceals(kind: str, data: bytes, seconds: float) -> None:
    assert len(data) <= MAX_BYTES
    assert await length(data, kind) == pytest.approx(seconds, rel=0.01)


@pytest.mark.parametrize("kind", ["webm", "mp4", "wav", "ogg", "mp3"])
async def test_recording_that_does_not_say_counts_as_the_sparsest_speech(kind: str) -> None:
    assert await length(bytes(120_000), kind) == 120


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("mp3", b"\xff" * MAX_BYTES),
        ("mp3", b"\xff\xfb" * (MAX_BYTES // 2)),
        ("webm", EBML + b"\x80" + b"\xec\x80" * (MAX_BYTES // 2)),
        ("webm", EBML + b"\x80" + unsized(0x1F43B675) * (MAX_BYTES // 12)),
        ("mp4", b"\x00\x00\x00\x08moov" * (MAX_BYTES // 8)),
        ("mp4", bytes(MAX_BYTES)),
        ("ogg", ogg_file([b""] * (MAX_BYTES // 28))),
        ("ogg", b"OggS" * (MAX_BYTES // 4)),
        ("wav", b"RIFF\x00\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * (MAX_BYTES // 8)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_recording_made_to_keep_us_busy_is_refused_soon(kind: str, data: bytes) -> None:
    start = time.process_time()
    assert await seconds_of(MemoryFile(data), kind, enough=120) > 120
    assert time.process_time() - start < 2


async def test_counting_ends_when_it_is_enough() -> None:
    reads: list[int] = []

    class Watched(MemoryFile):
        async def read(self, start: int, stop: int) -> bytes:
            reads.append(start)
            return await super().read(start, stop)

    assert await seconds_of(Watched(MP3_8_KBIT * 13_000), "mp3", enough=60) == pytest.approx(60, abs=0.1)
    assert max(reads) < 70_000


@pytest.mark.parametrize("size", range(0, 400, 7))
@pytest.mark.parametrize("kind", ["webm", "mp4", "wav", "ogg", "mp3"])
async def test_truncated_recording_has_a_length(kind: str, size: int) -> None:
    whole = {
        "webm": webm_file([OPUS_20_MS] * 9),
        "mp4": mp4_file(seconds=1, frames=9),
        "wav": wav(0.1),
        "ogg": ogg_file([OPUS_20_MS] * 9),
        "mp3": MP3_128_KBIT * 9,
    }
    assert 0 <= await length(whole[kind][:size], kind) < 10


@pytest.mark.parametrize(
    ("packet", "seconds"),
    [
        (b"", 0.02),
        (b"\x00", 0.01),
        (b"\x18", 0.06),
        (b"\x61\x00", 0.02),
        (b"\x80", 0.0025),
        (b"\xfb\x06", 0.12),
    ],
)
def test_length_of_an_opus_packet(packet: bytes, seconds: float) -> None:
    assert packet_seconds(packet) == pytest.approx(seconds)


@pytest.mark.parametrize("seconds", [10, 11])
async def test_length_is_limited_by_a_setting(seconds: int) -> None:
    file = MemoryFile(wav(seconds), "audio/wav")
    settings = Settings(max_audio_seconds=10)
    if seconds <= 10:
        assert (await check_recording(file, settings)).kind == "wav"
        return
    with pytest.raises(InvalidRequest, match="the limit is 10 seconds") as refusal:
        await check_recording(file, settings)
    assert (refusal.value.status, refusal.value.code) == (413, "audio_too_long")


@pytest.mark.parametrize("media_type", ["audio/x-matroska;codecs=opus", "video/x-matroska", "audio/webm"])
async def test_matroska_is_webm_by_another_name(media_type: str) -> None:
    file = MemoryFile(webm_file([OPUS_20_MS] * 20), media_type)
    recording = await check_recording(file, Settings())
    name, data, sent_as = recording.form({})["files"]["file"]
    assert (recording.kind, name, sent_as, data) == ("webm", "speech.webm", "audio/webm", file.data)


def test_elements_are_built_as_they_are_read() -> None:
    assert element(0xA3, b"x") == b"\xa3\x01\x00\x00\x00\x00\x00\x00\x01x"
