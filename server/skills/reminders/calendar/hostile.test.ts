import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../../skill.ts'
import { event, file, openCalendar } from './fixture.ts'

const NOW = '2026-03-25T10:00:00+01:00'
const START = 'DTSTART:20260326T090000Z'
const LOCAL = 'DTSTART;TZID=Own:20260326T090000'
const one = (...lines: readonly string[]) => event('UID:1@x', 'SUMMARY:X', ...lines)
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
/** Nine in the morning of a day from 2026 on. */
const day = (index: number) =>
  new Date(Date.UTC(2026, 0, 1 + index, 9)).toISOString().replaceAll(/[-:]|\.000/g, '')
const zone = (...lines: readonly string[]) => [
  'BEGIN:VTIMEZONE',
  'TZID:Own',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  ...lines,
  'END:STANDARD',
  'END:VTIMEZONE',
]
const OFFSETS = ['TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200']

const DAMAGED = 'This calendar file is damaged.'
const NONE = 'There are no events in this calendar.'
const NO_CALENDAR = 'That is not a calendar file.'
const LONG = 'A line of this calendar is longer than 131072 characters.'
const MUCH = 'The calendar repeats more than I can work out at once.'
const OFTEN = 'The calendar has an event that repeats more often than every day.'
const IMPOSSIBLE = 'The event "X" has a date that does not exist.'
const ZONE = 'The calendar defines the time zone "Own" in a way that I do not understand.'

test('files that are broken, endless or huge are refused in words, whatever they do', async () => {
  const cases: Readonly<Record<string, readonly [ics: string, message: string]>> = {
    'beginnings without an end': ['BEGIN:VCALENDAR\n'.repeat(62_000), NO_CALENDAR],
    'an end before the beginning': ['END:VCALENDAR\nBEGIN:VCALENDAR\n', NO_CALENDAR],
    'calendars inside each other': [
      'BEGIN:VCALENDAR\n'.repeat(30_000) + 'END:VCALENDAR\n'.repeat(30_000),
      NONE,
    ],
    'ends without a beginning': [`BEGIN:VCALENDAR\n${'END:VCALENDAR\n'.repeat(70_000)}`, NONE],
    'events inside each other': [
      file(...many(35_000, () => 'BEGIN:VEVENT'), ...many(35_000, () => 'END:VEVENT')),
      'This calendar has 35000 events; I can take 500 at once.',
    ],
    'one long line': [file(...one(START, `DESCRIPTION:${'x'.repeat(990_000)}`)), LONG],
    'a fold after every character': [file(...one(START, `DESCRIPTION:${'x\r\n '.repeat(240_000)}`)), LONG],
    'a quote that does not end': [file(...one(START, `X-A;B="${'x'.repeat(900_000)}`)), LONG],
    'signs alone': [file(...one(START, `X-A;${'='.repeat(900_000)}:x`)), LONG],
    'values alone': [file(...one(START, `CATEGORIES:${','.repeat(900_000)}`)), LONG],
    'very many dates': [file(...one(START, `RDATE:${many(50_000, day).join(',')}`)), LONG],
    'every second': [file(...one(START, 'RRULE:FREQ=SECONDLY')), OFTEN],
    'a count that does not end': [
      file(...one('DTSTART:19000101T090000Z', 'RRULE:FREQ=DAILY;COUNT=1000000000')),
      MUCH,
    ],
    'many that must be counted': [
      file(
        ...many(500, (index) =>
          event(`UID:${index}`, 'DTSTART:20160101T090000Z', 'RRULE:FREQ=DAILY;COUNT=10000'),
        ).flat(),
      ),
      MUCH,
    ],
    'an hour that no day has': [file(...one(START, 'RRULE:FREQ=DAILY;BYHOUR=99')), DAMAGED],
    'an end that is no time': [file(...one(START, 'RRULE:FREQ=DAILY;UNTIL=never')), DAMAGED],
    'the year 1': [file(...one('DTSTART:00010101T000000Z')), 'An event is in the year 1.'],
    'the year 9999': [
      file(...one('DTSTART:99991231T235959Z', 'RRULE:FREQ=DAILY')),
      'An event is in the year 9999.',
    ],
    'a month that no year has': [file(...one('DTSTART:20261345T090000Z')), IMPOSSIBLE],
    'the 30th of February': [file(...one('DTSTART;VALUE=DATE:20260230')), IMPOSSIBLE],
    'an exception on no day': [file(...one(START, 'EXDATE:20260431T090000Z')), IMPOSSIBLE],
    'no time at all': [file(...one('DTSTART:tomorrow')), DAMAGED],
    'old line ends alone': [file(...one(START)).replaceAll('\r\n', '\r'), DAMAGED],
    'a path for a zone': [
      file(...one('DTSTART;TZID=../../etc/passwd:20260326T090000')),
      'The calendar uses the unknown time zone "../../etc/passwd".',
    ],
    'a long name for a zone': [
      file(...one(`DTSTART;TZID=${'x'.repeat(50_000)}:20260326T090000`)),
      `The calendar uses the unknown time zone "${'x'.repeat(80)}".`,
    ],
    'a zone without anything': [file('BEGIN:VTIMEZONE', 'TZID:Own', 'END:VTIMEZONE', ...one(LOCAL)), ZONE],
    'a zone without an offset': [file(...zone(), ...one(LOCAL)), ZONE],
    'a zone that changes daily': [file(...zone(...OFFSETS, 'RRULE:FREQ=DAILY'), ...one(LOCAL)), ZONE],
    'a zone that never changes by its rule': [
      file(...zone(...OFFSETS, 'RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1MO;BYMONTHDAY=15'), ...one(LOCAL)),
      MUCH,
    ],
    'a zone that changes all the time': [
      file(
        ...zone(...OFFSETS, `RRULE:FREQ=YEARLY;BYYEARDAY=${many(360, (index) => index + 1).join(',')}`),
        ...one(LOCAL),
      ),
      MUCH,
    ],
    'too many events': [
      file(...many(501, (index) => event(`UID:${index}`, START)).flat()),
      'This calendar has 501 events; I can take 500 at once.',
    ],
  }
  for (const [what, [ics, message]] of Object.entries(cases)) {
    assert.ok(ics.length <= 1_000_000, what)
    await assert.rejects(openCalendar(NOW).load(ics), new ActionError(message), what)
  }
})

