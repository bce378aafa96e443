import type { Half } from '../clock.ts'
import { clock } from '../clock.ts'
import type { Rule } from '../rewrite.ts'
import { alternatives, dictionary, rule } from '../rewrite.ts'

const WEEKDAYS = dictionary(`
  monday = lunes
  tuesday = martes
  wednesday = miercoles
  thursday = jueves
  friday = viernes
  saturday = sabado|sabados
  sunday = domingo|domingos
`)
const MONTHS = dictionary(`
  january = enero|ene
  february = febrero|feb
  march = marzo|mar
  april = abril|abr
  may = mayo|may
  june = junio|jun
  july = julio|jul
  august = agosto|ago
  september = septiembre|setiembre|sept|sep
  october = octubre|oct
  november = noviembre|nov
  december = diciembre|dic
`)
const PARTS = dictionary(`
  morning = manana|mananas|madrugada
  afternoon = tarde|tardes
  evening = noche|noches
`)
const HOLIDAYS = dictionary(`
  christmas eve = nochebuena
  christmas = navidad|navidades|dia de navidad
  new years eve = nochevieja|fin de ano
  new years day = ano nuevo
  january 6th = reyes|dia de reyes
  easter = pascua|domingo de pascua|semana santa
  valentines = san valentin
`)
const DAY = alternatives(WEEKDAYS)
const MONTH = alternatives(MONTHS)
const PART = 'manana|tarde|noche|madrugada'
const NUMBER = '(\\d{1,2}|una)'
/** "a las ocho de la noche". */
const HALF = '(?: (?:de|por|en) la (manana|tarde|noche|madrugada)| del? (mediodia)| ?(am|pm|a m|p m))?'
const HOURS = '(?: horas?| ?hs?| en punto)?'
const UNITS = {
  dia: 'day',
  semana: 'week',
  mes: 'month',
  ano: 'year',
  hora: 'hour',
  minuto: 'minute',
} as const

function halfOf(part: string, hour: number): Half {
  if (/^(?:manana|madrugada|am|a m)$/u.test(part)) return 'am'
  // Twelve at night is midnight, and one at night follows it.
  if (part === 'noche') return hour === 12 || hour < 5 ? 'am' : 'pm'
  return part === '' ? undefined : 'pm'
}

/** An hour with minutes after or before it; the groups at the end are those of `HALF`. */
function timed(hour: string, minutes: number, halves: readonly string[]): string | undefined {
  const number = hour === 'una' ? 1 : Number(hour)
  return clock(number, minutes, halfOf(halves.find((half) => half !== '') ?? '', number))
}

function unit(word: string): string {
  return UNITS[word.replace(/(?<=mes)es$|(?<=dia|semana|ano|hora|minuto)s$/u, '') as keyof typeof UNITS] ?? ''
}

const MINUTES: Readonly<Record<string, number>> = { cuarto: 15, media: 30 }

function minutesOf(said: string): number {
  return MINUTES[said] ?? Number(said)
}

