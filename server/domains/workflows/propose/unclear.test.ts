import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProposal, propose } from './index.ts'
import { CONTEXT, ZONE, problemsOf, proposed, shortened, understandClause } from './rig.ts'

test('what nobody understands is told, and nothing is made of nothing', async () => {
  const table: readonly (readonly [sentence: string, unclear: string])[] = [
    ['every day at 22:00 polish the silver', 'polish the silver'],
    ['make a workflow', 'What it should do.'],
    ['list my tasks', 'When it should start.'],
    ['every 30 seconds list my tasks', 'A workflow runs once a minute at most.'],
    [
      'every other monday list my tasks',
      'Every so many days or weeks cannot have a time of the day or a weekday yet.',
    ],
    ['every 7 minutes on mondays list my tasks', 'Every 7 minutes does not come out even.'],
    [
      'every day at 8:15 and 18:30 list my tasks',
      'One workflow has times with the same minutes only, such as 8:30 and 18:30.',
    ],
    ['every year on the 31st of april list my tasks', 'That month does not have that day.'],
    ['when agent 55 finishes, tell me the result', 'There is no agent "55".'],
    [
      'every day at 8 list my notes since last week',
      'list my notes since last week (the time would be the same at every run)',
    ],
    [
      'every friday at 9 clear my to do list and then ask me if I should clear the shopping list',
      'ask me if I should clear the shopping list',
    ],
    ['every friday at 9 clear my to do list, unless I say no', 'unless I say no'],
    ['every friday at 9 clear my to do list and ask me how', 'ask me how'],
    ['every day at 8 stop everything that runs and tell me', 'stop everything that runs'],
    ['every friday the 13th at 9 list my notes', 'the 13th at 9'],
    ['every hour except at night list my notes', 'except at night'],
    ['tell me every day at 7 my notes but only the new', 'tell me my notes but only the new'],
  ]
  for (const [sentence, unclear] of table) {
    const answer = await propose(sentence, CONTEXT)
    assert.ok(!('definition' in answer), sentence)
    assert.equal(answer.unclear[0], unclear, sentence)
  }
})

test('what begins at something that nobody here can see is a workflow that cannot be made', async () => {
  for (const sentence of [
    'whenever I add something to my shopping list, tell me',
    'when a reminder goes off, add a note about it',
    'when the rain stops, list my tasks',
    'whenever it rains, remind me to close the windows',
  ]) {
    assert.ok(isProposal(sentence), sentence)
    const answer = await propose(sentence, CONTEXT)
    assert.match(
      ('unclear' in answer && answer.unclear[0]) || '',
      /^When that is: a workflow starts at a time/u,
    )
  }
  for (const sentence of [
    'when it rains, remind me to close the windows',
    'when I was young, I read a lot',
    'when I say tea, tell agent 3 to list',
    'as soon as it rains, close the windows',
  ])
    assert.equal(isProposal(sentence), false, sentence)
})

test('one clause that is not understood is left out and told beside the others', async () => {
  const { unclear, ...proposal } = await proposed(
    'every morning give me a briefing from my mail and my tasks',
  )
  assert.deepEqual(unclear, ['my mail'])
  assert.deepEqual(shortened({ ...proposal, unclear }), ['cron 0 8 * * *', 'tasks 4/list', 'tell 0/notify'])
})

test('nothing is done without a condition that was said and not understood', async () => {
  for (const order of ['if the moon is full delete all my notes', 'delete all my notes unless I am away']) {
    const proposal = await proposed(`every day at 8 list my tasks, then ${order}`)
    assert.deepEqual(shortened(proposal).slice(1), ['tasks 4/list', 'tell 0/notify'], order)
    assert.deepEqual(proposal.unclear, [order])
  }
  const alone = await proposed('every day at 8 list my tasks; if the moon is full; delete all my notes')
  assert.deepEqual(alone.unclear, ['if the moon is full', 'delete all my notes'])
})

const unsure = async (clause: string) => {
  const found = await understandClause(clause)
  return found && { ...found, confidence: 0.79 }
}

const missing = async (clause: string) => {
  const found = await understandClause(clause)
  return found && { ...found, missing: found.action === 'add' ? ['due_date'] : [] }
}

