import type { Half } from '../clock.ts'
import { clock } from '../clock.ts'
import type { Rule } from '../rewrite.ts'
import { alternatives, dictionary, rule } from '../rewrite.ts'

const WEEKDAYS = dictionary(`
  monday = montag|mo
  tuesday = dienstag|di
  wednesday = mittwoch|mi
  thursday = donnerstag|do
  friday = freitag|fr
  saturday = samstag|sonnabend|sa
  sunday = sonntag|so
`)
const FULL_WEEKDAYS = new Map([...WEEKDAYS].filter(([name]) => name.length > 2))
const MONTHS = dictionary(`
  january = januar|janner|jan
  february = februar|feber|feb
  march = marz
  april = april|apr
  may = mai
  june = juni|juno
  july = juli|julei
  august = august|aug
  september = september|sept|sep
  october = oktober|okt
  november = november|nov
  december = dezember|dez
`)
const PARTS = dictionary(`
  morning = morgen|fruh|vormittag|morgens|vormittags|fruhmorgens
  afternoon = nachmittag|nachmittags
  evening = abend|abends
  night = nacht|nachts
`)
const HOLIDAYS = dictionary(`
  christmas eve = heiligabend|heilig abend|heiligen abend|heiliger abend
  christmas = weihnachten|1th weihnachtstag|1th weihnachtsfeiertag
  december 26th = 2th weihnachtstag|2th weihnachtsfeiertag
  new years eve = silvester|sylvester
  new years day = neujahr
  easter monday = ostermontag
  easter = ostern|ostersonntag
  valentines = valentinstag
  december 6th = nikolaus
`)
const DAY = alternatives(WEEKDAYS)
const FULL_DAY = alternatives(FULL_WEEKDAYS)
const MONTH = alternatives(MONTHS)
const PART = alternatives(PARTS)
const NTH = '(\\d{1,2})(?:th)?'
/** The part of the day that makes an hour certain. */
const HALF =
  '(?: (?:am |in der |fruh am )?(morgens?|vormittags?|fruh|mittags?|nachmittags?|abends?|nachts?))?'
const HOUR = '(\\d{1,2})'
const NEXT =
  'nachste[nrsm]?|kommende[nrsm]?|diese[nrsm]?|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|ubernachste[nrsm]?'
const UNIT = 'tag|woche|monat|jahr'
const UNITS = { tag: 'day', woche: 'week', monat: 'month', jahr: 'year' } as const

/** "halb acht" is 7:30. */
function half(part: string, hour: number): Half {
  if (/^(?:morgen|vormittag|fruh)/u.test(part)) return 'am'
  // Noon is twelve o'clock, one and two; the night ends at five.
  if (part.startsWith('nacht')) return part.startsWith('nachmittag') || (hour >= 8 && hour < 12) ? 'pm' : 'am'
  return part === '' ? undefined : 'pm'
}

function timed(hour: string, minutes: number, part: string): string | undefined {
  return clock(Number(hour), minutes, half(part, Number(hour)))
}

function leadOf(word: string): string {
  const stem = word.replace(/e[nrsm]?$/u, '')
  return (
    { nachst: 'next', kommend: 'coming', dies: 'this', letzt: 'last', vergangen: 'last', vorig: 'last' }[
      stem
    ] ?? ''
  )
}

function unit(word: string): string {
  return (
    UNITS[word.replace(/(?<=tag|monat|jahr)(?:e|en|es|s)$|(?<=woche)n$/u, '') as keyof typeof UNITS] ?? ''
  )
}

