import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { hear } from '../../../test/understanding.ts'

const opened = await openTestApp()
after(() => opened.remove())
const { token, user_id } = await opened.claim()
const { ask, clock } = opened

/** Tier, agent and action that a sentence means. */
async function gist(text: string, of = user_id): Promise<unknown[]> {
  const { tier, meaning } = await hear(opened, of, text)
  return [tier, meaning?.agent_number, meaning?.name]
}

/** A change of an agent at a moment of its own. */
async function change(id: string, to: object): Promise<void> {
  clock.advance(1)
  await ask(token, 'agents.update', { id, ...to })
}

const command = (phrase: string, action: string, parameters?: Record<string, unknown>) => ({
  phrase,
  action,
  ...(parameters && { parameters }),
})

test('a voice command of an agent is understood at once, and no longer when it is taken away', async () => {
  assert.notEqual((await gist('larder gets milk'))[0], 'template')
  await change('4', {
    config: { voice_commands: [command('larder gets {items}', 'add', { list: 'shopping' })] },
  })
  const { meaning, parameters } = await hear(opened, user_id, 'larder gets milk and tea')
  assert.deepEqual([meaning?.agent_number, meaning?.name], [4, 'add'])
  assert.deepEqual(parameters, { items: ['milk', 'tea'], list: 'shopping' })
  await change('4', { config: { voice_commands: [] } })
  assert.notEqual((await gist('larder gets milk'))[0], 'template')
})

test('what is said wins over what a phrase stands for', async () => {
  const voice_commands = [command('quickly add {items} to {list}', 'add', { list: 'shopping' })]
  await change('4', { config: { voice_commands } })
  const { parameters } = await hear(opened, user_id, 'quickly add milk to party')
  assert.deepEqual(parameters, { items: ['milk'], list: 'party' })
  await change('4', { config: { voice_commands: [] } })
})

test('an agent that was given another name is addressed by that one', async () => {
  await change('4', { name: 'Butler' })
  assert.deepEqual(await gist('butler, add milk to my list'), ['template', 4, 'add'])
  assert.notEqual((await hear(opened, user_id, 'lists, add milk')).reason, 'You asked agent 4, Butler.')
  await change('4', { name: 'Tasks & Lists' })
})

test('an agent of the user’s own is there with its skill, and gone when it is deleted', async () => {
  clock.advance(1)
  const config = { preferences: { skill: 'tasks' } }
  const { id, agent_number } = await ask(token, 'agents.create', { name: 'Larder', config })
  assert.deepEqual(await gist('larder, add milk to my list'), ['template', agent_number, 'add'])
  // Without an address the built-in one is meant, because its number is lower.
  assert.deepEqual(await gist('add milk to my list'), ['template', 4, 'add'])
  clock.advance(1)
  await ask(token, 'agents.delete', { id })
  assert.equal((await hear(opened, user_id, `agent ${agent_number}, add milk`)).tier, 'none')
})

test('a phrase that was taught is understood from then on, by its teacher alone', async () => {
  const bob = await opened.app.auth.addUser('bob@example.org', PASSWORD)
  const said = 'teach that "bedtime" means agent 4 list'
  assert.notEqual((await gist('bedtime'))[0], 'template')
  const parameters = { phrase: 'bedtime', agent_number: 4, action: 'list' }
  const teaching = {
    action: 'teach_command',
    parameters,
    user_id,
    request_id: said,
    priority: 'normal',
  } as const
  const taught = await ask(token, 'agents.execute', { id: '1', command: teaching, wait_for_completion: true })
  assert.equal(taught.result?.success, true, JSON.stringify(taught))
  assert.deepEqual(await gist('bedtime'), ['template', 4, 'list'])
  assert.notEqual((await gist('bedtime', bob.id))[0], 'template')
})

test('agents that do not listen or are switched off are meant by nothing, phrase or statistics', async () => {
  for (const off of [{ voice_enabled: false }, { is_active: false }]) {
    await change('5', off)
    assert.notEqual((await gist('what is 2 plus 3'))[1], 5)
    assert.notEqual((await gist('work out seventeen percent of ninety'))[1], 5)
    await change('5', { voice_enabled: true, is_active: true })
  }
  assert.deepEqual(await gist('what is 2 plus 3'), ['template', 5, 'calculate'])
})

test('an open slot does not swallow a general question', async () => {
  const questions = `
    what is the capital of Peru
    who is the president of Brazil
    how tall is Mount Kilimanjaro
    when did the Berlin Wall fall
    why is the sky blue
    what is love`
  for (const question of questions.trim().split('\n')) {
    const { tier, meaning } = await hear(opened, user_id, question)
    assert.ok(tier !== 'template', `${question}: ${meaning?.name}`)
    assert.ok(meaning === undefined || meaning.action.effect === 'read', question)
  }
})

test('the same sentence means the same, however it is dressed', async () => {
  for (const dressed of [
    'add milk to my list',
    'Add MILK to my list!',
    'hey paios, could you please add milk to my list',
    'paios add milk to my list, thank you',
    'ＡＤＤ milk to my list',
    'add\u200b milk to\u00a0my list',
    'agent four, add milk to my list',
  ]) {
    const { meaning, parameters } = await hear(opened, user_id, dressed)
    assert.deepEqual([meaning?.agent_number, meaning?.name], [4, 'add'], dressed)
    assert.deepEqual(JSON.stringify(parameters).toLowerCase(), '{"items":["milk"]}', dressed)
  }
})

test('a pasted book is understood in bounded time, and empty words mean nothing', async () => {
  for (const text of [
    'at '.repeat(30_000),
    '('.repeat(50_000),
    'remind me '.repeat(9_000),
    '"'.repeat(60_000),
    'every other day '.repeat(5_000),
    '1'.repeat(90_000),
  ]) {
    const started = performance.now()
    await hear(opened, user_id, text)
    assert.ok(performance.now() - started < 5_000, text.slice(0, 20))
  }
  for (const text of ['', ' ', '?!', '\u200b']) assert.equal((await hear(opened, user_id, text)).tier, 'none')
})
