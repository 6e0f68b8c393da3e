"""Everything that can go wrong with a request, each with its HTTP status, a code and a sentence for a person.

VoiceAgentError
├── InvalidRequest        400  the request is not one that this API accepts
│   ├── BodyTooLarge      413
│   └── UnsupportedMedia  415
├── OriginNotAllowed      403  the page's website is not in ALLOWED_ORIGINS
├── SpeechNotAllowed      403  the text to be spoken was not said in the conversation
├── VisitorNotVerified    403  the visitor has to pass Turnstile first
├── ConversationOfAnother 403  the conversation belongs to another visitor
├── SessionBudgetSpent    403  the conversation has used up its tokens
├── SessionNotFound       404  there is no such conversation
├── SessionClosed         410  there was one, and its visitor closed it
├── TurnConflict          409  this turn is already being answered, or is another one
│   └── TurnReplaced      409  a later turn has replaced this one
├── RateLimited           429  too many requests from this visitor
├── ConfigurationError    500  a setting or binding is missing or wrong
├── SpeechUnavailable     501  no model can listen and speak
├── VisitorCheckUnavailable 503  Turnstile gives no answer
├── StorageError          503  the conversation cannot be read or written now
│   ├── SessionTooNew     503  a later version of this agent stored it
│   └── KnowledgeUnavailable 503  the knowledge cannot be searched now
└── ResponderError        502  there is no complete answer
    ├── AnswerFiltered    400  a content filter stopped the question or the answer
    ├── NothingSaid       502  the answer has no text
    ├── ProviderRefused   502  the provider serves nobody until the owner acts
    ├── PromptTooLong     502  the question does not fit into the model's window
    ├── ResponderBusy     503  the model's provider asks to wait
    └── ResponderTimeout  504  the answer took too long

What can go wrong with accounts and pairing is in `accounts/errors.py`.
"""

from __future__ import annotations


class VoiceAgentError(Exception):
    """An error that a visitor may see: `message` for a person, `code` for a program, `status` for HTTP.

    `retry_after` is the number of seconds after which the same request can succeed, if that is known. Message
    and code are those of the class unless others are given.
    """

    status = 500
    code = "internal_error"
    message = "Something went wrong on our side. Please try again."

    def __init__(
        self, message: str | None = None, *, code: str | None = None, retry_after: int | None = None
    ) -> None:
        self.message = message or type(self).message
        self.code = code or type(self).code
        self.retry_after = retry_after
        super().__init__(self.message)


class InvalidRequest(VoiceAgentError):
    """The request is not one that this API accepts; sent again, it fails again."""

    status = 400
    code = "invalid_request"
    message = "This request could not be understood."


class BodyTooLarge(InvalidRequest):
    """The body is longer than its cap."""

    status = 413
    code = "body_too_large"
    message = "This message is too long."


class UnsupportedMedia(InvalidRequest):
    """The body is of a type that the call does not accept."""

    status = 415
    code = "invalid_body"
    message = "Send this request as application/json."


class OriginNotAllowed(VoiceAgentError):
    """The request comes from a page of a website that is not in ALLOWED_ORIGINS."""

    status = 403
    code = "origin_not_allowed"
    message = "This website may not use this voice agent."


class SpeechNotAllowed(VoiceAgentError):
    """The text to be spoken is neither the greeting nor part of an answer in this conversation."""

    status = 403
    code = "speech_not_allowed"
    message = "Only what was said in a conversation can be read aloud."


class VisitorNotVerified(VoiceAgentError):
    """The deployment uses Turnstile, and the request has no valid token and no ticket of an earlier check."""

    status = 403
    code = "visitor_not_verified"
    message = "Please confirm that you are not a robot."


class VisitorCheckUnavailable(VoiceAgentError):
    """Turnstile, which has to check the visitor, gives no answer."""

    status = 503
    code = "visitor_check_unavailable"
    message = "Your visit cannot be checked right now. Please try again in a moment."