const CLOCKS: readonly Rule[] = [
  rule(`${HOUR}[:.](\\d\\d)(?: uhr)?${HALF}`, ([, h = '', m = '', part = '']) => timed(h, Number(m), part)),
  rule(`(\\d{1,2}|ein) uhr${HALF}`, ([, h = '', part = '']) => timed(h === 'ein' ? '1' : h, 0, part)),
  rule(`(\\d{1,2}|ein) uhr (\\d{1,2})${HALF}`, ([, h = '', m = '', part = '']) =>
    timed(h === 'ein' ? '1' : h, Number(m), part),
  ),
  rule(`halb (\\d{1,2}|ein)${HALF}`, ([, h = '', part = '']) => timed(h === 'ein' ? '1' : h, -30, part)),
  rule(`viertel (vor|nach) ${HOUR}${HALF}`, ([, side, h = '', part = '']) =>
    timed(h, side === 'vor' ? -15 : 15, part),
  ),
  rule(`viertel ${HOUR}${HALF}`, ([, h = '', part = '']) => timed(h, -45, part)),
  rule(`(?:dreiviertel|drei viertel|3 viertel) ${HOUR}${HALF}`, ([, h = '', part = '']) =>
    timed(h, -15, part),
  ),
  rule(
    `(\\d{1,2})(?: minuten)? (vor|nach) (halb )?${HOUR}(?: uhr)?${HALF}`,
    ([, m, side, to, h = '', part = '']) => {
      const minutes = (side === 'vor' ? -1 : 1) * Number(m) - (to === '' ? 0 : 30)
      return Number(m) < 1 ? undefined : timed(h, minutes, part)
    },
  ),
  rule(
    `${HOUR}(?: (?:am |in der )?(morgens?|vormittags?|fruh|nachmittags?|abends?|nachts?))`,
    ([, h = '', part = '']) => timed(h, 0, part),
  ),
  rule('(?:um |gegen |bis |am )?mitternacht|(?:um )?0 uhr|(?:um )?24 uhr', 'at midnight'),
  rule('(?:am |zu |zum |gegen |bis )?mittags?', 'at noon'),
]

