import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:00 in Berlin, four days before the clocks change there. */
const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

function open(now = NOW, time_zone = 'Europe/Berlin') {
  const can = openInMemory(now, time_zone)
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  return { can, tell, load: (...lines: string[]) => tell('import_ics', { ics: file(...lines) }) }
}

const file = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR'].join('\r\n')
const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']
const standup = event(
  'UID:standup@x',
  'SUMMARY:Stand-up',
  'DTSTART;TZID=America/New_York:20260302T090000',
  'DTEND;TZID=America/New_York:20260302T091500',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260410T130000Z',
  'EXDATE;TZID=America/New_York:20260330T090000',
)
const moved = event(
  'UID:standup@x',
  'SUMMARY:Stand-up, late',
  'RECURRENCE-ID;TZID=America/New_York:20260402T090000',
  'DTSTART;TZID=America/New_York:20260402T110000',
  'DTEND;TZID=America/New_York:20260402T111500',
)

const dentist = (...lines: string[]) =>
  event('UID:1@x', 'SUMMARY:Dentist', 'DTSTART:20260326T090000Z', ...lines)
const outlookZone = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]
const refused = (ics: string, message: string) =>
  assert.rejects(open().tell('import_ics', { ics }), new ActionError(message))
const endless = (start: string, rule: string) =>
  assert.rejects(open().load(...event('UID:1', `DTSTART:${start}`, `RRULE:${rule}`)), ActionError, rule)

interface Event {
  title: string
  start: string
  end: string
  occurrences: string[]
}
const eventsOf = (data: Record<string, unknown>) => data['events'] as Event[]

test('a repeated event keeps the hour of its own zone, without what is excluded, and with what was moved', async () => {
  const { load } = open()
  const { data, text } = await load(...standup, ...moved)
  // New York changed its clocks on 8 March and Berlin does on the 29th: until then they are five hours apart.
  assert.deepEqual(eventsOf(data)[0]?.occurrences, [
    '2026-03-26T14:00:00+01:00',
    '2026-04-02T17:00:00+02:00',
    '2026-04-06T15:00:00+02:00',
    '2026-04-09T15:00:00+02:00',
  ])
  assert.equal(text, 'Imported 1 event: Stand-up tomorrow at 14:00.')
})

test('an event is found next where it was moved to, and not where it was', async () => {
  const { can, tell, load } = open()
  await load(...standup, ...moved)
  can.clock.now = Temporal.Instant.from('2026-04-02T15:00:00+02:00').epochMilliseconds
  const { text } = await tell('next_event')
  assert.equal(text, 'Next is Stand-up, late at 17:00.')
})

test('a change of an occurrence and all after it moves them all', async () => {
  const later = moved.map((line) =>
    line.replace('RECURRENCE-ID;', 'RECURRENCE-ID;RANGE=THISANDFUTURE;').replace('T111500', 'T113000'),
  )
  const { data } = await open().load(...standup, ...later)
  assert.deepEqual(eventsOf(data)[0]?.occurrences, [
    '2026-03-26T14:00:00+01:00',
    '2026-04-02T17:00:00+02:00',
    '2026-04-06T17:00:00+02:00',
    '2026-04-09T17:00:00+02:00',
  ])
})

test('a cancelled occurrence is left out', async () => {
  const cancelled = [...moved.slice(0, -1), 'STATUS:CANCELLED', 'END:VEVENT']
  const { data } = await open().load(...standup, ...cancelled)
  assert.ok(!eventsOf(data)[0]?.occurrences.some((start) => start.startsWith('2026-04-02')))
})

test('a zone that only the file knows follows the definition in the file', async () => {
  const daily = event(
    'UID:1@x',
    'SUMMARY:Lunch',
    'DTSTART;TZID=W. Europe Standard Time:20260328T120000',
    'RRULE:FREQ=DAILY;COUNT=3',
  )
  const { tell, load } = open()
  const { data } = await load(...outlookZone, ...daily)
  const starts = ['2026-03-28T12:00:00+01:00', '2026-03-29T12:00:00+02:00', '2026-03-30T12:00:00+02:00']
  assert.deepEqual(eventsOf(data)[0]?.occurrences, starts)
  const again = open()
  const back = await again.tell('import_ics', { ics: (await tell('export_ics')).data['ics'] })
  assert.deepEqual(eventsOf(back.data)[0]?.occurrences, starts)
})

test('an old daily event is not counted day by day, nor a counted one miscounted', async () => {
  const old = event('UID:1@x', 'SUMMARY:Walk', 'DTSTART:19700101T060000Z', 'RRULE:FREQ=DAILY;INTERVAL=3')
  const counted = event('UID:2@x', 'SUMMARY:Swim', 'DTSTART:20260301T060000Z', 'RRULE:FREQ=DAILY;COUNT=26')
  const { data } = await open().load(...old, ...counted)
  const [walk, swim] = eventsOf(data)
  assert.equal(walk?.occurrences.length, 60)
  const days = Temporal.PlainDate.from('1970-01-01').until(walk?.start.slice(0, 10) ?? '').days
  assert.equal(days % 3, 0)
  assert.deepEqual(swim?.occurrences, ['2026-03-26T07:00:00+01:00'])
})