const AT = '(?:las |la )?'
const CLOCKS: readonly Rule[] = [
  rule(`${AT}(\\d{1,2})[:.](\\d\\d)${HOURS}${HALF}`, ([, h = '', m = '', ...halves]) =>
    timed(h, Number(m), halves),
  ),
  rule(`${AT}(\\d{1,2}) h (\\d\\d)${HALF}`, ([, h = '', m = '', ...halves]) => timed(h, Number(m), halves)),
  rule(
    'de (?:las? )?(\\d{1,2}|una) a (?:las? )?(\\d{1,2})',
    ([, from = '', to = '']) => `from ${from === 'una' ? 1 : from} until ${to}`,
  ),
  rule(`(?:las |la )${NUMBER}${HOURS}${HALF}`, ([, h = '', ...halves]) => timed(h, 0, halves)),
  rule(`${NUMBER}(?: horas?| ?hs?| en punto)${HALF}`, ([, h = '', ...halves]) => timed(h, 0, halves)),
  rule(
    `${NUMBER} (?:(?:de|por) la (manana|tarde|noche|madrugada)|(am|pm|a m|p m))`,
    ([, h = '', ...halves]) => timed(h, 0, halves),
  ),
  rule(`${AT}${NUMBER} y (cuarto|media|\\d{1,2})(?: minutos)?${HALF}`, ([, h = '', m = '', ...halves]) =>
    timed(h, minutesOf(m), halves),
  ),
  rule(`${AT}${NUMBER} menos (cuarto|\\d{1,2})(?: minutos)?${HALF}`, ([, h = '', m = '', ...halves]) =>
    timed(h, -minutesOf(m), halves),
  ),
  rule(`(?:las |la )(\\d{1,2}|una) (\\d{2})${HALF}`, ([, h = '', m = '', ...halves]) =>
    timed(h, Number(m), halves),
  ),
  rule(
    `(cuarto|5|10|20|25)(?: minutos)? para (?:las |la )${NUMBER}${HALF}`,
    ([, m = '', h = '', ...halves]) => timed(h, -minutesOf(m), halves),
  ),
  rule('(?:a la |a |la )?medianoche', 'at midnight'),
  rule('(?:al |a |el )?medio ?dia', 'at noon'),
]

const NEXT = 'proxim[oa]s?|siguiente'
const EDGES: Readonly<Record<string, string>> = {
  final: 'end',
  finales: 'end',
  fin: 'end',
  principios: 'start',
  mediados: 'middle',
}

const DAYS: readonly Rule[] = [
  rule('hoy', 'today'),
  rule('manana', 'tomorrow'),
  rule('pasado manana|pasado', 'day after tomorrow'),
  rule('ayer', 'yesterday'),
  rule('antes ?de ?ayer|anteayer', 'day before yesterday'),
  rule('anoche', 'last night'),
  rule(
    'esta (manana|tarde)|hoy (?:por|en|a) la (manana|tarde)',
    ([, a = '', b = '']) => `this ${PARTS.get(a || b)}`,
  ),
  rule('esta noche|hoy (?:por|en|a) la noche', 'tonight'),
  rule(`(manana|ayer|pasado manana) (?:por|en|a) la (${PART})`, ([, day = '', part = '']) =>
    day.startsWith('pasado')
      ? `day after tomorrow in the ${PARTS.get(part)}`
      : `${day === 'ayer' ? 'yesterday' : 'tomorrow'} ${PARTS.get(part)}`,
  ),
  rule('manana temprano', 'tomorrow morning'),
  rule('ayer noche', 'yesterday evening'),
  rule(`(${DAY})`, ([, day = '']) => WEEKDAYS.get(day)),
  rule(`(?:el|este) (${DAY})`, ([, day = '']) => `on ${WEEKDAYS.get(day)}`),
  rule(
    `(?:el )?(?:${NEXT}) (${DAY})|(?:el )?(${DAY}) (?:que viene|proximo|siguiente)`,
    ([, a = '', b = '']) => `coming ${WEEKDAYS.get(a || b)}`,
  ),
  rule(
    `(?:el )?(${DAY}) pasado|(?:el )?pasado (${DAY})`,
    ([, a = '', b = '']) => `last ${WEEKDAYS.get(a || b)}`,
  ),
  rule(
    `(?:el )?(${DAY}) de la (?:semana que viene|proxima semana)`,
    ([, day = '']) => `${WEEKDAYS.get(day)} of next week`,
  ),
  rule(`de (${DAY}) a (${DAY})`, ([, a = '', b = '']) => `${WEEKDAYS.get(a)} to ${WEEKDAYS.get(b)}`),
  rule(
    `(?:en |de )?(?:la |el )?(?:${NEXT}) (semana|mes|ano)|(?:en |de )?(?:la |el )?(semana|mes|ano) (?:que viene|proxim[oa]|siguiente|entrante)`,
    ([, a = '', b = '']) => `next ${unit(a || b)}`,
  ),
  rule('(?:en |de )?(?:esta|este) (semana|mes|ano)', ([, name = '']) => `this ${unit(name)}`),
  rule(
    '(?:en |de )?(?:la |el )?(semana|mes|ano) pasad[oa]|(?:la |el )?(?:pasad[oa]|ultim[oa]) (semana|mes|ano)',
    ([, a = '', b = '']) => `last ${unit(a || b)}`,
  ),
  rule('(?:este |el |en el )?(?:fin de semana|finde)', 'this weekend'),
  rule(
    `(?:el )?(?:${NEXT}) (?:fin de semana|finde)|(?:el )?(?:fin de semana|finde) que viene`,
    'next weekend',
  ),
  rule('(?:el )?(?:fin de semana|finde) pasado', 'last weekend'),
  rule(
    '(?:a |al )?(finales|final|fin|principios|mediados) (?:de |del )(?:la |el |este |esta )?(semana|mes|ano)',
    ([, edge = '', name = '']) => `${EDGES[edge]} of the ${unit(name)}`,
  ),
  rule(
    `(?:el )?(?:dia )?(\\d{1,2})(?:th)? de (${MONTH})(?: del? (\\d{4}))?`,
    ([, d, month = '', year = '']) => `on ${MONTHS.get(month)} ${d}th ${year}`.trimEnd(),
  ),
  rule('(?:el )?dia (\\d{1,2})(?:th)?|el (\\d{1,2})', ([, a = '', b = '']) => `on the ${a || b}th`),
  rule('(?:el )?(?:dia )?1th de mes|(?:el )?dia 1 de mes', 'on the 1th'),
  rule(`(?:en |de )?(${MONTH})(?: del? (\\d{4}))?`, ([, month = '', year = '']) =>
    `in ${MONTHS.get(month)} ${year}`.trimEnd(),
  ),
  rule(`(?:en |el |por |la )?(${alternatives(HOLIDAYS)})`, ([, day = '']) => `on ${HOLIDAYS.get(day)}`),
  rule(`(?:por|en|a) la (${PART})`, ([, part = '']) => `in the ${PARTS.get(part)}`),
  rule('ahora|ahora mismo|ya|en este momento|inmediatamente', 'now'),
]

