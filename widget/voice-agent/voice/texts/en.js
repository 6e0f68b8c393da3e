export default {
  listening: 'Listening…',
  transcribing: 'Writing down what you said…',
  denied: 'I may not use the microphone. Allow it in the browser’s settings for this page, or type your question.',
  noDevice: 'I found no microphone that works. Connect one, or type your question.',
  insecure: 'Browsers allow the microphone only on secure pages (https). Please type your question.',
  unsupported: 'This browser cannot record speech. Please type your question.',
  silent: 'I didn’t hear anything. Please try again, a little louder.',
  lostSpeech: 'What you said did not reach me. Please say it again.',
  blocked: 'Tap anywhere to hear the answer.',
  mute: 'I can’t speak right now, but you can read the answer here.',
};
