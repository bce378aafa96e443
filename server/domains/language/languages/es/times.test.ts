import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTime, parseTime } from '../../slots/time.ts'
import { parseDuration } from '../../slots/duration.ts'
import { spanish } from './tongue.ts'

const TIME_ZONE = 'Europe/Madrid'
/** A Thursday. */
const NOW = '2026-11-26T10:00:00+01:00'

async function read(text: string, now = NOW): Promise<string | undefined> {
  const said = spanish.say('time', text)
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
  const said = spanish.say('time', text) ?? ''
  return (await parseTime(said, { now: new Date(now), time_zone: TIME_ZONE }))?.at
}

test('hours are said with halves and quarters, before and after, also as in America', async () => {
  await reads([
    ['a las ocho', '2026-11-26T20:00'],
    ['mañana a las siete y media', '2026-11-27T07:30'],
    ['a las ocho menos cuarto', '2026-11-26T19:45'],
    ['un cuarto para las ocho', undefined],
    ['cinco para las doce', '2026-11-26T11:55'],
    ['a las nueve y veinte', '2026-11-26T21:20'],
    ['a la una', '2026-11-26T13:00'],
    ['a la una y diez', '2026-11-26T13:10'],
    ['a las tres menos diez de la tarde', '2026-11-26T14:50'],
    ['a las diez y treinta y cinco', '2026-11-26T10:35'],
    ['a las 20:15', '2026-11-26T20:15'],
    ['a las 20h15', '2026-11-26T20:15'],
    ['a las 16h', '2026-11-26T16:00'],
    ['a las veinte horas', '2026-11-26T20:00'],
    ['a las siete en punto', '2026-11-26T19:00'],
    ['a las ocho de la noche', '2026-11-26T20:00'],
    ['a las ocho de la mañana', '2026-11-27T08:00'],
    ['a la una de la madrugada', '2026-11-27T01:00'],
    ['a las doce y media de la noche', '2026-11-27T00:30'],
    ['a las doce del mediodía', '2026-11-26T12:00'],
    ['a las doce de la noche', '2026-11-27T00:00'],
    ['al mediodía', '2026-11-26T12:00'],
    ['a medianoche', '2026-11-27T00:00'],
    ['a las 24:00', '2026-11-27T00:00'],
    ['de tres a cinco', '2026-11-26T15:00'],
  ])
})

test('days are named from today on, by weekday, date and feast', async () => {
  await reads([
    ['hoy', '2026-11-26'],
    ['mañana', '2026-11-27'],
    ['pasado mañana', '2026-11-28'],
    ['pasado manana por la tarde', '2026-11-28T15:00'],
    ['anteayer', '2026-11-24'],
    ['esta noche a las nueve', '2026-11-26T21:00'],
    ['mañana por la mañana', '2026-11-27T09:00'],
    ['el jueves', '2026-12-03'],
    ['el próximo martes', '2026-12-01'],
    ['el martes que viene', '2026-12-01'],
    ['el lunes pasado', '2026-11-23'],
    ['el lunes por la tarde', '2026-11-30T15:00'],
    ['la semana que viene', '2026-11-30'],
    ['este fin de semana', '2026-11-28'],
    ['el 3 de mayo a las 8:30', '2027-05-03T08:30'],
    ['el primero de mayo de 2028', '2028-05-01'],
    ['el día 15', '2026-12-15'],
    ['el 29 de febrero', '2028-02-29'],
    ['en Nochebuena', '2026-12-24'],
    ['en Nochevieja a las once de la noche', '2026-12-31T23:00'],
    ['el día de Reyes', '2027-01-06'],
    ['para el viernes', '2026-11-27'],
    ['a finales de mes', '2026-11-30'],
  ])
})

test('a time is counted from now, ahead and back', async () => {
  await reads([
    ['dentro de media hora', '2026-11-26T10:30'],
    ['en media hora', '2026-11-26T10:30'],
    ['dentro de un cuarto de hora', '2026-11-26T10:15'],
    ['en una hora y media', '2026-11-26T11:30'],
    ['en una hora', '2026-11-26T11:00'],
    ['en veinticinco minutos', '2026-11-26T10:25'],
    ['en dos semanas', '2026-12-10'],
    ['dentro de quince días', '2026-12-11'],
    ['hace dos días', '2026-11-24'],
    ['desde ayer', '2026-11-25'],
  ])
})

test('what comes again and again says how often and from when on', async () => {
  await reads([
    ['todos los días a las ocho', '2026-11-27T08:00 daily'],
    ['todas las mañanas a las siete', '2026-11-27T07:00 daily'],
    ['todos los lunes', '2026-11-30 weekly'],
    ['cada lunes', '2026-11-30 weekly'],
    ['los lunes y jueves a las nueve', '2026-11-30T09:00 weekly on MO,TH'],
    ['entre semana a las 7', '2026-11-27T07:00 weekdays'],
    ['los fines de semana', '2026-11-28 weekends'],
    ['cada dos horas', '2026-11-26T12:00 every 2 hours'],
    ['cada dos semanas', '2026-12-10 every 2 weeks'],
    ['el primero de cada mes', '2026-12-01 monthly'],
  ])
})

test('what no day and no clock has is no time, and neither are other words', async () => {
  for (const text of [
    'a las 25',
    'a las 8:75',
    'el 30 de febrero',
    'el 32',
    'leche',
    'la basura',
    'en Madrid',
    'una hora menos',
    '',
  ])
    assert.equal(await read(text), undefined, text)
})

test('where the clock is put forward or back, the hour that is not there is the next, and the first of two counts', async () => {
  const spring = '2027-03-27T12:00:00+01:00'
  const autumn = '2026-10-24T12:00:00+02:00'
  assert.equal(await at('mañana a las dos y media de la madrugada', spring), '2027-03-28T03:30:00+02:00')
  assert.equal(await at('esta noche a las dos y media', spring), '2027-03-28T03:30:00+02:00')
  assert.equal(await at('dentro de 24 horas', spring), '2027-03-28T13:00:00+02:00')
  assert.equal(await at('mañana a las doce del mediodía', spring), '2027-03-28T12:00:00+02:00')
  assert.equal(await at('mañana a las dos y media de la madrugada', autumn), '2026-10-25T02:30:00+02:00')
  assert.equal(await at('mañana a las tres de la madrugada', autumn), '2026-10-25T03:00:00+01:00')
  assert.equal(await at('dentro de 24 horas', autumn), '2026-10-25T11:00:00+01:00')
})

test('lengths of time are read with halves and quarters', () => {
  const lengths: readonly (readonly [string, number | undefined])[] = [
    ['cinco minutos', 300],
    ['media hora', 1800],
    ['un cuarto de hora', 900],
    ['tres cuartos de hora', 2700],
    ['hora y media', 5400],
    ['dos horas y media', 9000],
    ['1,5 horas', 5400],
    ['una hora y diez minutos', 4200],
    ['90 seg', 90],
    ['cinco', undefined],
    ['cinco huevos', undefined],
  ]
  for (const [text, seconds] of lengths) {
    const said = spanish.say('duration', text)
    assert.equal(said === undefined ? undefined : parseDuration(said), seconds, text)
  }
})