const WORKDAYS =
  'entre semana|(?:todos |cada )?(?:los )?dias? (?:laborables?|habiles|de semana|de diario)|de lunes a viernes'

function everyDay(days: string): string {
  const names = days.split(' ').flatMap((word) => WEEKDAYS.get(word) ?? [])
  return `every ${names.join(' and ')}`
}

const REPEATS: readonly Rule[] = [
  rule('todos los dias|cada dia|a diario|diariamente|diario', 'every day'),
  rule(WORKDAYS, 'every weekday'),
  rule('(?:todos los|cada|los) (?:fines? de semana|findes?)', 'every weekend'),
  rule(
    `(?:cada|todas las|por las) (${PART}|mananas|tardes|noches)`,
    ([, part = '']) => `every ${PARTS.get(part)}`,
  ),
  rule(
    'cada (hora|minuto|semana|mes|ano)|tod[oa]s (?:las|los) (horas|minutos|semanas|meses|anos)',
    ([, a = '', b = '']) => `every ${unit(a || b)}`,
  ),
  rule('semanalmente|una vez (?:por|a la) semana', 'every week'),
  rule('mensualmente|una vez al mes', 'every month'),
  rule('anualmente|una vez al ano', 'every year'),
  rule(
    'cada 2 (dia|semana|mes|ano)e?s|(?:un )?(dia|semana|mes) si y (?:un |una )?(?:dia |semana |mes )?no',
    ([, a = '', b = '']) => `every other ${unit(a || b)}`,
  ),
  rule(`(?:cada|todos los|los) ((?:${DAY})(?: (?:y )?(?:los |cada )?(?:${DAY}))*)`, ([, days = '']) =>
    everyDay(days),
  ),
  rule(
    '(?:el |cada )(?:dia )?(\\d{1,2})(?:th)? de cada mes|cada dia (\\d{1,2})',
    ([, a = '', b = '']) => `every month on the ${a || b}th`,
  ),
]

const LENGTH_UNITS = dictionary(`
  seconds = segundo|segundos|seg|s
  minutes = minuto|minutos|min|minutito|minutitos
  hours = hora|horas|h
  days = dia|dias
  weeks = semana|semanas
  months = mes|meses
  years = ano|anos
`)
const LENGTH_UNIT = alternatives(LENGTH_UNITS)