class SessionBudgetSpent(VoiceAgentError):
    """The conversation has used MAX_SESSION_TOKENS; the visitor may start another one."""

    status = 403
    code = "session_budget_spent"
    message = "This conversation has become too long. Please start a new one."


class ConversationOfAnother(VoiceAgentError):
    """The conversation belongs to a known visitor, and the request does not come from that one."""

    status = 403
    code = "conversation_of_another"
    message = "This conversation belongs to somebody who is signed in. Please sign in, or start a new one."


class SessionNotFound(VoiceAgentError):
    """No conversation is stored under this id: it never existed, has expired or was closed."""

    status = 404
    code = "session_not_found"
    message = "This conversation does not exist or has expired."


class SessionClosed(VoiceAgentError):
    """The visitor closed this conversation: its id is no longer accepted."""

    status = 410
    code = "session_closed"
    message = "This conversation was closed. Please start a new one."


class TurnConflict(VoiceAgentError):
    """The turn id belongs to a turn that is still being answered, or to another question."""

    status = 409
    code = "turn_in_progress"
    message = "This question is already being answered. Please try again in a moment."


class TurnReplaced(TurnConflict):
    """A later question has replaced this turn, because the visitor went on speaking: it has no answer."""

    code = "turn_replaced"
    message = "This question has been replaced by a later one."


class RateLimited(VoiceAgentError):
    """The session or the client has sent more requests than it may."""

    status = 429
    code = "rate_limited"
    message = "Too many requests. Please wait a moment."


class ConfigurationError(VoiceAgentError):
    """A setting or binding is missing or wrong: the message names it, and never quotes a value."""

    status = 500
    code = "configuration_error"
    message = "This voice agent is not set up correctly. Its owner has been notified."


class SpeechUnavailable(VoiceAgentError):
    """There is no key, and so no model that can listen and speak; the browser may be able to."""

    status = 501
    code = "speech_unavailable"
    message = "This voice agent supports text only."


class StorageError(VoiceAgentError):
    """The conversation cannot be read or written now."""

    status = 503
    code = "storage_unavailable"
    message = "The conversation is not available right now. Please try again in a moment."


class SessionTooNew(StorageError):
    """A later version of this agent stored the conversation, and this one must not replace it."""

    code = "session_too_new"
    message = "This conversation needs a newer version of this agent. Try again later, or start a new one."


class KnowledgeUnavailable(StorageError):
    """The database with the knowledge gives no answer."""

    message = "The answer cannot be looked up right now. Please try again in a moment."


class ResponderError(VoiceAgentError):
    """There is no complete answer: the model failed, rejected our request or broke off."""

    status = 502
    code = "responder_failed"
    message = "The assistant could not answer. Please try again."


class AnswerFiltered(ResponderError):
    """The provider's content filter stopped the question or the answer; sent again, it is stopped again."""

    status = 400
    code = "responder_filtered"
    message = "A content filter stopped this question or its answer. Please ask something else."


class NothingSaid(ResponderError):
    """The model gave an answer without any text."""

    code = "responder_empty"
    message = "The assistant had no answer to that. Please rephrase your question."


class ProviderRefused(ResponderError):
    """The provider serves nobody until the owner acts: a wrong key, no credit, a discontinued model."""

    code = "responder_rejected"
    message = "The assistant is not available right now. Please try again later."


class PromptTooLong(ResponderError):
    """The instructions, the knowledge and the question are more than the model takes."""

    code = "responder_too_long"
    message = "This question is too long for the assistant. Please ask a shorter one."


class ResponderBusy(ResponderError):
    """The model's provider asks us to wait."""

    status = 503
    code = "responder_busy"
    message = "The assistant is very busy right now. Please try again in a moment."


class ResponderTimeout(ResponderError):
    """The answer took longer than a visitor waits."""

    status = 504
    code = "responder_timeout"
    message = "The assistant took too long to answer. Please try again."
