"""What can go wrong with accounts and pairing.

VoiceAgentError
├── IdentityRequired     401  the request is about a visitor's history, and does not say whose
│   ├── IdentityExpired  401  the identity token is too old
│   └── IdentityInvalid  401  the identity token is not one of this website's
├── ConversationNotFound 404  the visitor has no such conversation in their history
├── PairingCodeUnknown   404  the code to take over a conversation is wrong, used or expired
├── SessionInUse         409  the session that is to go on with a conversation has one already
├── PairingNotNeeded     409  the visitor can sign in on the other device instead
├── AccountsUnavailable  501  the deployment knows no visitors
└── PairingUnavailable   501  the deployment has no store in which a conversation can change hands
"""

from __future__ import annotations

from errors import VoiceAgentError


class IdentityRequired(VoiceAgentError):
    """The request has no identity token, and is about what is kept for a known visitor."""

    status = 401
    code = "identity_required"
    message = "Please sign in on this website first."


class IdentityExpired(IdentityRequired):
    """The identity token was valid, and its time is over: the website can sign another one."""

    code = "identity_expired"
    message = "Your sign-in has expired. Please reload this page."


class IdentityInvalid(IdentityRequired):
    """The identity token was not signed with IDENTITY_SECRET, or is wrong in a way that the log explains."""

    code = "identity_invalid"
    message = "Your sign-in could not be checked. Please sign in again."


class ConversationNotFound(VoiceAgentError):
    """The visitor has no conversation of this handle: it never existed, has expired or is somebody else's."""

    status = 404
    code = "conversation_not_found"
    message = "This conversation does not exist any more."


class PairingCodeUnknown(VoiceAgentError):
    """No conversation can be taken over with this code: it is wrong, has been used or has expired."""

    status = 404
    code = "code_unknown"
    message = "This code is wrong, has been used or has expired. Please get a new one."


class SessionInUse(VoiceAgentError):
    """The session already has a conversation of its own, so it cannot go on with another one."""

    status = 409
    code = "session_in_use"
    message = "This session already has a conversation. Please start with a new session ID."


class PairingNotNeeded(VoiceAgentError):
    """The conversation belongs to a known visitor, who finds it wherever they sign in."""

    status = 409
    code = "pairing_not_needed"
    message = "Sign in on the other device to go on with this conversation there."


class AccountsUnavailable(VoiceAgentError):
    """IDENTITY_SECRET is not set, so that nobody has a history."""

    status = 501
    code = "accounts_unavailable"
    message = "This voice agent keeps no history."


class PairingUnavailable(VoiceAgentError):
    """There is no D1 database, without which a conversation cannot change hands."""

    status = 501
    code = "pairing_unavailable"
    message = "This voice agent cannot move a conversation to another device."