/** Lengths of time: "hora y media", "tres cuartos de hora". */
const LENGTHS: readonly Rule[] = [
  rule(
    `(\\d+(?:\\.\\d+)?|una?) (${LENGTH_UNIT})`,
    ([, count = '', name = '']) => `${/^\d/u.test(count) ? count : 1} ${LENGTH_UNITS.get(name)}`,
  ),
  rule(
    'media (hora)|medio (minuto|dia|ano)|medi[oa] (semana|mes)',
    ([, a = '', b = '', c = '']) => `half a ${unit(a || b || c)}`,
  ),
  rule('(?:un )?cuarto de hora', '15 minutes'),
  rule('(?:3 )?cuartos de hora', '45 minutes'),
  rule('(?:una )?hora y cuarto', '75 minutes'),
  rule('(?:una )?hora y media', '90 minutes'),
  rule(
    `(\\d+|una?) (${LENGTH_UNIT}) y medi[oa]`,
    ([, count = '', name = '']) =>
      `${(/^\d/u.test(count) ? Number(count) : 1) + 0.5} ${LENGTH_UNITS.get(name)}`,
  ),
  rule('(\\d+) horas? y cuarto', ([, count = '']) => `${Number(count) + 0.25} hours`),
  rule('(\\d+) (?:horas?|h) (?:y )?(\\d{1,2})(?: (?:minutos|min))?', '$1 hours $2 minutes'),
  rule(`un par de (${LENGTH_UNIT})`, ([, name = '']) => `2 ${LENGTH_UNITS.get(name)}`),
  rule(
    `(?:un[oa]s|varios|varias|algunos|algunas) (?:cuantos |cuantas )?(${LENGTH_UNIT})`,
    ([, name = '']) => `a few ${LENGTH_UNITS.get(name)}`,
  ),
]
const COUNTED = '(?:\\d|un|media|medio|cuarto|tres cuartos|hora|varios|algunos)'
const AND = rule('y', 'and')

const LEADS: readonly Rule[] = [
  rule(`(?:dentro de|en|de aqui a)(?: unos| unas)?(?= ${COUNTED})`, 'in'),
  rule('(?:en )?(?:los|las) proxim[oa]s', 'in the next'),
  rule('(?:en )?(?:los|las) ultim[oa]s', 'in the last'),
  rule(`cada(?= (?:\\d|media|un))`, 'every'),
]

const AROUND: readonly Rule[] = [
  rule('a', 'at'),
  rule('a eso de|hacia|sobre|alrededor de|mas o menos a', 'around'),
  rule('para(?: el)?', 'by'),
  rule('antes de|antes del', 'before'),
  rule('despues de|despues del', 'after'),
  rule('hasta|hasta el', 'until'),
  rule('desde(?= (?:las?|\\d))|a partir de|a partir del|de', 'from'),
  rule('desde(?: el)?', 'since'),
  rule('entre', 'between'),
  rule('el', 'on'),
  rule('y', 'and'),
  rule('del|de(?= (?:hoy|manana|ayer|este|esta|pasado))', ''),
  rule('horas', ''),
  rule('\\d{1,2}', '$0'),
]

const AGO = rule(
  `hace (?:unos |unas )?(\\d+|una?) (${LENGTH_UNIT})`,
  ([, count = '', name = '']) => `${/^\d/u.test(count) ? count : 1} ${LENGTH_UNITS.get(name)} ago`,
)

export const TIME_RULES: readonly Rule[] = [
  ...LENGTHS,
  ...CLOCKS,
  ...DAYS,
  ...REPEATS,
  AGO,
  ...LEADS,
  ...AROUND,
]
export const LENGTH_RULES: readonly Rule[] = [
  ...LENGTHS,
  AND,
  rule(
    '(?:durante|por|de|en|dentro de|unos|unas|aproximadamente|exactamente)(?: (?:los|las) proxim[oa]s)?',
    '',
  ),
]
