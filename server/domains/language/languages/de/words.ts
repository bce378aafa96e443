import { lemmas, mannersOf } from '../hearing.ts'
import { foldGerman, numberWord } from './numbers.ts'

/** Forms of a word that an ending does not tell. */
const FORMS = lemmas(
  `
  der die das den dem des
  ein eine einen einem einer eines
  mein meine meinen meinem meiner meines
  unser unsere unseren unserem unserer unsre unsern
  mir uns
  nimm nehmen nehme nehmt
  gib geben gebt gibst gebe
  lies lese lesen liest
  vergiss vergessen vergesse vergisst
  sieh sehe sehen siehst schau schauen schaue
  ist sind
  kann kannst konnen
  hab habe haben hast hat habt
  war waren warst
  will willst wollen
  muss musst mussen
  soll sollst sollen sollte
  lauft laufen lauf lief liefen
  stopp stop stoppe stoppen stoppt
  abbrechen abbrich abgebrochen
  wieviel wiefil
  zeig zeige zeigen zeigst anzeigen
  was wat
  nicht nich
  heisst heissen heiss
  tu tue tun tust
  wecke weck wecken weckst
  aufgabe aufgaben
  punkt punkte punkten
  info infos information informationen
  an ans
  auf aufs
  in ins
  zu zur zum
  von vom
  durch durchs
  hol hole holen holst
  lade lad laden ladst herunterladen runterladen
  such suche suchen suchst
  mach mache machen machst
  stell stelle stellen stellst
  start starte starten startest
  e-mail email mail
  `,
  foldGerman,
)

/** No word of an order is longer, and each ending that is taken off is looked for anew. */
const WORD_CHARACTERS_MAX = 80
const ENDING = /(?<=\p{L}{3})(?:est|st|et|en|e|n|t)$/u

/** One form for each word: "setze", "setzen" and "setzt" are all "setz", "meiner" is "mein". */
export function keyOf(word: string): string {
  if (word.length > WORD_CHARACTERS_MAX) return word
  let key = foldGerman(word)
  for (let end = ENDING.exec(key); !FORMS.has(key) && end !== null; end = ENDING.exec(key))
    key = key.slice(0, end.index)
  return FORMS.get(key) ?? key
}

const BEFORE =
  'bitte|kannst du|könntest du|können sie|könnten sie|würdest du|würden sie|magst du|willst du|möchtest du|kannste|' +
  'ich möchte gerne dass du|ich möchte gern dass du|ich möchte dass du|ich will dass du|ich hätte gern dass du|ich möchte dass sie|du sollst|ich möchte gerne|ich möchte gern|ich möchte|' +
  'ich würde gerne|ich würde gern|ich will|sei so gut und|sei so nett und|seien sie so gut und|wärst du so nett und|' +
  'hallo|hey|hi|he|moin|servus|guten tag|guten morgen|guten abend|ok|okay|also|äh|ähm|na|so|nun|und|' +
  'wenn möglich|wenn es geht|wenn du kannst|falls möglich|bevor ich es vergesse|' +
  'sag mal|sagen sie mal|ich wüsste gern|ich wüsste gerne|ich muss wissen|weisst du|wissen sie'
const AFTER =
  'bitte|bitteschön|danke|danke schön|dankeschön|vielen dank|danke dir|dank dir|ja|okay|ok|für mich'
const IDLE = new Set(
  ['mal', 'doch', 'eben', 'gerade', 'kurz', 'schnell', 'einfach', 'halt', 'eigentlich'].map(keyOf),
)
const BEFORE_IDLE = new Set(
  ['mich', 'mir', 'mal', 'doch', 'du', 'es', 'sie', 'ich', 'der', 'kurz'].map(keyOf),
)
const PLEASE = keyOf('bitte')

export const MANNERS = mannersOf(BEFORE, AFTER, keyOf, (keys, at) => {
  const key = keys[at] ?? ''
  if (key === PLEASE) return keys.length > 1
  // "Setzen Sie": the one who is spoken to. Elsewhere it may be part of what is said.
  if (key === 'sie') return at === 1 && keys.length > 2
  if (!IDLE.has(key) || at === 0) return false
  // "Mal" also multiplies: "drei mal vier".
  const before = keys[at - 1] ?? ''
  const counted = /^\d/u.test(before) || numberWord(before) !== undefined
  return !counted && at < keys.length - 1 && (BEFORE_IDLE.has(before) || (at === 1 && key !== keyOf('halt')))
})