test('the last Friday and the 31st are found, also long after the event began', async () => {
  const friday = event('UID:1@x', 'SUMMARY:A', 'DTSTART:20160129T120000Z', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR')
  const last = event('UID:2@x', 'SUMMARY:B', 'DTSTART:20160131T120000Z', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=31')
  const { data } = await open().load(...friday, ...last)
  const starts = eventsOf(data).map(({ occurrences }) =>
    occurrences.slice(0, 2).map((start) => start.slice(0, 10)),
  )
  assert.deepEqual(starts, [
    ['2026-03-27', '2026-04-24'],
    ['2026-03-31', '2026-05-31'],
  ])
})

test("a whole day is the user's day, and a time without a zone the user's time", async () => {
  const trip = event('UID:1@x', 'SUMMARY:Trip', 'DTSTART;VALUE=DATE:20260328', 'DTEND;VALUE=DATE:20260330')
  const swim = event('UID:2@x', 'SUMMARY:Swim', 'DTSTART:20260326T070000', 'DURATION:PT45M')
  const { data, text } = await open().load(...trip, ...swim)
  const [first, second] = eventsOf(data)
  assert.deepEqual([first?.start, first?.end], ['2026-03-28T00:00:00+01:00', '2026-03-30T00:00:00+02:00'])
  assert.deepEqual([second?.start, second?.end], ['2026-03-26T07:00:00+01:00', '2026-03-26T07:45:00+01:00'])
  assert.equal(text, 'Imported 2 events: Trip on Saturday and Swim tomorrow at 07:00.')
})

test('the same event read again replaces itself, and its cancellation removes it', async () => {
  const { tell, load } = open()
  await load(...dentist())
  await load(...dentist('LOCATION:Main Street 1'))
  assert.equal((await tell('next_event')).text, 'Next is Dentist tomorrow at 10:00, Main Street 1.')
  const { data, text } = await load(...dentist('STATUS:CANCELLED'))
  assert.deepEqual([data, text], [{ events: [] }, 'Removed 1 cancelled event.'])
  assert.deepEqual((await tell('next_event')).data, { event: null })
})

test('an event of which every occurrence is excluded is left out, and the others are not', async () => {
  const none = event(
    'UID:1@x',
    'DTSTART:20260326T090000Z',
    'RRULE:FREQ=DAILY;COUNT=1',
    'EXDATE:20260326T090000Z',
  )
  const { data } = await open().load(
    ...none,
    ...event('UID:2@x', 'SUMMARY:Lunch', 'DTSTART:20260326T110000Z'),
  )
  assert.deepEqual(
    eventsOf(data).map(({ title }) => title),
    ['Lunch'],
  )
})

test('words around a calendar are ignored, and an event of the past is kept but not next', async () => {
  const { tell } = open()
  const ics = `please import:\n${file(...event('UID:1@x', 'SUMMARY:Old', 'DTSTART:20200101T090000Z'))}\nthanks`
  assert.equal((await tell('import_ics', { ics })).text, 'Imported 1 event: Old on 1 January 2020 at 10:00.')
  assert.deepEqual((await tell('next_event')).data, { event: null })
})

test('what is not a calendar, has no events, or an unknown zone is refused', async () => {
  await refused('tomorrow at five', 'That is not a calendar file.')
  await refused('BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR', 'This calendar file is damaged.')
  await refused(file(), 'There are no events in this calendar.')
  await refused(file(...event('UID:1', 'SUMMARY:Lunch')), 'The event "Lunch" has no start.')
  await refused(
    file(...event('UID:1', 'DTSTART;TZID=Middle Earth:20260326T090000')),
    'The calendar uses the unknown time zone "Middle Earth".',
  )
})

test('files inside an event are left out, and an event too large to keep is refused', async () => {
  const file_line = `ATTACH;ENCODING=BASE64;VALUE=BINARY:${'QUJD'.repeat(60_000)}`
  const { tell, load } = open()
  await load(...event('UID:1@x', 'SUMMARY:Talk', 'DTSTART:20260326T090000Z', file_line))
  assert.doesNotMatch(String((await tell('export_ics')).data['ics']), /ATTACH/)
  const long = event(
    'UID:2@x',
    'SUMMARY:Book',
    'DTSTART:20260326T090000Z',
    `DESCRIPTION:${'x'.repeat(70_000)}`,
  )
  await assert.rejects(load(...long), new ActionError('The event "Book" is too large.'))
})

test('rules without end are refused within bounded time', async () => {
  await endless('20260101T100000Z', 'FREQ=SECONDLY')
  await endless('20260101T100000Z', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')
  await endless('20260201T100000Z', 'FREQ=MONTHLY;INTERVAL=48;BYDAY=5MO')
  await endless('20260101T100000Z', 'FREQ=YEARLY;BYMONTH=4;BYDAY=1MO;BYMONTHDAY=15,16')
})

test('a calendar given out can be read back, with the zones it names and without its reminders', async () => {
  const { can, tell, load } = open()
  await load(...standup, ...moved)
  await tell('remind', { text: 'rent', at: '2026-03-31T09:00', repeat: 'monthly' })
  await tell('timer', { seconds: 60 })
  const { data, text } = await tell('export_ics')
  assert.equal(text, 'Here is your calendar with 1 event and 1 reminder.')
  const ics = String(data['ics'])
  assert.match(ics, /^BEGIN:VCALENDAR\r\nPRODID:/)
  assert.match(ics, /TZID:America\/New_York\r\n/)
  assert.match(ics, /TZID:Europe\/Berlin\r\n/)
  assert.match(ics, /DTSTART;TZID=Europe\/Berlin:20260331T090000\r\n/)
  assert.match(ics, /RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1\r\n/)
  assert.match(ics, /BEGIN:VALARM\r\n/)
  assert.ok(ics.split('\r\n').every((line) => line.length <= 75))
  const back = await open(can.clock.now).tell('import_ics', { ics })
  assert.equal(eventsOf(back.data).length, 1)
  assert.equal(eventsOf(back.data)[0]?.occurrences.length, 4)
})

test('the sooner of a reminder and an event is next, and what goes on already is not', async () => {
  const { tell, load } = open()
  assert.equal((await tell('next_event')).text, 'Nothing is coming up.')
  await load(...event('UID:1@x', 'SUMMARY:Workshop', 'DTSTART:20260325T080000Z', 'DTEND:20260325T160000Z'))
  assert.deepEqual((await tell('next_event')).data, { event: null })
  await tell('remind', { text: 'call my bank', in_seconds: 7200 })
  assert.equal((await tell('next_event')).text, 'Next is a reminder: call your bank, at 12:00.')
  await load(...event('UID:2@x', 'SUMMARY:Lunch', 'DTSTART:20260325T103000Z'))
  assert.equal((await tell('next_event')).text, 'Next is Lunch at 11:30.')
})

test('free slots are the gaps in working hours, from now on, that are long enough', async () => {
  const { tell, load } = open()
  await load(
    ...event('UID:1@x', 'SUMMARY:A', 'DTSTART:20260325T103000Z', 'DTEND:20260325T113000Z'),
    ...event('UID:2@x', 'SUMMARY:B', 'DTSTART:20260325T120000Z', 'DTEND:20260325T160000Z'),
    ...event('UID:3@x', 'SUMMARY:C', 'DTSTART:20260325T140000Z', 'DTEND:20260325T150000Z'),
    ...event('UID:4@x', 'SUMMARY:D', 'TRANSP:TRANSPARENT', 'DTSTART;VALUE=DATE:20260325'),
  )
  const { data, text } = await tell('free_slots', { from: '2026-03-25', to: '2026-03-25', minutes: 45 })
  assert.equal(text, 'You are free today from 10:00 to 11:30 and today from 17:00 to 18:00.')
  assert.deepEqual((data['slots'] as object[])[0], {
    start: '2026-03-25T10:00:00+01:00',
    end: '2026-03-25T11:30:00+01:00',
    minutes: 90,
  })
  const full = await tell('free_slots', { from: '2026-03-25T13:00', to: '2026-03-25T17:00', minutes: 60 })
  assert.deepEqual([full.data, full.text], [{ slots: [] }, 'There are no 60 minutes free in that time.'])
})

test('times of day that were said replace the working hours of the first and the last day', async () => {
  const { tell } = open()
  const { data } = await tell('free_slots', { from: '2026-03-28T16:00', to: '2026-03-30T10:00', minutes: 30 })
  assert.deepEqual(data['slots'], [
    { start: '2026-03-28T16:00:00+01:00', end: '2026-03-28T18:00:00+01:00', minutes: 120 },
    { start: '2026-03-29T09:00:00+02:00', end: '2026-03-29T18:00:00+02:00', minutes: 540 },
    { start: '2026-03-30T09:00:00+02:00', end: '2026-03-30T10:00:00+02:00', minutes: 60 },
  ])
  const evening = await tell('free_slots', { from: '2026-03-26T19:00', to: '2026-03-26T21:00' })
  assert.equal(evening.text, 'You are free tomorrow from 19:00 to 21:00.')
  assert.equal(((await tell('free_slots')).data['slots'] as object[]).length, 7)
})

test('free slots of the past, backwards, or of more than a quarter are refused', async () => {
  const { tell } = open()
  await assert.rejects(tell('free_slots', { from: '2026-03-24', to: '2026-03-24' }), ActionError)
  await assert.rejects(tell('free_slots', { from: '2026-03-27', to: '2026-03-26' }), ActionError)
  await assert.rejects(tell('free_slots', { from: '2026-03-25', to: '2027-03-25' }), ActionError)
})