test('what is odd but can be understood is taken, and can be given out and read again', async () => {
  const cases: Readonly<Record<string, readonly [ics: string, next: string]>> = {
    'names of the language itself': [
      file(...one(START, 'CONSTRUCTOR:y', '__PROTO__:x', 'X-A;CONSTRUCTOR=1;__PROTO__=2:z', 'TOSTRING:q')),
      '2026-03-26T10:00:00+01:00',
    ],
    'no interval': [file(...one(START, 'RRULE:FREQ=DAILY;INTERVAL=0')), '2026-03-26T10:00:00+01:00'],
    'an interval beyond all time': [
      file(
        ...one('DTSTART:20260324T090000Z', 'RRULE:FREQ=YEARLY;INTERVAL=999999999'),
        ...event('UID:2', START),
      ),
      '2026-03-26T10:00:00+01:00',
    ],
    'a length of millions of years': [
      file(...one(START, 'DURATION:P99999999999W')),
      '2026-03-26T10:00:00+01:00',
    ],
    'an end before the start': [file(...one(START, 'DTEND:20200101T000000Z')), '2026-03-26T10:00:00+01:00'],
    'weekdays said thousands of times': [
      file(
        ...one('DTSTART:20260325T100000Z', `RRULE:FREQ=YEARLY;BYDAY=${many(15_000, () => 'MO').join(',')}`),
      ),
      '2026-03-30T12:00:00+02:00',
    ],
    'half a pair and nothing': [file(...one(START, 'DESCRIPTION:a\0b\uD800')), '2026-03-26T10:00:00+01:00'],
    'line feeds alone': [file(...one(START)).replaceAll('\r\n', '\n'), '2026-03-26T10:00:00+01:00'],
    'a fold by a tab, and empty lines': [
      file('', ...one(START, 'DESCRIPTION:a\r\n\tb', ''), ''),
      '2026-03-26T10:00:00+01:00',
    ],
    'a fold before everything': [` x\r\n${file(' y', ...one(START))}`, '2026-03-26T10:00:00+01:00'],
  }
  for (const [what, [ics, next]] of Object.entries(cases)) {
    const [first, second] = [openCalendar(NOW), openCalendar(NOW)]
    await first.load(ics)
    const found = (await first.tell('next_event')).data['event'] as { start: string } | null
    assert.equal(found?.start, next, what)
    await second.load(await first.give())
    assert.deepEqual(await second.kept(), await first.kept(), what)
  }
})

/** Days and hours of everything that takes place. */
const starts = async (...lines: readonly string[]) => {
  const { load, between } = openCalendar(NOW, 'UTC')
  await load(file(...lines))
  const found = await between('2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z')
  return found.map((line) => line.slice(5, 13).replace('T', ' '))
}

test('changes that name each other, themselves or nothing move each occurrence once', async () => {
  const daily = one(START, 'RRULE:FREQ=DAILY;COUNT=4')
  const moved = (origin: string, start: string) => one(`RECURRENCE-ID${origin}`, `DTSTART:${start}`)
  const onward = ';RANGE=THISANDFUTURE:20260327T090000Z'
  assert.deepEqual(
    await starts(
      ...daily,
      ...moved(':20260327T090000Z', '20260328T110000Z'),
      ...moved(':20260328T090000Z', '20260327T120000Z'),
    ),
    ['03-26 09', '03-27 12', '03-28 11', '03-29 09'],
  )
  assert.deepEqual(await starts(...daily, ...moved(':20260327T090000Z', '20260327T090000Z')), [
    '03-26 09',
    '03-27 09',
    '03-28 09',
    '03-29 09',
  ])
  assert.deepEqual(
    await starts(
      ...daily,
      ...moved(onward, '20260327T100000Z'),
      ...moved(':20260401T090000Z', '20260402T090000Z'),
    ),
    ['03-26 09', '03-27 10', '03-28 10', '03-29 10', '04-02 09'],
  )
  assert.deepEqual(await starts(...moved(':20260326T090000Z', '20260326T110000Z')), ['03-26 11'])
})
