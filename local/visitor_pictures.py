"""The screenshots of what an agent with accounts adds to the widget."""

from __future__ import annotations

from local import visitor_scenes as scenes
from local.pictures import DARK, FORCED_COLORS, PHONE, SMALL_PHONE, TOUCH, Picture

WITH_ACCOUNTS = (
    Picture("history", scenes.HISTORY),
    Picture("history-dark", scenes.HISTORY, context=DARK),
    Picture("history-forced-colors", scenes.HISTORY, context=FORCED_COLORS),
    Picture("history-0", scenes.HISTORY_0),
    Picture("history-1", scenes.HISTORY_1),
    Picture("history-200", scenes.HISTORY_200),
    Picture("history-search", scenes.SEARCH),
    Picture("history-rename", scenes.RENAME),
    Picture("history-delete", scenes.DELETE),
    Picture("history-delete-all", scenes.DELETE_ALL),
    Picture("history-continued", scenes.CONTINUED),
    Picture("history-german", scenes.HISTORY_GERMAN),
    Picture("history-arabic", scenes.HISTORY_ARABIC),
    Picture("known-menu", scenes.KNOWN_MENU),
    Picture("mobile-history", scenes.HISTORY, PHONE, TOUCH),
    Picture("mobile-history-small", scenes.DELETE_ALL, SMALL_PHONE, TOUCH),
    Picture("pairing", scenes.PAIRING),
    Picture("pairing-dark", scenes.PAIRING, context=DARK),
    Picture("pairing-forced-colors", scenes.PAIRING, context=FORCED_COLORS),
    Picture("pairing-arabic", scenes.PAIRING_ARABIC),
    Picture("pairing-code", scenes.CODE),
    Picture("pairing-code-wrong", scenes.WRONG_CODE),
    Picture("mobile-pairing-small", scenes.PAIRING, SMALL_PHONE, TOUCH),
    Picture("mobile-pairing-arrived", scenes.ARRIVED, PHONE, TOUCH),
)
ASKING_CONSENT = (
    Picture("consent", scenes.CONSENT),
    Picture("consent-dark", scenes.CONSENT, context=DARK),
    Picture("consent-known", scenes.CONSENT_KNOWN),
    Picture("consent-arabic", scenes.CONSENT_ARABIC),
    Picture("mobile-consent-small", scenes.CONSENT_GERMAN, SMALL_PHONE, TOUCH),
)
