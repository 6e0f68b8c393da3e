"""What the widget says aloud of its own accord, in its languages: that an answer was cut off."""

from __future__ import annotations

from typing import Final

# The texts `cutOff` in widget/voice-agent/notices/texts/; a test compares them.
NOTICES: Final = frozenset(
    {
        "The answer was cut off here.",
        "Hier wurde die Antwort abgeschnitten.",
        "انقطعت الإجابة هنا.",
    }
)
