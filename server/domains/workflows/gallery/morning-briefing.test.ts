import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGallery } from './rig.ts'

test('the briefing comes at seven with what there is, of reminders those of the day alone', async (t) => {
  const { add, act, fires } = await openGallery(t)
  const id = await add('morning_briefing')
  await act(2, 'remember', { text: 'the spare key is\nunder the stone' })
  await act(3, 'remind', { text: 'call home', at: '2026-11-23T00:00' })
  await act(3, 'remind', { text: 'stretch', at: '2026-11-23T23:59' })
  await act(3, 'remind', { text: 'sleep', at: '2026-11-24T00:00' })
  await act(4, 'add', { items: ['tax'] })
  const { status, told, detail } = await fires(id, '2026-11-23T07:00+01:00')
  assert.equal(status, 'completed', detail.error ?? '')
  assert.deepEqual(told, [
    'info: Your briefing for Monday, 23 November:\n1 reminder today: stretch at 23:59\n1 thing to do: tax\nNoted since yesterday: the spare key is under the stone',
  ])
  assert.equal(detail.trigger['due'], '2026-11-23T06:00:00.000Z')
  assert.equal((await fires(id, '2026-11-24T07:00+01:00')).status, 'completed')
})

test('a day with nothing in it is said to be empty', async (t) => {
  const { add, start } = await openGallery(t)
  const { status, told } = await start(await add('morning_briefing'))
  assert.deepEqual(
    [status, told],
    [
      'completed',
      [
        'info: Your briefing for Sunday, 22 November:\nNo reminders today.\nYour to do list is empty.\nNothing noted since yesterday.',
      ],
    ],
  )
})

const event = (title: string, start: string): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', `SUMMARY:${title}`, start, 'END:VEVENT', 'END:VCALENDAR'].join(
    '\r\n',
  )

test('what is next in the calendar is named with its time, or its day when it lasts the whole day', async (t) => {
  const { add, act, start } = await openGallery(t)
  const id = await add('morning_briefing')
  const line = async () => (await start(id)).told[0]?.split('\n')[2]
  await act(3, 'import_ics', { ics: event('Fair', 'DTSTART;VALUE=DATE:20261130') })
  assert.equal(await line(), 'Next in your calendar: Fair (Mon 30 Nov)')
  await act(3, 'import_ics', { ics: event('Dentist', 'DTSTART:20261124T080000Z').replace('UID:1', 'UID:2') })
  assert.equal(await line(), 'Next in your calendar: Dentist (Tue 24 Nov 09:00)')
})

test('many and long things are counted and cut, between characters and not within them', async (t) => {
  const { add, act, start } = await openGallery(t)
  await act(4, 'add', {
    items: Array.from({ length: 300 }, (_, index) => `thing ${index} ${'x'.repeat(400)}`),
  })
  for (let note = 0; note < 25; note += 1)
    await act(2, 'remember', { text: `${'a'.repeat(note)}${'😀'.repeat(3_000)}` })
  for (let hour = 12; hour < 24; hour += 1)
    await act(3, 'remind', { text: `${'é'.repeat(300)}${hour}`, at: `2026-11-22T${hour}:00` })
  const { status, told, detail } = await start(await add('morning_briefing'))
  assert.equal(status, 'completed', detail.error ?? '')
  const [, reminders = '', tasks = '', notes = ''] = told[0]?.split('\n') ?? []
  assert.match(
    reminders,
    /^12 reminders today: é{79}… at 12:00, (?:é{79}… at 1\d:00, ){3}é{79}… at 16:00 and 7 more$/,
  )
  assert.match(tasks, /^300 things to do: thing 0 x{71}…, .* and 295 more$/)
  assert.match(notes, /^20 notes since yesterday: .*… and 15 more$/)
  assert.ok(told[0]?.isWellFormed())
})

test('an agent that is switched off takes nothing from the others, and the run says that it failed', async (t) => {
  const { add, act, ask, start } = await openGallery(t)
  await act(4, 'add', { items: ['tax', 'bins'] })
  const id = await add('morning_briefing')
  for (const agent of ['2', '3']) await ask('agents.update', { id: agent, is_active: false })
  const { status, told } = await start(id)
  assert.deepEqual(
    [status, told],
    [
      'failed',
      [
        'info: Your briefing for Sunday, 22 November:\nYour reminders could not be read.\n2 things to do: tax, bins\nYour notes could not be read.',
      ],
    ],
  )
})
