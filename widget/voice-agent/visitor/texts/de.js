export default {
  back: 'Zurück zum Gespräch',
  history: 'Ihre Gespräche',
  pairing: 'Auf dem Handy fortsetzen',
  pairingHere: 'Auf einem anderen Gerät fortsetzen',
  haveCode: 'Ich habe einen Code',
  withdraw: 'Einwilligung widerrufen',
  privacy: 'Datenschutzerklärung',
  keptNotice:
    'Antworten können falsch sein. Nach Ihrer letzten Frage bleibt dieses Gespräch noch {days} in Ihrem Verlauf.',
  keptClose: 'Schließen; das Gespräch bleibt in Ihrem Verlauf',
  receiver: 'Was Sie sagen, wird an {receiver} gesendet.',
  receiverBrowser: 'Was Sie sagen, schreibt Ihr Browser mit; sein Hersteller kann es erhalten.',
  consentTitle: 'Bevor wir beginnen',
  consent:
    'Was Sie schreiben oder sagen, wird verarbeitet, damit ich antworten kann. Das Gespräch wird gelöscht, wenn Sie es schließen, spätestens aber {time} nach Ihrer letzten Frage.',
  keptConsent:
    'Was Sie schreiben oder sagen, wird verarbeitet, damit ich antworten kann. Nach Ihrer letzten Frage bleibt das Gespräch noch {days} in Ihrem Verlauf, sofern Sie es nicht löschen.',
  agree: 'Ich stimme zu',
  decline: 'Nein, danke',
  withdrawn: 'Sie haben Ihre Einwilligung widerrufen.',
};