test('what changes something must be understood for certain, and completely', async () => {
  const sentence = 'every day at 8 list my tasks and then add milk to my shopping list'
  const proposal = await proposed(sentence, { understand: unsure })
  assert.deepEqual(proposal.unclear, ['add milk to my shopping list'])
  const incomplete = await proposed(sentence, { understand: missing })
  assert.deepEqual(incomplete.unclear, ['add milk to my shopping list (due date is missing)'])
})

test('how something is to be sent that nobody sends is told, and an own action of what starts it', async () => {
  const { unclear } = await proposed('every day at 8 list my reminders by email')
  assert.deepEqual(unclear, ['by email'])
  const own = await proposed('when agent 4 adds something, add milk to my shopping list')
  assert.deepEqual(own.unclear, ['Agent 4 would start the workflow again with its own step "add".'])
})

test('the city whose time is meant is known by its zone, in any place of the schedule', async () => {
  for (const said of [
    'every day at 7 in tokyo time',
    'every day at 7 am tokyo time',
    'every day in tokyo at 7',
  ]) {
    const { definition } = await proposed(`${said} list my tasks`)
    assert.deepEqual(definition.trigger.conditions, { timezone: 'Asia/Tokyo', cron: '0 7 * * *' }, said)
  }
  const nowhere = await propose('every day at 7 in atlantis time list my tasks', CONTEXT)
  assert.deepEqual(nowhere, { unclear: ['I know no time zone of “atlantis”.'] })
})

test('what an agent does not do starts nothing without being told, and "it" is nothing before there is something', async () => {
  const { unclear } = await proposed('when agent 5 saves a note, notify me')
  assert.deepEqual(unclear, ['Agent 5 does nothing that is called “save a note”.'])
  const nothing = await propose('every day at 8 add it to my list', CONTEXT)
  assert.deepEqual(nothing, { unclear: ['add it to my list'] })
})

test('a workflow that would start itself says so', async () => {
  const { unclear, definition } = await proposed('when agent 4 finishes, list my tasks')
  assert.deepEqual(unclear, ['Agent 4 would start the workflow again with its own step "tasks".'])
  assert.match(problemsOf(definition).join(), /STARTS_ITSELF/)
  assert.deepEqual((await proposed('when agent 5 finishes, list my tasks')).unclear, [])
})

test('agents are found by the names that the user gave them', async () => {
  const agents = new Map([
    [12, 'Böse "Katze"'],
    [13, 'Garden Helper'],
    [14, 'Garden Lights'],
  ])
  const named = await proposed('when the garden helper agent finishes, tell me', { agents })
  assert.equal(named.definition.trigger.source_agent, 13)
  const several = await propose('when the garden agent finishes, tell me', { ...CONTEXT, agents })
  assert.deepEqual(several, { unclear: ['There is no agent "garden".'] })
})

test('what was said is no expression, in parameters and in texts', async () => {
  const sentence =
    'every monday at 9 add {{input.x}} to my shopping list and tell me that {{steps.x}} \\{{ is done'
  const { definition } = await proposed(sentence)
  assert.deepEqual(definition.steps[0]?.parameters, { items: ['\\{{input.x}}'], list: 'shopping' })
  assert.deepEqual(definition.steps[1]?.parameters, { text: '\\{{steps.x}} \\\\{{ is done' })
  assert.deepEqual(problemsOf(definition), [])
})

test('a phrase to be said holds no sign of templates', async () => {
  const { definition } = await proposed(
    'when I say "[good] {night} (now|then)", list my tasks and list my reminders',
  )
  assert.deepEqual(definition.trigger.conditions, { phrase: 'good night now then' })
  assert.deepEqual(problemsOf(definition), [])
})

test('times of the day are those of the user, wherever that is', async () => {
  const { definition } = await proposed('every day at 8 list my tasks', { time_zone: 'Asia/Kathmandu' })
  assert.deepEqual(definition.trigger.conditions, { cron: '0 8 * * *', timezone: 'Asia/Kathmandu' })
  const berlin = await proposed('every day at 8 list my tasks')
  assert.equal(berlin.definition.trigger.conditions['timezone'], ZONE)
})
