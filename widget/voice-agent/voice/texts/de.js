export default {
  listening: 'Ich höre zu…',
  transcribing: 'Ich schreibe mit…',
  denied: 'Ich darf das Mikrofon nicht benutzen. Erlauben Sie es in den Einstellungen des Browsers für diese Seite, oder tippen Sie Ihre Frage.',
  noDevice: 'Ich finde kein Mikrofon, das funktioniert. Schließen Sie eines an, oder tippen Sie Ihre Frage.',
  insecure: 'Browser erlauben das Mikrofon nur auf sicheren Seiten (https). Bitte tippen Sie Ihre Frage.',
  unsupported: 'Dieser Browser kann keine Sprache aufnehmen. Bitte tippen Sie Ihre Frage.',
  silent: 'Ich habe nichts gehört. Bitte noch einmal, etwas lauter.',
  lostSpeech: 'Was Sie gesagt haben, kam nicht an. Bitte sagen Sie es noch einmal.',
  blocked: 'Tippen Sie irgendwohin, um die Antwort zu hören.',
  mute: 'Ich kann gerade nicht sprechen, aber die Antwort steht hier.',
};
