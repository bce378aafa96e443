import type { Phrases } from '../skill.ts'

const PLACE = '(seite|webseite|website|internetseite|datei|ordner|verzeichnis|feed|port|adresse|server|url)'
const WHAT = `[der|mein|diese] [${PLACE.slice(1, -1)}] [unter]`
const TELL =
  '((sag|gib) [mir|uns] [sofort|dann] bescheid|melde dich [sofort|dann]|(benachrichtige|informiere|verständige|alarmiere) mich [sofort]|sag mir [sofort]|lass [es] mich [sofort] wissen)'
const ONCE = '(wenn|sobald|falls|sowie)'
const CHANGES = '(ändert|verändert|tut|was tut|etwas tut|getan hat|geändert hat|verändert hat)'
const WATCH = '(überwache|beobachte|kontrolliere|prüfe|check)'

/** What is said of things that are watched, in German. */
export const german: Phrases = {
  watch: [
    `(überwache|beobachte) [für mich|mir] ${WHAT} {target} [auf änderungen|für mich]`,
    `${WATCH} ${WHAT} {target} alle {every_seconds} [auf änderungen]`,
    [`${WATCH} ${WHAT} {target} (stündlich|jede stunde) [auf änderungen]`, { every_seconds: 3600 }],
    [
      `${WATCH} ${WHAT} {target} (täglich|jeden tag|einmal am tag) [auf änderungen]`,
      { every_seconds: 86_400 },
    ],
    [`${WATCH} ${WHAT} {target} (minütlich|jede minute) [auf änderungen]`, { every_seconds: 60 }],
    `(behalte|halte|hab) ${WHAT} {target} im (auge|blick)`,
    `${WHAT} {target} (überwachen|beobachten|im auge behalten|im blick behalten)`,
    `${WHAT} {target} alle {every_seconds} (überwachen|beobachten|prüfen)`,
    `${TELL} ${ONCE} sich [etwas|was] [auf|an|bei|in] ${WHAT} {target} [etwas|was] ${CHANGES}`,
    `${TELL} ${ONCE} (auf|an|bei|in) ${WHAT} {target} [sich] (etwas|was) [neues] (ändert|passiert|tut|steht|erscheint)`,
    `${TELL} ${ONCE} es (auf|an|bei|in) ${WHAT} {target} (etwas neues|neues|neuigkeiten|änderungen) gibt`,
    `${TELL} ${ONCE} ${WHAT} {target} [nicht mehr|wieder|nicht] (offline|down|erreichbar|online|offen|zu|geschlossen|weg|da) (ist|geht)`,
    `${TELL} ${ONCE} ${WHAT} {target} (ausfällt|abstürzt|antwortet|nicht antwortet|aktualisiert wird|geändert wird|sich ändert)`,
    `${TELL} ${ONCE} (auf|bei|in) ${WHAT} {target} {contains} (steht|auftaucht|vorkommt|erscheint)`,
    `${TELL} ${ONCE} ${WHAT} {target} {contains} (erwähnt|enthält|zeigt|meldet|sagt)`,
    `(überwache|beobachte|behalte|prüfe) ${WHAT} {target} [im auge] und ${TELL} ${ONCE} sich [da|dort] [etwas|was] ${CHANGES}`,
    `(prüfe|schau|kontrolliere|sieh) alle {every_seconds} [nach] ob ${WHAT} {target} [noch|wieder] (erreichbar|online|offen|da) ist`,
    `(prüfe|schau|kontrolliere|sieh) alle {every_seconds} [nach] ob sich [auf|an|bei|in] ${WHAT} {target} [etwas|was] ${CHANGES}`,
    [
      `(prüfe|schau|kontrolliere|sieh) (stündlich|jede stunde) [nach] ob sich [auf|an|bei|in] ${WHAT} {target} [etwas|was] ${CHANGES}`,
      { every_seconds: 3600 },
    ],
    [
      `(prüfe|schau|kontrolliere|sieh) (täglich|jeden tag) [nach] ob sich [auf|an|bei|in] ${WHAT} {target} [etwas|was] ${CHANGES}`,
      { every_seconds: 86_400 },
    ],
    `(prüfe|schau|kontrolliere) regelmäßig [nach] ob sich [auf|an|bei|in] ${WHAT} {target} [etwas|was] ${CHANGES}`,
    `(pass|gib acht) auf ${WHAT} {target} [auf]`,
    `hab ein auge auf ${WHAT} {target}`,
    `${WHAT} {target} für mich (überwachen|beobachten|im auge behalten)`,
    'abonniere {target}',
  ],
  compare: [
    `hat sich [etwas|was] (auf|an|in|bei) ${WHAT} {label} [etwas|was] (geändert|verändert|getan)`,
    'was ist [in|im|auf|an|bei] [der] (überwachten|beobachteten) [seite|ordner|datei|feed|port] {label} (neu|anders)',
    'was ist (neu|anders) (in|im|auf|an|bei) [der] (überwachten|beobachteten) [seite|ordner|datei|feed|port] {label}',
    'was gab es neues bei [der] [überwachten] [seite|datei|ordner] {label}',
    `was hat sich (auf|an|in|bei) (der|mein) ${PLACE} {label} [zuletzt] (geändert|verändert|getan)`,
    `was ist (auf|an|in|bei) (der|mein) ${PLACE} {label} (anders|neu)`,
    'was hat sich bei {label} (geändert|verändert|getan)',
    'was hat die (überwachung|beobachtung) (von|der|des) {label} (ergeben|gefunden|bemerkt)',
    `(zeig|sag) mir was sich (auf|an|in|bei) (der|mein) ${PLACE} {label} (geändert|verändert) hat`,
    'vergleiche [der] (überwachte|beobachtete) {label} [mit vorher]',
  ],
  list: [
    'was (überwachst|beobachtest) du [gerade|alles|so|im moment] [alles]',
    'was wird [gerade|alles] (überwacht|beobachtet)',
    '(welche|was für) (seiten|webseiten|dateien|ordner|feeds|ports|dinge|sachen) (überwachst|beobachtest) du [gerade]',
    '(zeig|liste|nenn) [mir] [alle|mein|der] [meine] (überwachungen|beobachtungen|überwachten seiten) [an|auf]',
    '[mein|alle] (überwachungen|beobachtungen) [anzeigen]',
    '(überwachst|beobachtest) du [gerade] (etwas|was|irgendwas)',
    'was hast du [gerade|alles] im (auge|blick)',
    '(welche|was für) (seiten|webseiten|dateien|ordner|feeds|ports|dinge|sachen) (hast|behältst) du [gerade] im (auge|blick)',
    'worauf passt du [gerade] auf',
  ],
  unwatch: [
    `hör auf ${WHAT} {label} zu (überwachen|beobachten)`,
    `(überwache|beobachte) ${WHAT} {label} nicht (mehr|länger|weiter)`,
    `(überwachung|beobachtung) (von|der|für|des) ${WHAT} {label} (stoppen|beenden|löschen|entfernen)`,
    `(stoppe|beende|lösche|entferne) (überwachung|beobachtung) (von|der|für|des|auf) ${WHAT} {label}`,
    `(stoppe|beende|lösche|entferne) (der|mein) (überwachung|beobachtung) (von|der|für|des|auf) ${WHAT} {label}`,
    '(stoppe|beende|lösche|entferne) (der|mein) (überwachung|beobachtung)',
    `du (brauchst|musst|kannst) ${WHAT} {label} nicht mehr [zu] (überwachen|beobachten)`,
    `${WHAT} {label} nicht (mehr|länger|weiter) (überwachen|beobachten)`,
    `(der|mein) (überwachung|beobachtung) (von|der|für|des) ${WHAT} {label} (stoppen|beenden|löschen|entfernen)`,
    '(behalte|halte) {label} nicht mehr im (auge|blick)',
  ],
}