const DAYS: readonly Rule[] = [
  rule('heute(?= in )', ''),
  rule('heute', 'today'),
  rule('morgen', 'tomorrow'),
  rule('ubermorgen', 'day after tomorrow'),
  rule('gestern', 'yesterday'),
  rule('vorgestern', 'day before yesterday'),
  rule(`heute (${PART})`, ([, part = '']) =>
    PARTS.get(part) === 'night' ? 'tonight' : `this ${PARTS.get(part)}`,
  ),
  rule(`diese[nr] (${PART})`, ([, part = '']) => `this ${PARTS.get(part)}`),
  rule(
    `(morgen|gestern) (${PART})`,
    ([, day, part = '']) => `${day === 'morgen' ? 'tomorrow' : 'yesterday'} ${PARTS.get(part)}`,
  ),
  rule(`ubermorgen (${PART})`, ([, part = '']) => `day after tomorrow in the ${PARTS.get(part)}`),
  rule('(?:letzte|heute) nacht', 'last night'),
  rule(`(${FULL_DAY})`, ([, day = '']) => WEEKDAYS.get(day)),
  rule(`(?:an diesem|den) (${FULL_DAY})`, ([, day = '']) => `on ${WEEKDAYS.get(day)}`),
  rule(`am (${DAY})`, ([, day = '']) => `on ${WEEKDAYS.get(day)}`),
  rule(
    `(?:am |an |jeden )?(${FULL_DAY}) ?(morgen|fruh|vormittag|nachmittag|abend|nacht)`,
    ([all = '', day = '', part = '']) =>
      `${all.startsWith('jeden') ? 'every ' : ''}${WEEKDAYS.get(day)} ${PARTS.get(part)}`,
  ),
  rule(`(?:am |den |an )?(${NEXT}) (${FULL_DAY})`, ([, lead = '', day = '']) =>
    // The one after the next is a week later than the one that comes.
    lead.startsWith('ubernachst')
      ? `next ${WEEKDAYS.get(day)} after next`
      : `${leadOf(lead)} ${WEEKDAYS.get(day)}`,
  ),
  rule(`(?:am )?(${FULL_DAY}) (?:in (?:1|einer) woche|nachster? woche)`, ([all = '', day = '']) =>
    all.includes('nachst') ? `${WEEKDAYS.get(day)} of next week` : `${WEEKDAYS.get(day)} week`,
  ),
  rule(
    `(?:nachste|in der nachsten) woche (?:am )?(${FULL_DAY})`,
    ([, day = '']) => `${WEEKDAYS.get(day)} of next week`,
  ),
  rule(
    `von (${FULL_DAY}) bis (${FULL_DAY})`,
    ([, a = '', b = '']) => `${WEEKDAYS.get(a)} to ${WEEKDAYS.get(b)}`,
  ),
  rule(`(?:in (?:der|den) |im |in )?(${NEXT}) (woche|monat|jahr)(?:s|es)?`, ([, lead = '', name = '']) =>
    lead.startsWith('ubernachst') ? `${unit(name)} after next` : `${leadOf(lead)} ${unit(name)}`,
  ),
  rule(`(?:am |an |das )?(${NEXT}) wochenende`, ([, lead = '']) => `${leadOf(lead)} weekend`),
  rule('(?:am |ubers |an diesem |das )?wochenende', 'this weekend'),
  rule(
    '(?:am )?(ende|anfang|mitte) (?:der|des|dieser|dieses) (woche|monats|jahres)',
    ([, edge = '', name = '']) => `${edgeOf(edge)} of the ${unit(name)}`,
  ),
  rule(
    '(?:am )?(ende|anfang|mitte) (?:der )?nachste[nrs] (woche|monats|jahres)',
    ([, edge = '', name = '']) => `${edgeOf(edge)} of next ${unit(name)}`,
  ),
  rule(`(?:am |den |der |vom )?${NTH} (${MONTH})(?: (\\d{4}))?`, ([, d, month = '', year = '']) =>
    `on ${MONTHS.get(month)} ${d}th ${year}`.trimEnd(),
  ),
  rule(`(?:am |den |der |vom )?(\\d{1,2})\\.(\\d{1,2})\\.?(?: ?(\\d{4}))?`, ([all = '', d, m, year = '']) =>
    dateOf(d, m, year, /^(?:am|den|vom|der) |\\.\\d+\\.$/u.test(all)),
  ),
  rule(`(?:am |den |vom )?(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}|\\d\\d)`, ([, d, m, year = '']) =>
    dateOf(d, m, year.length === 2 ? `20${year}` : year, true),
  ),
  rule('(?:am|den|zum) (\\d{1,2})(?:th)?', 'on the $1th'),
  rule(`(?:im |in )?(?:(${NEXT}) )?(${MONTH})(?: (\\d{4}))?`, ([, lead = '', month = '', year = '']) =>
    `in ${lead === '' ? '' : `${leadOf(lead)} `}${MONTHS.get(month)} ${year}`.trimEnd(),
  ),
  rule(`(?:an |zu |am |uber )?(${alternatives(HOLIDAYS)})`, ([, day = '']) => `on ${HOLIDAYS.get(day)}`),
  rule(
    `(?:am |in der |an dem )(${PART})`,
    ([, part = '']) => `${PARTS.get(part) === 'night' ? 'at' : 'in the'} ${PARTS.get(part)}`,
  ),
  rule('(vormittags|nachmittags|abends|nachts|morgens)', ([, part = '']) => `in the ${PARTS.get(part)}`),
  rule('(?:jetzt|sofort|gleich|jetzt gleich|gerade eben)', 'now'),
]

const MONTHS_IN_ORDER = [...new Set(MONTHS.values())]

function dateOf(day = '', month = '', year = '', certain: boolean): string | undefined {
  const name = MONTHS_IN_ORDER[Number(month) - 1]
  return name === undefined || !certain ? undefined : `on ${name} ${Number(day)}th ${year}`.trimEnd()
}

function edgeOf(edge: string): string {
  return { ende: 'end', anfang: 'start' }[edge] ?? 'middle'
}

const WORKDAYS =
  'werktags|wochentags|unter der woche|jeden werktag|an werktagen|jeden arbeitstag|an arbeitstagen|jeden wochentag'
