export default {
  back: 'Back to the conversation',
  history: 'Your conversations',
  pairing: 'Continue on your phone',
  pairingHere: 'Continue on another device',
  haveCode: 'I have a code',
  withdraw: 'Withdraw consent',
  privacy: 'Privacy policy',
  keptNotice: 'Answers can be wrong. This conversation stays in your history for {days} after your last question.',
  keptClose: 'Close; the conversation stays in your history',
  receiver: 'What you say is sent to {receiver}.',
  receiverBrowser: 'What you say is written down by your browser, whose maker may receive it.',
  consentTitle: 'Before we begin',
  consent:
    'What you type or say will be processed so that I can answer. The conversation is deleted when you close it, or {time} after your last question.',
  keptConsent:
    'What you type or say will be processed so that I can answer. The conversation stays in your history for {days} after your last question, unless you delete it.',
  agree: 'I agree',
  decline: 'No, thanks',
  withdrawn: 'You have withdrawn your consent.',
};
