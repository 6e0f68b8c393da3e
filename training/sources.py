"""Where the training set's sounds come from. docs/voice-activity-model.md lists their licences.

None of these packages has a voice or a noise of the clips that `python -m bench vad` measures with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recordings:
    """Recordings of one Debian package: one voice or one kind of noise for each folder or pattern."""

    package: str
    folder: str
    patterns: tuple[str, ...]
    per_pattern: int = 40

    def files(self) -> dict[str, list[Path]]:
        """The files of each pattern, evenly chosen, ordered by name."""
        found = {}
        for pattern in self.patterns:
            paths = sorted(path for path in Path(self.folder).glob(pattern) if not path.is_symlink())
            step = max(1, len(paths) // self.per_pattern)
            found[f"{self.package}/{pattern}"] = paths[::step]
        return found


KTUBERLING_LANGUAGES = ("da", "fi", "gl", "nl", "nn", "ro", "sr")
KLETTRES_LANGUAGES = (
    *("ar", "cs", "da", "de", "en", "en_GB", "es", "fr", "he", "hu", "it", "lt"),
    *("ml", "nb", "nds", "nl", "pt_BR", "ru", "tn", "uk"),
)
TUXPAINT_LANGUAGES = ("fr", "ru", "ro", "ca", "bg", "es", "be", "el", "da", "lt", "nl")
SPEECH = (
    Recordings(
        "ktuberling-data",
        "/usr/share/ktuberling/sounds",
        tuple(f"{language}/*" for language in KTUBERLING_LANGUAGES),
    ),
    Recordings(
        "klettres-data",
        "/usr/share/klettres",
        tuple(f"{language}/*/*.*" for language in KLETTRES_LANGUAGES),
    ),
    Recordings(
        "tuxpaint-stamps-default",
        "/usr/share/tuxpaint/stamps",
        ("**/*_desc.ogg", *(f"**/*_desc_{language}.ogg" for language in TUXPAINT_LANGUAGES)),
        80,
    ),
)
NOISE = (
    Recordings(
        "sonic-pi-samples",
        "/usr/share/sonic-pi/samples",
        tuple(
            f"{kind}_*.flac"
            for kind in (
                "ambi",
                "bass",
                "bd",
                "drum",
                "elec",
                "glitch",
                "guit",
                "loop",
                "mehackit",
                "misc",
                "perc",
                "sn",
                "tabla",
                "vinyl",
            )
        ),
        10,
    ),
    Recordings("frozen-bubble-data", "/usr/share/games/frozen-bubble/snd", ("*.ogg", "*.mp3"), 20),
    Recordings("lincity-ng-data", "/usr/share/games/lincity-ng", ("music/**/*.ogg", "sounds/*.wav"), 30),
    Recordings(
        "lmms-common",
        "/usr/share/lmms/samples",
        (
            "basses/*",
            "beats/*",
            "bassloops/*",
            "drums/*",
            "effects/*",
            "instruments/*",
            "latin/*",
            "misc/*",
            "stringsnpads/*",
        ),
        10,
    ),
    Recordings("sound-theme-freedesktop", "/usr/share/sounds/freedesktop/stereo", ("*.oga",), 30),
    Recordings("oxygen-sounds", "/usr/share/sounds", ("Oxygen*.ogg",), 20),
)
EFFECTS = Path("/usr/share/games/openttd/baseset/opensfx/opensfx.cat")
