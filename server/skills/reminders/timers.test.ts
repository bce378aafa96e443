import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:21 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:21:00+01:00').epochMilliseconds
const TIMER = { kind: 'timer' } as const

/** What is asked of timers, after a reminder that has the words of one in it. */
async function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  const refused = (name: string, parameters: object, message: string) =>
    assert.rejects(tell(name, { ...TIMER, ...parameters }), new ActionError(message))
  await tell('remind', { text: 'buy an egg timer', at: '2026-03-25T18:00' })
  return { can, tell, refused }
}

test('where no timer runs, one is neither told, longer nor cancelled, whatever reminder has its words', async () => {
  const { can, tell, refused } = await open()
  for (const label of [{}, { label: 'egg' }])
    assert.deepEqual(await tell('list', { ...TIMER, ...label }), {
      data: { reminders: [] },
      text: 'No timer is running.',
    })
  for (const text of [{}, { text: 'egg' }]) {
    await refused('snooze', { ...text, seconds: 60 }, 'No timer is running.')
    await refused('cancel', text, 'No timer is running.')
  }
  assert.equal(can.due.size, 1)
})

test('what is left is told of the one timer, of the one that is named, or of all', async () => {
  const { can, tell, refused } = await open()
  await tell('timer', { seconds: 300, label: 'an egg' })
  can.clock.now += 29_500
  assert.equal((await tell('list', TIMER)).text, 'The egg timer has 4 minutes and 31 seconds left.')
  await tell('timer', { seconds: 3600 })
  const both =
    '2 timers are running: the egg timer has 4 minutes and 31 seconds left and the 1 hour timer has 1 hour left.'
  assert.equal((await tell('list', TIMER)).text, both)
  const { text, data } = await tell('list', { ...TIMER, label: 'egg' })
  assert.equal(text, 'The egg timer has 4 minutes and 31 seconds left.')
  assert.equal((data['reminders'] as unknown[]).length, 1)
  await refused('list', { label: 'tea' }, 'There is no timer like "tea".')
})

test('a timer that is due and has yet to ring has a second left, and none less', async () => {
  const { can, tell } = await open()
  await tell('timer', { seconds: 60, label: 'tea' })
  can.clock.now += 75_000
  assert.equal((await tell('list', TIMER)).text, 'The tea timer has 1 second left.')
})

test('time is added to the timer that runs, and which one is asked of several', async () => {
  const { can, tell, refused } = await open()
  const { data } = await tell('timer', { seconds: 600 })
  const longer = await tell('snooze', { ...TIMER, seconds: 300 })
  assert.equal(longer.text, 'The 10 minute timer will be up at 10:36.')
  assert.equal(can.due.get(String(data['reminder_id'])), NOW + 900_000)
  await tell('timer', { seconds: 60, label: 'egg' })
  const which = 'Which timer do you mean: egg timer at 10:22 or 10 minute timer at 10:36?'
  await refused('snooze', { seconds: 60 }, which)
  await refused('snooze', { text: 'tea', seconds: 60 }, 'There is no timer like "tea".')
  const named = await tell('snooze', { ...TIMER, text: 'egg', seconds: 60 })
  assert.equal(named.text, 'The egg timer will be up at 10:23.')
})

test('the timer is cancelled without a word about reminders, and which one is asked of several', async () => {
  const { can, tell, refused } = await open()
  await tell('timer', { seconds: 60, label: 'egg' })
  const confirm = reminders.actions['cancel']?.confirm
  assert.equal(await confirm?.(can, { ...TIMER, text: 'egg' }), undefined)
  await tell('timer', { seconds: 600 })
  const which = 'Which one should I cancel: egg timer at 10:22 and 10 minute timer at 10:31?'
  await refused('cancel', {}, which)
  await refused('cancel', { text: 'tea' }, 'There is no timer like "tea".')
  assert.equal((await tell('cancel', { ...TIMER, text: 'egg' })).text, 'Cancelled: egg timer at 10:22.')
  assert.equal((await tell('cancel', TIMER)).text, 'Cancelled: 10 minute timer at 10:31.')
  assert.equal((await tell('list')).text, 'You have 1 reminder: buy an egg timer at 18:00.')
})

test('an alarm rings and is not a thing to do', async () => {
  const { tell } = await open()
  const text = async (parameters: object) => (await tell('remind', parameters)).text
  assert.equal(
    await text({ text: 'alarm', at: '2026-03-26T06:30' }),
    'The alarm will ring tomorrow at 06:30.',
  )
  assert.equal(
    await text({ text: 'alarm', at: '2026-03-26T07:00', repeat: 'weekdays' }),
    'The alarm will ring every weekday at 07:00, starting tomorrow.',
  )
  assert.equal(
    await text({ text: 'check the alarm', at: '2026-03-26T07:00' }),
    'I will remind you to check the alarm tomorrow at 07:00.',
  )
})
