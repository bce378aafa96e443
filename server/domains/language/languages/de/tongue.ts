import { makeTongue } from '../build.ts'
import type { Tongue } from '../tongue.ts'
import { lineOf, readNumber } from './numbers.ts'
import { LENGTH_RULES, TIME_RULES } from './times.ts'
import { ARITHMETIC, GATHERING, NAMES, listNamed } from './values.ts'
import { MANNERS, keyOf } from './words.ts'

export const german: Tongue = makeTongue({
  code: 'de',
  keyOf,
  manners: MANNERS,
  lineOf,
  readNumber,
  times: TIME_RULES,
  lengths: LENGTH_RULES,
  arithmetic: ARITHMETIC,
  gathering: GATHERING,
  parting: /\s*(?:,(?!\d)|;|\n)\s*(?:(?:und|sowie|plus)\s+)?|\s+(?:und auch|und noch|und|sowie|plus|&)\s+/iu,
  no_item:
    /^(?:das|dass|es|ihn|sie|wie|was|wer|wann|wo|warum|wieso|welche[rsn]?|ob|zu|auf|an|alles|alle|ist|sind|war|hat|von|vom|aus|bis|um|nicht)(?:\s|$)/iu,
  article: /^(?:(?:die|der|das|den|dem|noch|auch|bitte|mal|eine?[nmr]?)\s+)+(?=\S)/iu,
  no_name:
    /(?:^|\s)(?:mir|mich|uns|dir|bitte|noch|auf|für|von|ist|und|stelle?n?|starte|lösche|wie|was|läuft|der|die|das|ein|eine|einen)(?:\s|$)/iu,
  names: NAMES,
  listNamed: (text) => listNamed(text, lineOf(text)),
  summary:
    /^(?:(?:mach|mache|erstelle?|gib|schreibe?|zeige?|lies)\s+)?(?:mir\s+|uns\s+)?(?:bitte\s+)?(?:eine?n?\s+)?(?:kurze[nr]?\s+)?(?:übersicht|zusammenfassung|briefing|überblick)\s+(?:aus|von|über|mit|zu)\s+(?<of>.+?)$|^fasse?\s+(?<of>.+?)\s+zusammen$/iu,
  reserved:
    /(?:\s*[,;]|\s+und)?\s*(?:aber\s+)?(?:frage?|fragt|fragen\s+sie)\s+mich\s+(?:aber\s+)?(?:bitte\s+)?(?:immer\s+)?(?:vorher|zuerst|erst|davor)[\s.!]*$/iu,
  negated: /(?:^|\s)(?:nicht|nie|niemals|keine?[nmrs]?|außer|ausser|ohne)(?:\s|[,.]|$)/iu,
  event:
    /(?:termin|treffen|besprechung|meeting|kurs|training|stunde|unterricht|prüfung|pruefung|feier|party|konzert|geburtstag|flug|urlaub|probe|spiel|essen|verabredung|sprechstunde|gespräch|gespraech|hochzeit|untersuchung|sitzung|interview)$/iu,
  lead: /^(?:(?:hey|hallo|ok|okay|bitte|frage?|sage?|bitte)\s+)?(?:(?:an|der|den|dem|mein|meinen|meinem)\s+)?agent(?:en)?\s+(?:nummer\s+|nr\.?\s+)?/iu,
  leans: [
    [/\b(?:weck|wecke|wecken|aufwecken|weckt|aufstehen)/u, 'wake'],
    [/\b(?:wecker|alarm|fruhstuck|fruh)\b/u, 'early breakfast'],
    [/\b(?:abendessen|abendbrot|party|feier|kino|film|konzert|theater|kneipe|bar)\b/u, 'dinner'],
  ],
})
