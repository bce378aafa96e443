import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event, file, openCalendar } from './fixture.ts'
import { APPLE, GOOGLE, OUTLOOK } from './programs/fixture.ts'

const OUTLOOK_ZONE = /BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE/.exec(OUTLOOK)?.[0] ?? ''

/** Starts alone, with what they are called. */
const brief = (lines: readonly string[]) =>
  lines.map((line) => line.split(' | ')).map(([start = '', , title]) => `${start} ${title}`)

test('what Google writes takes place at the hour of New York, on both sides of both changes of the clocks', async () => {
  const { load, between } = openCalendar('2026-03-01T12:00:00Z')
  await load(GOOGLE)
  assert.deepEqual(brief(await between('2026-03-01T00:00:00Z', '2026-04-08T00:00:00Z')), [
    '2026-03-02T15:30:00+01:00 Stand-up ☕',
    '2026-03-05T15:30:00+01:00 Stand-up ☕',
    '2026-03-09T14:30:00+01:00 Stand-up ☕',
    '2026-03-13T20:00:00+01:00 Stand-up (moved)',
    '2026-03-16T14:30:00+01:00 Stand-up ☕',
    '2026-03-26T14:30:00+01:00 Stand-up ☕',
    '2026-03-30T15:30:00+02:00 Stand-up ☕',
    '2026-04-02T15:30:00+02:00 Stand-up ☕',
    '2026-04-04T00:00:00+02:00 Easter',
    '2026-04-06T15:30:00+02:00 Stand-up ☕',
  ])
  assert.deepEqual(brief(await between('2026-10-22T00:00:00Z', '2026-11-06T00:00:00Z')), [
    '2026-10-22T15:30:00+02:00 Stand-up ☕',
    '2026-10-26T14:30:00+01:00 Stand-up ☕',
    '2026-10-29T14:30:00+01:00 Stand-up ☕',
    '2026-11-02T15:30:00+01:00 Stand-up ☕',
    '2026-11-05T15:30:00+01:00 Stand-up ☕',
  ])
})

test('what Google writes is whole: place, end, and days that leave one free', async () => {
  const { load, between } = openCalendar('2026-03-01T12:00:00Z')
  await load(GOOGLE)
  const [first] = await between('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z')
  assert.equal(
    first,
    '2026-03-02T15:30:00+01:00 | 2026-03-02T15:45:00+01:00 | Stand-up ☕ | Room 5, 3rd floor | false | true',
  )
  const easter = (await between('2026-01-01T00:00:00Z', '2030-01-01T00:00:00Z')).filter((line) =>
    line.includes('Easter'),
  )
  assert.deepEqual(easter, [
    '2026-04-04T00:00:00+02:00 | 2026-04-07T00:00:00+02:00 | Easter |  | true | false',
    '2027-04-04T00:00:00+02:00 | 2027-04-07T00:00:00+02:00 | Easter |  | true | false',
  ])
})

test('what Apple writes has its durations, its further dates, and the days and times of whoever reads it', async () => {
  const { load, between } = openCalendar('2026-10-01T12:00:00Z')
  await load(APPLE)
  assert.deepEqual(await between('2026-10-19T00:00:00Z', '2026-12-31T23:00:00Z'), [
    '2026-10-20T18:00:00+02:00 | 2026-10-20T19:30:00+02:00 | Choir |  | false | true',
    '2026-10-24T08:00:00+02:00 | 2026-10-24T08:15:00+02:00 | Pills |  | false | true',
    '2026-10-25T08:00:00+01:00 | 2026-10-25T08:15:00+01:00 | Pills |  | false | true',
    '2026-10-26T08:00:00+01:00 | 2026-10-26T08:15:00+01:00 | Pills |  | false | true',
    '2026-10-27T18:00:00+01:00 | 2026-10-27T19:30:00+01:00 | Choir |  | false | true',
    '2026-10-31T09:00:00+01:00 | 2026-10-31T09:15:00+01:00 | Rent |  | false | true',
    '2026-11-03T18:00:00+01:00 | 2026-11-03T19:30:00+01:00 | Choir |  | false | true',
    '2026-11-10T18:00:00+01:00 | 2026-11-10T19:30:00+01:00 | Choir |  | false | true',
    '2026-11-22T10:00:00+01:00 | 2026-11-22T11:30:00+01:00 | Choir |  | false | true',
    '2026-11-29T10:00:00+01:00 | 2026-11-29T11:30:00+01:00 | Choir |  | false | true',
    '2026-12-31T09:00:00+01:00 | 2026-12-31T09:15:00+01:00 | Rent |  | false | true',
  ])
  const leap = (await between('2026-01-01T00:00:00Z', '2033-01-01T00:00:00Z')).filter((line) =>
    line.includes('Ann'),
  )
  assert.deepEqual(brief(leap), ['2028-02-29T00:00:00+01:00 Ann', '2032-02-29T00:00:00+01:00 Ann'])
})

test('the same file means the times of another zone to whoever lives there', async () => {
  const { load, between } = openCalendar('2026-10-01T12:00:00Z', 'America/New_York')
  await load(APPLE)
  const found = brief(await between('2026-10-24T00:00:00Z', '2026-10-28T00:00:00Z'))
  assert.deepEqual(found, [
    '2026-10-24T08:00:00-04:00 Pills',
    '2026-10-25T08:00:00-04:00 Pills',
    '2026-10-26T08:00:00-04:00 Pills',
    '2026-10-27T13:00:00-04:00 Choir',
  ])
})

