import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTime, parseTime } from '../../slots/time.ts'
import { parseDuration } from '../../slots/duration.ts'
import { german } from './tongue.ts'

const TIME_ZONE = 'Europe/Berlin'
/** A Thursday. */
const NOW = '2026-11-26T10:00:00+01:00'

async function read(text: string, now = NOW): Promise<string | undefined> {
  const said = german.say('time', text)
  if (said === undefined || !isTime(said)) return undefined
  const found = await parseTime(said, { now: new Date(now), time_zone: TIME_ZONE })
  if (found === undefined) return undefined
  const when = found.date_only ? found.at.slice(0, 10) : found.at.slice(0, 16)
  return found.repeat === undefined ? when : `${when} ${found.repeat}`
}

async function reads(times: readonly (readonly [string, string | undefined])[]): Promise<void> {
  for (const [text, when] of times) assert.equal(await read(text), when, text)
}

/** The moment that is meant, with its offset. */
async function at(text: string, now: string): Promise<string | undefined> {
  const said = german.say('time', text) ?? ''
  return (await parseTime(said, { now: new Date(now), time_zone: TIME_ZONE }))?.at
}

test('hours are said with halves and quarters, before and after, also as in the south and east', async () => {
  await reads([
    ['um acht', '2026-11-26T20:00'],
    ['um halb acht', '2026-11-26T19:30'],
    ['morgen um halb acht', '2026-11-27T07:30'],
    ['um viertel vor neun', '2026-11-26T20:45'],
    ['um viertel nach drei', '2026-11-26T15:15'],
    ['viertel acht', '2026-11-26T19:15'],
    ['dreiviertel acht', '2026-11-26T19:45'],
    ['fünf vor halb acht', '2026-11-26T19:25'],
    ['um fünf nach halb drei', '2026-11-26T14:35'],
    ['zehn vor zwölf', '2026-11-26T11:50'],
    ['um halb eins', '2026-11-26T12:30'],
    ['um eins', '2026-11-26T13:00'],
    ['zwanzig Uhr fünfzehn', '2026-11-26T20:15'],
    ['um 8.30 Uhr', '2026-11-26T20:30'],
    ['um 20 Uhr', '2026-11-26T20:00'],
    ['um acht Uhr abends', '2026-11-26T20:00'],
    ['um acht Uhr morgens', '2026-11-27T08:00'],
    ['um ein Uhr nachts', '2026-11-27T01:00'],
    ['um halb eins nachts', '2026-11-27T00:30'],
    ['um zwölf Uhr mittags', '2026-11-26T12:00'],
    ['um zwölf Uhr nachts', '2026-11-27T00:00'],
    ['um Mitternacht', '2026-11-27T00:00'],
    ['um 24 Uhr', '2026-11-27T00:00'],
  ])
})

test('days are named from today on, by weekday, date and feast', async () => {
  await reads([
    ['heute', '2026-11-26'],
    ['übermorgen', '2026-11-28'],
    ['uebermorgen um neun', '2026-11-28T09:00'],
    ['vorgestern', '2026-11-24'],
    ['heute Abend', '2026-11-26T19:00'],
    ['morgen früh um sieben', '2026-11-27T07:00'],
    ['morgen Mittag', '2026-11-27T12:00'],
    ['am Donnerstag', '2026-12-03'],
    ['Sonnabend um elf', '2026-11-28T11:00'],
    ['Montagabend um sieben', '2026-11-30T19:00'],
    ['nächsten Dienstag', '2026-12-01'],
    ['kommenden Freitag', '2026-11-27'],
    ['letzten Freitag', '2026-11-20'],
    ['übernächsten Montag', '2026-12-07'],
    ['Donnerstag in einer Woche', '2026-12-10'],
    ['nächste Woche', '2026-11-30'],
    ['am Wochenende', '2026-11-28'],
    ['am 3. Mai um 8.30 Uhr', '2027-05-03T08:30'],
    ['am dritten Mai 2028', '2028-05-03'],
    ['am 24.12.', '2026-12-24'],
    ['am 3.5.2027 um 15 Uhr', '2027-05-03T15:00'],
    ['am 15.', '2026-12-15'],
    ['am 29. Februar', '2028-02-29'],
    ['an Heiligabend', '2026-12-24'],
    ['am zweiten Weihnachtstag', '2026-12-26'],
    ['bis Freitag', '2026-11-27'],
    ['Ende des Monats', '2026-11-30'],
  ])
})

