import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'
import { REMINDERS } from './record.ts'
import type { Reminder } from './record.ts'
import { ring } from './ring.ts'

/** Wednesday, 10:21 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:21:00+01:00').epochMilliseconds

function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  /** Rings until it is over, and says on which days it rang. */
  const daysOf = async (id: unknown) => {
    const days: string[] = []
    for (let count = 0; count < 20; count += 1) {
      const record = await can.records.get<Reminder>(REMINDERS, String(id))
      if (record?.group !== 'waiting') break
      days.push(
        String(
          Temporal.Instant.fromEpochMilliseconds(record.at).toZonedDateTimeISO('Europe/Berlin').toPlainDate(),
        ),
      )
      await can.records.put(REMINDERS, ring(record, record.at).record)
    }
    return days
  }
  return { can, tell, daysOf }
}

const DAILY = { text: 'stretch', at: '2026-03-26T19:00', repeat: 'daily' }

test('what repeats rings on its last day, and has then rung for good', async () => {
  const { tell, daysOf } = open()
  const { data, text } = await tell('remind', { ...DAILY, until: '2026-03-29' })
  assert.equal(text, 'I will remind you to stretch every day at 19:00, starting tomorrow, until Sunday.')
  assert.deepEqual(await daysOf(data['reminder_id']), [
    '2026-03-26',
    '2026-03-27',
    '2026-03-28',
    '2026-03-29',
  ])
  assert.equal((await tell('list')).text, 'No reminders are set.')
})

test('it does not ring on days that were left out, be it the first one', async () => {
  const { tell, daysOf } = open()
  const except = ['2026-03-26', '2026-03-28']
  const { data, text } = await tell('remind', { ...DAILY, until: '2026-03-30', except })
  assert.match(text, /starting on Friday, until Monday, but not tomorrow and on Saturday\.$/)
  assert.deepEqual(await daysOf(data['reminder_id']), ['2026-03-27', '2026-03-29', '2026-03-30'])
})

test('every hour of a day that was left out is silent', async () => {
  const { tell } = open()
  const hourly = { text: 'drink', at: '2026-03-25T23:30', repeat: 'hourly', except: ['2026-03-26'] }
  const { data } = await tell('remind', { ...hourly, at: '2026-03-26T00:30' })
  assert.match(String(data['due']), /^2026-03-27T00:30/)
})

test('what could never ring, and bounds of what comes once, are refused', async () => {
  const { tell } = open()
  for (const [parameters, why] of [
    [{ ...DAILY, until: '2026-03-25' }, /never ring/],
    [{ ...DAILY, until: '2026-03-26', except: ['2026-03-26'] }, /never ring/],
    [{ text: 'stretch', at: '2026-03-26T19:00', until: '2026-03-29' }, /Only what repeats/],
    [{ ...DAILY, until: '2026-02-30' }, /not a day/],
    [{ ...DAILY, except: ['2026-02-30'] }, /not a day/],
  ] as const)
    await assert.rejects(tell('remind', parameters), (error: unknown) => {
      assert.ok(error instanceof ActionError)
      assert.match(error.message, why)
      return true
    })
})

test('a calendar that is exported ends it and leaves the same days out', async () => {
  const { tell } = open()
  await tell('remind', { ...DAILY, until: '2026-03-30', except: ['2026-03-28'] })
  const ics = String((await tell('export_ics')).data['ics'])
  assert.match(ics, /RRULE:FREQ=DAILY;UNTIL=20260330T215959Z/)
  assert.match(ics, /EXDATE;TZID=Europe\/Berlin:20260328T190000/)
  const again = open()
  // What is its own is not imported once more.
  await again.tell('import_ics', { ics: ics.replace(/UID:\S+/u, 'UID:another') })
  const days = ['2026-03-27', '2026-03-28', '2026-03-30', '2026-03-31']
  const found = await Promise.all(days.map(async (day) => (await again.tell('agenda', { day })).text))
  assert.deepEqual(
    found.map((text) => text.includes('stretch')),
    [true, false, true, false],
  )
})

test('days that are left out are kept once and in their order, and what rings too late is refused', async () => {
  const { tell, daysOf } = open()
  const except = ['2026-03-28', '2026-03-26', '2026-03-28']
  const { data, text } = await tell('remind', { ...DAILY, until: '2026-03-29', except })
  assert.match(text, /but not tomorrow and on Saturday\.$/)
  assert.deepEqual(await daysOf(data['reminder_id']), ['2026-03-27', '2026-03-29'])
  const years = Array.from({ length: 20 }, (_, count) => `${2026 + count}-03-26`)
  await assert.rejects(
    tell('remind', { text: 'x', at: '2026-03-26T19:00', repeat: 'yearly', except: years }),
    /more than ten years away/,
  )
})