test('what Outlook writes follows its own definition of the zone, and a night has the hours that it has', async () => {
  const { load, between } = openCalendar('2026-09-01T12:00:00Z')
  await load(OUTLOOK)
  assert.deepEqual(await between('2026-09-01T00:00:00Z', '2027-12-31T00:00:00Z'), [
    '2026-09-25T14:00:00+02:00 | 2026-09-25T15:00:00+02:00 | Lenkungskreis | Größer Saal | false | true',
    '2026-10-23T22:00:00+02:00 | 2026-10-24T06:00:00+02:00 | Night shift |  | false | true',
    '2026-10-24T22:00:00+02:00 | 2026-10-25T05:00:00+01:00 | Night shift |  | false | true',
    '2026-10-25T22:00:00+01:00 | 2026-10-26T06:00:00+01:00 | Night shift |  | false | true',
    '2026-10-27T14:00:00+01:00 | 2026-10-27T15:00:00+01:00 | Lenkungskreis | Größer Saal | false | true',
    '2026-11-25T14:00:00+01:00 | 2026-11-25T15:00:00+01:00 | Lenkungskreis | Größer Saal | false | true',
    '2026-11-30T14:00:00+01:00 | 2026-11-30T14:30:00+01:00 | Lenkungskreis (kurz) |  | false | true',
    '2026-12-28T14:00:00+01:00 | 2026-12-28T15:00:00+01:00 | Lenkungskreis | Größer Saal | false | true',
    '2027-01-26T14:00:00+01:00 | 2027-01-26T15:00:00+01:00 | Lenkungskreis | Größer Saal | false | true',
    '2027-02-23T14:00:00+01:00 | 2027-02-23T15:00:00+01:00 | Lenkungskreis | Größer Saal | false | true',
  ])
})

test('given out and read again, every file takes place at the same times for two years and keeps its properties', async () => {
  for (const [name, ics] of Object.entries({ GOOGLE, APPLE, OUTLOOK })) {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']) {
      const [one, other] = [
        openCalendar('2026-03-01T12:00:00Z', zone),
        openCalendar('2026-03-01T12:00:00Z', zone),
      ]
      await one.load(ics)
      await other.load(await one.give())
      const years = ['2026-01-01T00:00:00Z', '2028-01-01T00:00:00Z'] as const
      const before = await one.between(...years)
      assert.ok(before.length >= 9, name)
      assert.deepEqual(await other.between(...years), before, `${name} in ${zone}`)
      assert.deepEqual(await other.kept(), await one.kept(), name)
      assert.equal(await other.give(), await one.give(), name)
    }
  }
})

test('all files together are one calendar, given out with each zone once and no line beyond 75 bytes', async () => {
  const { load, give, kept } = openCalendar('2026-03-01T12:00:00Z')
  for (const ics of [GOOGLE, APPLE, OUTLOOK, GOOGLE]) await load(ics)
  assert.equal(Object.keys(await kept()).length, 8)
  const ics = await give()
  const zones = [...ics.matchAll(/^TZID:(.*)\r$/gm)].map(([, zone]) => zone)
  const expected = ['America/New_York', 'Europe/Berlin', 'W. Europe Standard Time']
  assert.deepEqual([zones.length, new Set(zones)], [3, new Set(expected)])
  assert.deepEqual(
    ics.split('\r\n').filter((line) => Buffer.byteLength(line) > 75),
    [],
  )
})

test('an hour that the clocks skip is the one after it, and of one that they repeat it is the first', async () => {
  for (const tzid of ['Europe/Berlin', 'W. Europe Standard Time']) {
    const { load, between } = openCalendar('2026-03-01T12:00:00Z')
    const daily = (uid: string, start: string) =>
      event(`UID:${uid}`, `SUMMARY:${uid}`, `DTSTART;TZID=${tzid}:${start}`, 'RRULE:FREQ=DAILY;COUNT=3')
    await load(
      file(OUTLOOK_ZONE, ...daily('skipped', '20260328T023000'), ...daily('repeated', '20261024T023000')),
    )
    assert.deepEqual(brief(await between('2026-03-01T00:00:00Z', '2026-12-01T00:00:00Z')), [
      '2026-03-28T02:30:00+01:00 skipped',
      '2026-03-29T03:30:00+02:00 skipped',
      '2026-03-30T02:30:00+02:00 skipped',
      '2026-10-24T02:30:00+02:00 repeated',
      '2026-10-25T02:30:00+02:00 repeated',
      '2026-10-26T02:30:00+01:00 repeated',
    ])
  }
})

test('a zone of the file that is written like one of the database has the same times, hour by hour', async () => {
  for (const change of ['2026-03-29', '2026-10-25']) {
    const from = Temporal.PlainDate.from(change).subtract({ days: 1 }).toString().replaceAll('-', '')
    const hourly = Array.from({ length: 72 }, (_, hour) => `${String(hour % 24).padStart(2, '0')}3000`)
    const days = (hour: number) => Temporal.PlainDate.from(from).add({ days: Math.floor(hour / 24) })
    const dates = hourly.map((time, hour) => `${String(days(hour)).replaceAll('-', '')}T${time}`)
    const seen = async (tzid: string) => {
      const { load, between } = openCalendar('2026-03-01T12:00:00Z')
      const [first = '', ...rest] = dates
      const lines = event('UID:1', `DTSTART;TZID=${tzid}:${first}`, `RDATE;TZID=${tzid}:${rest.join(',')}`)
      await load(file(OUTLOOK_ZONE, ...lines))
      return between('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')
    }
    const expected = await seen('Europe/Berlin')
    assert.ok(expected.length >= 70)
    assert.deepEqual(await seen('W. Europe Standard Time'), expected, change)
  }
})
