/** @import { Config } from '../api/api.js' */
/** @import { VisitorTexts } from '../languages.js' */

/**
 * A sentence that says who receives what visitors say; empty if nothing can listen.
 *
 * @param {Config} config
 * @param {VisitorTexts} texts
 */
export function whoHears({ speech }, texts) {
  if (speech?.input) return speech.receiver ? texts.receiver.replace('{receiver}', speech.receiver) : '';
  return 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window ? texts.receiverBrowser : '';
}
