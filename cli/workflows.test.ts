import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { GalleryEntry, Workflow, WorkflowDefinition } from '../contract/workflows.ts'
import { data, openOffice } from './rig.ts'

const DEFINITION: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [{ id: 'say', agent_number: 0, action: 'notify', parameters: { text: 'Hello.' } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: true },
  timeout_ms: 60_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  const file = (name: string, content: unknown): string => {
    const path = join(desk.folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(['workflows', ...argv])
    return [exit, stdout + stderr]
  }
  return { server, desk, file, say }
}

test('the gallery is shown, one of it is taken under its name or another, and then it is listed', async (t) => {
  const { desk, say } = await open(t)
  assert.deepEqual(await say(), [0, 'You have no workflows. Some that are ready: paios workflows gallery\n'])
  const { workflows } = await data<{ workflows: GalleryEntry[] }>(desk, ['workflows', 'gallery'])
  const [, shown] = await say('gallery')
  for (const { name, title, description } of workflows)
    assert.ok(String(shown).includes(`${name}: ${title}\n  ${description}\n`), name)
  assert.deepEqual(await say('add', 'morning_briefing'), [
    0,
    'Made morning_briefing. It starts every day at 07:00.\n',
  ])
  assert.deepEqual(await say('add', 'expense_csv_summary', '--name', 'Meine Ausgaben'), [
    0,
    'Made Meine Ausgaben. It starts by hand.\n',
  ])
  const [, list] = await say('list')
  assert.deepEqual(String(list).split('\n'), [
    'NAME              STATE  STARTS              RUNS  LAST RUN',
    'Meine Ausgaben    on     by hand             0     never',
    'morning_briefing  on     every day at 07:00  0     never',
    '',
  ])
})

test('what the gallery does not have, and a name that is taken, are refused', async (t) => {
  const { say } = await open(t)
  const [exit, text] = await say('add', 'breakfast')
  assert.equal(exit, 1)
  assert.match(
    String(text),
    /^paios: The gallery has no "breakfast"; it has morning_briefing, .*disk_watch\.\n$/,
  )
  await say('add', 'disk_watch')
  const [again, why] = await say('add', 'disk_watch')
  assert.equal(again, 1)
  assert.match(String(why), /disk_watch/)
})

test('a title, a beginning and a word find what they mean, and what means several is listed', async (t) => {
  const { file, say } = await open(t)
  assert.equal(
    (await say('add', 'Morning  briefing'))[1],
    'Made morning_briefing. It starts every day at 07:00.\n',
  )
  assert.equal((await say('add', 'inbox folder'))[0], 0)
  assert.match(
    String((await say('add', 'watch'))[1]),
    /^paios: The gallery has more than one "watch"; it has /,
  )
  await say('create', file('Morning run.json', DEFINITION))
  for (const name of ['Morning briefing', 'MORNING_BRIEFING', 'morning b', 'briefing'])
    assert.deepEqual(await say('history', name), [0, 'It has not run yet.\n'], name)
  for (const name of ['morning', 'MORNING_'])
    assert.deepEqual(await say('run', name), [
      1,
      `paios: There is more than one workflow "${name}": Morning run, morning_briefing.\n`,
    ])
  const none = 'The names of yours: paios workflows list\n'
  assert.deepEqual(await say('run', 'riefing'), [1, `paios: There is no workflow "riefing". ${none}`])
  assert.deepEqual(await say('delete', 'briefing'), [
    1,
    `paios: There is no workflow "briefing". Is it morning_briefing? ${none}`,
  ])
  await say('add', 'expense_csv_summary')
  assert.deepEqual(await say('history', 'summary of expenses'), [0, 'It has not run yet.\n'])
  for (const name of ['', ' ', '_']) assert.equal((await say('show', name))[0], 1, name)
})

test('a name with other signs between its letters is told in its right form, and one of the gallery how to take it', async (t) => {
  const { file, say } = await open(t)
  const list = 'The names of yours: paios workflows list\n'
  const ready = 'Take it from the gallery: paios workflows add morning_briefing\n'
  for (const name of ['morning_briefing', 'Morning-Briefing', 'morningbriefing'])
    assert.deepEqual(await say('run', name), [1, `paios: There is no workflow "${name}". ${ready}`], name)
  await say('add', 'morning_briefing')
  for (const [command, name] of [
    ['run', 'morning-briefing'],
    ['off', 'MorningBriefing'],
    ['history', 'morning.briefing'],
  ] as const)
    assert.deepEqual(
      await say(command, name),
      [1, `paios: There is no workflow "${name}". Is it morning_briefing? ${list}`],
      name,
    )
  await say('create', file('---.json', DEFINITION))
  assert.deepEqual(await say('run', '+'), [1, `paios: There is no workflow "+". ${list}`])
})

test('what is shown can be made again, and is the same', async (t) => {
  const { desk, file, say } = await open(t)
  await say('add', 'feed_digest')
  const { stdout } = await desk.paios(['workflows', 'show', 'Feed_Digest'])
  const path = file('mine.json', stdout)
  assert.deepEqual(await say('create', path, '--name', 'Other'), [
    0,
    'Made Other. It starts every day at 18:00.\n',
  ])
  const [first, second] = await Promise.all(
    ['feed_digest', 'Other'].map((name) => data<Workflow>(desk, ['workflows', 'show', name])),
  )
  assert.deepEqual(first?.definition, second?.definition)
  assert.equal(first?.description, second?.description)
})

test('how a webhook is called and signed is shown beside the file, which holds neither', async (t) => {
  const { desk, file, say } = await open(t)
  const trigger = { type: 'webhook', conditions: { signed: true } }
  const [, made] = await say('create', file('door.json', { ...DEFINITION, trigger }))
  const { stdout, stderr } = await desk.paios(['workflows', 'show', 'door'])
  const called =
    /It is called at \/api\/hooks\/[\w-]{43}\nIts calls are signed with whsec_[A-Za-z0-9+/]{43}=\n$/
  assert.match(stderr, new RegExp(`^${called.source}`))
  assert.match(String(made), called)
  assert.doesNotMatch(stdout, /whsec_|api\/hooks/)
  const asData = await desk.paios(['workflows', 'show', 'door', '--json'])
  assert.equal(asData.stderr, '')
  const open_door = { ...DEFINITION, trigger: { type: 'webhook', conditions: {} } }
  await say('create', file('bell.json', open_door))
  assert.match((await desk.paios(['workflows', 'show', 'bell'])).stderr, /^It is called at \S+\n$/)
  await say('create', file('hand.json', DEFINITION))
  assert.equal((await desk.paios(['workflows', 'show', 'hand'])).stderr, '')
})

test('a bare definition gets the name of its file, and one with a name keeps that', async (t) => {
  const { desk, file, say } = await open(t)
  assert.deepEqual(await say('create', file('hello.v1.json', DEFINITION)), [
    0,
    'Made hello.v1. It starts by hand.\n',
  ])
  const named = { name: 'Greeting', description: 'Says hello.', definition: DEFINITION }
  assert.deepEqual(await say('create', file('b.json', named)), [0, 'Made Greeting. It starts by hand.\n'])
  const { description } = await data<Workflow>(desk, ['workflows', 'show', 'Greeting'])
  assert.equal(description, 'Says hello.')
})

test('each kind of start is said in words', async (t) => {
  const { file, say } = await open(t)
  const table: [WorkflowDefinition['trigger'], RegExp][] = [
    [
      { type: 'webhook', conditions: {} },
      /^Made w0\. It starts by a webhook\.\nIt is called at \/api\/hooks\/\S+\n$/,
    ],
    [
      { type: 'voice_command', conditions: { phrase: 'good night' } },
      /starts when you say "good night"\.\n$/,
    ],
    [{ type: 'agent_completion', conditions: {}, source_agent: 3 }, /starts when agent 3 is done\.\n$/],
    [{ type: 'schedule', conditions: { every_ms: 90_000 } }, /starts every 90 s\.\n$/],
    [{ type: 'schedule', conditions: { at: '2027-01-01T10:00' } }, /starts once, at 2027-01-01 10:00\.\n$/],
  ]
  for (const [index, [trigger, expected]] of table.entries()) {
    const [exit, text] = await say('create', file(`w${index}.json`, { ...DEFINITION, trigger }))
    assert.equal(exit, 0, String(text))
    assert.match(String(text), expected)
  }
})

test('a file is validated with all that is wrong, and the exit code says whether it is', async (t) => {
  const { desk, file, say } = await open(t)
  assert.deepEqual(await say('validate', file('good.json', { name: 'x', definition: DEFINITION })), [
    0,
    'Nothing is wrong with it.\n',
  ])
  const [say_hello] = DEFINITION.steps
  const bad = file('bad.json', { ...DEFINITION, steps: [{ ...say_hello, agent_number: 99 }], timeout_ms: 0 })
  const [exit, text] = await say('validate', bad)
  assert.equal(exit, 1)
  assert.match(
    String(text),
    /^error +UNKNOWN_AGENT +\/steps\/0\/agent_number +.*99.*\nerror +SHAPE +\/timeout_ms +.+ at least 1\.\n$/,
  )
  const warned = { ...DEFINITION, trigger: { type: 'schedule', conditions: { at: '2020-01-01T10:00' } } }
  const [fine, warning] = await say('validate', file('warned.json', warned))
  assert.equal(fine, 0)
  assert.match(String(warning), /^warning +IN_THE_PAST +\/trigger\/conditions\/at +/)
  const wrong = `paios: The definition is wrong, so nothing was changed:\n${text}`
  assert.deepEqual(await say('create', bad), [1, wrong])
  const { error } = await data<{ error: { code: string } }>(desk, ['workflows', 'create', bad])
  assert.equal(error.code, 'GENERAL_001')
  assert.deepEqual((await data<{ workflows: unknown[] }>(desk, ['workflows'])).workflows, [])
})

test('an expression that breaks is shown on lines of its own, with a caret below the place', async (t) => {
  const { file, say } = await open(t)
  const [one] = DEFINITION.steps
  const path = file('x.json', { ...DEFINITION, steps: [{ ...one, condition: 'input.a && foo' }] })
  const [, text] = await say('validate', path)
  const [first, ...shown] = String(text).split('\n')
  assert.match(String(first), /^error +BAD_EXPRESSION +\/steps\/0\/condition +.* At character 12:$/)
  assert.deepEqual(shown, ['    input.a && foo', '               ^', ''])
  assert.equal(
    (await say('create', path))[1],
    `paios: The definition is wrong, so nothing was changed:\n${text}`,
  )
})

test('a file that is none, or no JSON, is refused before the server is asked', async (t) => {
  const { desk, file, say } = await open(t)
  await desk.paios(['logout'])
  for (const command of ['validate', 'create']) {
    assert.deepEqual(await say(command, '/nowhere.json'), [2, 'paios: /nowhere.json cannot be read.\n'])
    const path = file('x.json', '{"a": ')
    assert.deepEqual(await say(command, path), [
      2,
      `paios: ${path} is not JSON: it ends too early, in line 1.\n`,
    ])
    assert.equal((await say(command, file('y.json', DEFINITION)))[0], 4)
  }
  for (const argv of [['list'], ['gallery'], ['show', 'x'], ['add', 'x']])
    assert.equal((await say(...argv))[0], 4)
})

test('large workflows are listed and found by name, however many pages of the server they take', async (t) => {
  const { file, say } = await open(t)
  const [step] = DEFINITION.steps
  const steps = [{ ...step, action: 'set', parameters: { value: 'x'.repeat(250_000) } }]
  const path = file('large.json', { ...DEFINITION, steps })
  for (const name of ['one', 'two', 'three', 'four', 'five']) await say('create', path, '--name', name)
  const [, list] = await say('list')
  assert.deepEqual(
    String(list)
      .split('\n')
      .map((line) => line.split(' ')[0]),
    ['NAME', 'five', 'four', 'one', 'three', 'two', ''],
  )
  assert.deepEqual((await say('off', 'two'))[0], 0)
})