const PLURAL_DAY = `(?:${FULL_DAY})s`

const REPEATS: readonly Rule[] = [
  rule('jeden tag|taglich|alle tage|tag fur tag', 'every day'),
  rule(WORKDAYS, 'every weekday'),
  rule('jedes wochenende|an wochenenden|am wochenende immer', 'every weekend'),
  rule(`jede[nr]? (${PART})`, ([, part = '']) => `every ${PARTS.get(part)}`),
  rule('jeden mittag', 'every day at noon'),
  rule('jede (stunde|minute|woche)|jeden (monat)|jedes (jahr)', ([, a = '', b = '', c = '']) => {
    const name = a || b || c
    return `every ${{ stunde: 'hour', minute: 'minute' }[name] ?? unit(name)}`
  }),
  rule('stundlich', 'every hour'),
  rule('wochentlich|einmal (?:pro|die|in der) woche', 'every week'),
  rule('monatlich|einmal (?:pro|im) monat', 'every month'),
  rule('jahrlich|einmal (?:pro|im) jahr', 'every year'),
  rule(`jede[nrs]? 2th (${UNIT})(?:e|en)?`, ([, name = '']) => `every other ${unit(name)}`),
  rule(`jede[nrs]? 2th (${FULL_DAY})`, ([, day = '']) => `every other ${WEEKDAYS.get(day)}`),
  rule(`(?:immer )?jede[nr] ((?:${FULL_DAY})(?: (?:und )?(?:jeden )?(?:${FULL_DAY}))*)`, ([, days = '']) =>
    everyDay(days),
  ),
  rule(`(?:immer )?(${PLURAL_DAY}(?: (?:und )?${PLURAL_DAY})*)`, ([, days = '']) => everyDay(days)),
  rule(`immer (?:am )?((?:${FULL_DAY})(?: (?:und )?(?:am )?(?:${FULL_DAY}))*)`, ([, days = '']) =>
    everyDay(days),
  ),
  rule('(?:jeden|am|an jedem) (\\d{1,2})th (?:jeden|eines jeden|im|des) monats?', 'every month on the $1th'),
  rule('jeden (\\d{1,2})th(?: des monats| im monat)?', 'every month on the $1th'),
]

function everyDay(days: string): string {
  const names = days
    .split(' ')
    .map((word) => WEEKDAYS.get(word.replace(/s$/u, '')))
    .filter((name) => name !== undefined)
  return `every ${names.join(' and ')}`
}

const LENGTH_UNITS = dictionary(`
  seconds = sekunde|sekunden|sek|s
  minutes = minute|minuten|min|minutchen
  hours = stunde|stunden|std|h
  days = tag|tage|tagen
  weeks = woche|wochen
  months = monat|monate|monaten
  years = jahr|jahre|jahren
`)
const LENGTH_UNIT = alternatives(LENGTH_UNITS)
const AN = 'einen?|einer|einem|eine|1'