test('a time is counted from now, ahead and back', async () => {
  await reads([
    ['in einer halben Stunde', '2026-11-26T10:30'],
    ['in einer Viertelstunde', '2026-11-26T10:15'],
    ['in anderthalb Stunden', '2026-11-26T11:30'],
    ['in zweieinhalb Stunden', '2026-11-26T12:30'],
    ['in einer Stunde und 20 Minuten', '2026-11-26T11:20'],
    ['in fünfundzwanzig Minuten', '2026-11-26T10:25'],
    ['in zwei Wochen', '2026-12-10'],
    ['heute in einer Woche', '2026-12-03'],
    ['in einem Monat', '2026-12-26'],
    ['vor zwei Tagen', '2026-11-24'],
    ['seit gestern', '2026-11-25'],
  ])
})

test('what comes again and again says how often and from when on', async () => {
  await reads([
    ['jeden Tag um acht', '2026-11-27T08:00 daily'],
    ['täglich um 22 Uhr', '2026-11-26T22:00 daily'],
    ['jeden Morgen um sieben', '2026-11-27T07:00 daily'],
    ['jeden Montag', '2026-11-30 weekly'],
    ['montags und donnerstags um neun', '2026-11-30T09:00 weekly on MO,TH'],
    ['werktags um 7 Uhr', '2026-11-27T07:00 weekdays'],
    ['jedes Wochenende', '2026-11-28 weekends'],
    ['alle zwei Stunden', '2026-11-26T12:00 every 2 hours'],
    ['jeden zweiten Dienstag', '2026-12-01 every 2 weeks'],
    ['am Ersten jeden Monats', '2026-12-01 monthly'],
    ['jeden Freitagabend', '2026-11-27T19:00 weekly'],
  ])
})

test('what no day and no clock has is no time, and neither are other words', async () => {
  for (const text of [
    'um 25 Uhr',
    'um 8 Uhr 75',
    'am 30. Februar',
    'am 31. April',
    'am 32.',
    'am 13.13.',
    'Milch',
    'am besten',
    'die Müllabfuhr',
    'in Berlin',
    '',
  ])
    assert.equal(await read(text), undefined, text)
})

test('where the clock is put forward or back, the hour that is not there is the next, and the first of two counts', async () => {
  const spring = '2027-03-27T12:00:00+01:00'
  const autumn = '2026-10-24T12:00:00+02:00'
  assert.equal(await at('morgen um halb drei nachts', spring), '2027-03-28T03:30:00+02:00')
  assert.equal(await at('heute Nacht um halb drei', spring), '2027-03-28T03:30:00+02:00')
  assert.equal(await at('in 24 Stunden', spring), '2027-03-28T13:00:00+02:00')
  assert.equal(await at('morgen um zwölf Uhr mittags', spring), '2027-03-28T12:00:00+02:00')
  assert.equal(await at('morgen um halb drei nachts', autumn), '2026-10-25T02:30:00+02:00')
  assert.equal(await at('morgen um drei Uhr nachts', autumn), '2026-10-25T03:00:00+01:00')
  assert.equal(await at('in 24 Stunden', autumn), '2026-10-25T11:00:00+01:00')
})

test('lengths of time are read with halves and quarters', () => {
  const lengths: readonly (readonly [string, number | undefined])[] = [
    ['fünf Minuten', 300],
    ['eine halbe Stunde', 1800],
    ['eine Viertelstunde', 900],
    ['eine Dreiviertelstunde', 2700],
    ['anderthalb Stunden', 5400],
    ['1,5 Stunden', 5400],
    ['1 Stunde 20', 4800],
    ['eine Stunde und zehn Minuten', 4200],
    ['90 sek', 90],
    ['fünf', undefined],
    ['fünf Äpfel', undefined],
  ]
  for (const [text, seconds] of lengths) {
    const said = german.say('duration', text)
    assert.equal(said === undefined ? undefined : parseDuration(said), seconds, text)
  }
})
