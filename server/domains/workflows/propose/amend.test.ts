import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amended, isAmending } from './amend.ts'
import { proposed, shortened } from './rig.ts'

/** The trigger and the name of what a reply makes of a request. */
async function after(request: string, reply: string): Promise<string | undefined> {
  const changed = amended(request, reply)
  if (changed === undefined) return undefined
  const proposal = await proposed(changed)
  assert.deepEqual(shortened(proposal).slice(1), ['tasks 4/list', 'tell 0/notify'], reply)
  return `${shortened(proposal)[0]} ${proposal.name}`
}

test('a reply to a proposal changes its time, its days or its name, and nothing else', async () => {
  const weekdays = 'every weekday at 8 list my tasks'
  for (const [request, reply, wanted] of [
    [weekdays, 'no, at 18:00', 'cron 0 18 * * 1-5 List my tasks'],
    [weekdays, 'yes please but at 9', 'cron 0 9 * * 1-5 List my tasks'],
    [weekdays, 'make it every friday at 5pm', 'cron 0 17 * * 5 List my tasks'],
    [weekdays, 'actually every day', 'cron 0 8 * * * List my tasks'],
    ['list my tasks every day at 7', 'weekdays only', 'cron 0 7 * * 1-5 List my tasks'],
    [weekdays, 'make it every 2 hours instead', 'every 120 min List my tasks'],
    [weekdays, 'call it Homework', 'cron 0 8 * * 1-5 Homework'],
    [`make a workflow called "Homework": ${weekdays}`, 'but at 9', 'cron 0 9 * * 1-5 Homework'],
    [`make a workflow called "Homework": ${weekdays}`, 'yes, but call it “Tea”', 'cron 0 8 * * 1-5 Tea'],
    ['make a workflow that lists my tasks every day at 8', 'no, at 18:00', 'cron 0 18 * * * List my tasks'],
    ['make a workflow that every day at 8 lists my tasks', 'call it Homework', 'cron 0 8 * * * Homework'],
    ['make a workflow that lists my tasks', 'every day at 8', 'cron 0 8 * * * List my tasks'],
    ['every day at 9 in Tokyo time list my tasks', 'no, at 10', 'cron 0 10 * * * Asia/Tokyo List my tasks'],
    ['every day at 9 list my tasks', 'in Tokyo', 'cron 0 9 * * * Asia/Tokyo List my tasks'],
    ['every weekday at 18:30 list my tasks', 'no, in Tokyo', 'cron 30 18 * * 1-5 Asia/Tokyo List my tasks'],
    ['when agent 5 finishes, list my tasks', 'call it Homework', 'agent_completion 5 Homework'],
    [weekdays, 'change the time to 7', 'cron 0 7 * * 1-5 List my tasks'],
    [`${weekdays}, no wait, at 9`, 'on mondays', 'cron 0 9 * * 1 List my tasks'],
    ['list my tasks every weekday at 7', 'make it at 6:30 instead', 'cron 30 6 * * 1-5 List my tasks'],
    ['list my tasks every weekday at 19:00', 'make it at 6:30 instead', 'cron 30 18 * * 1-5 List my tasks'],
    ['list my tasks every weekday at 7', 'at 6:30 pm', 'cron 30 18 * * 1-5 List my tasks'],
    ['list my tasks every day at 7', 'no wait, only on weekends', 'cron 0 7 * * 6,0 List my tasks'],
    ['list my tasks every weekday at 7', 'and not on Wednesdays', 'cron 0 7 * * 1,2,4,5 List my tasks'],
    ['list my tasks every day at 7', 'except on weekends', 'cron 0 7 * * 1-5 List my tasks'],
    ['list my tasks every day at 7', 'no, on Tuesday instead', 'cron 0 7 * * 2 List my tasks'],
    ['list my tasks every day at 7', 'make it tuesday and thursday', 'cron 0 7 * * 2,4 List my tasks'],
    ['list my tasks every day at 7', 'on the 3rd of the month', 'cron 0 7 3 * * List my tasks'],
    ['list my tasks every monday at 7', 'on Saturdays too', 'cron 0 7 * * 1,6 List my tasks'],
    ['list my tasks every monday at 7', 'and on weekends as well', 'cron 0 7 * * 1,6,0 List my tasks'],
    [
      'every day at 9 in Tokyo time list my tasks',
      'no, in London time at 10',
      'cron 0 10 * * * Europe/London List my tasks',
    ],
    ['every day at 9 utc list my tasks', 'weekdays only', 'cron 0 9 * * 1-5 UTC List my tasks'],
  ] as const)
    assert.equal(await after(request, reply), wanted, reply)
})

test('a reply adds a step', async () => {
  for (const [request, reply, ...steps] of [
    [
      'list my tasks every day at 7',
      'and also list my notes',
      'cron 0 7 * * *',
      'tasks 4/list',
      'notes 2/list',
      'tell 0/notify',
    ],
    [
      'make a workflow that lists my tasks',
      'also list my notes',
      'manual',
      'tasks 4/list',
      'notes 2/list',
      'tell 0/notify',
    ],
  ] as const)
    assert.deepEqual(shortened(await proposed(amended(request, reply) ?? '')), steps)
  for (const reply of ['and polish the silver', 'and not on Mondays and list my notes'])
    assert.equal(amended('list my tasks every day at 7', reply), undefined, reply)
})

test('a reply has all of it asked about first', async () => {
  for (const [request, trigger] of [
    ['list my tasks every day at 7', 'cron 0 7 * * *'],
    ['make a workflow that lists my tasks', 'manual'],
    ['when agent 5 finishes, list my tasks', 'agent_completion 5'],
  ] as const) {
    const [starts, first, ...steps] = shortened(await proposed(amended(request, 'and ask me first') ?? ''))
    assert.equal(starts, trigger)
    assert.match(String(first), /wait_for_approval/)
    assert.equal(steps.length, 2, request)
  }
})

test('what can only change a proposal is told from an order of its own, whether or not it can be done', () => {
  for (const reply of [
    'only if there are any',
    'starting tomorrow',
    'without the list',
    'and polish the silver',
  ])
    assert.equal(isAmending(reply), true, reply)
  for (const reply of [
    'remind me at five to call Tom',
    'list my notes',
    'every friday at 9 list my notes',
    'and is it raining?',
    `only ${'very '.repeat(20)}long`,
  ])
    assert.equal(isAmending(reply), false, reply)
})

test('what says no time, no day and no name changes nothing', () => {
  for (const reply of [
    'yes',
    'what is 2 + 2',
    'list my notes',
    'no, add milk to my list',
    'at 25:99',
    'milk too',
    'on Saturdays too, and list my notes',
    'call it off',
    '',
  ])
    assert.equal(amended('every weekday at 8 list my tasks', reply), undefined, reply)
  for (const reply of ['on weekdays', 'in Tokyo'])
    assert.equal(amended('every hour list my tasks', reply), undefined, reply)
  assert.equal(amended('make a workflow that lists my tasks', 'in Tokyo'), undefined)
  for (const request of ['when agent 5 finishes, list my tasks', 'list my tasks'])
    assert.equal(amended(request, 'at 9'), undefined, request)
})