/** Lengths of time: "anderthalb Stunden", "eine Dreiviertelstunde". */
const LENGTHS: readonly Rule[] = [
  rule(`(\\d+(?:\\.\\d+)?) (${LENGTH_UNIT})`, ([, count, name = '']) => `${count} ${LENGTH_UNITS.get(name)}`),
  rule(`(?:${AN}) (${LENGTH_UNIT})`, ([, name = '']) => `1 ${LENGTH_UNITS.get(name)}`),
  rule(
    `(?:(?:${AN}) )?halbe[nrs]? (stunde|minute|tag|jahr)`,
    ([, name = '']) => `half a ${{ stunde: 'hour', minute: 'minute' }[name] ?? unit(name)}`,
  ),
  rule(`(?:(?:${AN}) )?(?:viertelstunde|viertel stunde)`, '15 minutes'),
  rule(
    `(?:(?:${AN}) )?(?:dreiviertelstunde|dreiviertel stunde|drei viertel stunde|3 viertel stunde)`,
    '45 minutes',
  ),
  rule(
    `(?:anderthalb|eineinhalb|ein ?einhalb) (${LENGTH_UNIT})`,
    ([, name = '']) => `1.5 ${LENGTH_UNITS.get(name)}`,
  ),
  rule(
    `(zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn)einhalb (${LENGTH_UNIT})`,
    ([, count = '', name = '']) => `${NUMBERS.indexOf(count) + 0.5} ${LENGTH_UNITS.get(name)}`,
  ),
  rule(
    `(\\d+) einhalb (${LENGTH_UNIT})`,
    ([, count = '', name = '']) => `${Number(count) + 0.5} ${LENGTH_UNITS.get(name)}`,
  ),
  rule(`(?:(?:${AN}) )?(?:stunde|1 stunde) und (?:eine halbe|30 minuten)`, '90 minutes'),
  rule(
    `(?:ein )?paar (${LENGTH_UNIT})|(?:einige|mehrere) (${LENGTH_UNIT})`,
    ([, a = '', b = '']) => `a few ${LENGTH_UNITS.get(a || b)}`,
  ),
  rule('(\\d+) (?:stunden?|std|h) (\\d{1,2})(?: (?:minuten|min))?', '$1 hours $2 minutes'),
]
const NUMBERS = 'null eins zwei drei vier funf sechs sieben acht neun zehn'.split(' ')
const AND = rule('und', 'and')

/** A length after its preposition is a time: "in einer halben Stunde", "vor zwei Tagen", "alle zwei Stunden". */
const LEADS: readonly Rule[] = [
  rule(
    'in(?: den)?(?: etwa| ungefahr| circa| ca)?(?= (?:\\d|ein|halb|ander|drei|zwei|vier|paar|viertel|einig))',
    'in',
  ),
  rule('innerhalb (?:von|der)(?: nachsten)?', 'within'),
  rule('in den nachsten', 'in the next'),
  rule('in den letzten|seit', 'in the last'),
  rule('alle(?= (?:\\d|ander|ein))', 'every'),
]

const AROUND: readonly Rule[] = [
  rule('um|punkt', 'at'),
  rule('gegen|so um|ungefahr um|etwa um|circa um', 'around'),
  rule('bis|bis zum', 'until'),
  rule('bis spatestens|spatestens', 'by'),
  rule('ab|von', 'from'),
  rule('vor(?= (?:\\d{1,2}(?: uhr|:|$)|dem|morgen|mittag))', 'before'),
  rule('nach(?= (?:\\d{1,2}(?: uhr|:|$)|dem))', 'after'),
  rule(
    'seit(?= (?:heute|gestern|vorgestern|letzte|dem|mo|di|do|fr|sa|so|\\d{1,2}th|\\d{1,2} uhr|anfang|ende))',
    'since',
  ),
  rule('zwischen', 'between'),
  rule('und', 'and'),
  rule('und(?= (?:um|\\d))', 'and'),
  rule(
    '(?:fur|auf|den)(?= (?:heute|morgen|ubermorgen|diese|nachste|kommende|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|\\d))',
    '',
  ),
  rule('uhr', ''),
  rule('\\d{1,2}', '$0'),
]

const AGO = rule(
  `vor (?:etwa )?(${AN}|\\d+) (${LENGTH_UNIT})`,
  ([, count = '', name = '']) => `${/^\d/u.test(count) ? count : 1} ${LENGTH_UNITS.get(name)} ago`,
)

export const TIME_RULES: readonly Rule[] = [
  ...CLOCKS,
  ...DAYS,
  ...REPEATS,
  ...LENGTHS,
  AGO,
  ...AROUND,
  ...LEADS,
]
export const LENGTH_RULES: readonly Rule[] = [
  ...LENGTHS,
  AND,
  rule('(?:fur|auf|in|um|noch|etwa|ungefahr|circa|genau|von|uber|ca)(?: (?:die|den))?(?: nachsten)?', ''),
  rule('(?:lang|lange)', ''),
]
