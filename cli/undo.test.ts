import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Passkey } from '../contract/auth.ts'
import type { SystemModification } from '../contract/system.ts'
import { NOW, openDesk } from './fixture.ts'
import { data, openOffice } from './rig.ts'

/** Somebody with a passkey and workflows of the gallery. */
async function open(t: TestContext) {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(argv)
    return [exit, stdout + stderr] as const
  }
  const names = async () =>
    (await data<{ workflows: { name: string; is_active: boolean }[] }>(desk, ['workflows'])).workflows.map(
      ({ name, is_active }) => (is_active ? name : `(${name})`),
    )
  const changes = async () =>
    (await data<{ modifications: SystemModification[] }>(desk, ['changes'])).modifications
  return { desk, say, names, changes }
}

const end = (id: string | undefined) => id?.slice(-8) ?? ''

test('what would be taken back is shown, and only a yes takes it back', async (t) => {
  const { desk, say, names, changes } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  const [off] = await changes()
  const shown = `${end(off?.id)}, just now: Changed the workflow disk_watch.\n  is_active: true -> false\n`
  assert.deepEqual(await desk.paios(['undo'], { piped: '' }), {
    exit: 2,
    stdout: '',
    stderr: `${shown}paios: There is nobody to ask: give --yes. Nothing was changed.\n`,
  })
  for (const reply of ['no', '', 'y'])
    assert.deepEqual((await desk.paios(['undo'], { typed: [reply] })).exit, 1, reply)
  assert.deepEqual(await names(), ['(disk_watch)'])
  const { exit, stdout, stderr } = await desk.paios(['undo'], { typed: ['yes'] })
  assert.ok(stderr.startsWith(`${shown}Take that back? Type yes: `), stderr)
  assert.match(
    stdout,
    /^Undone: Changed the workflow disk_watch\. Do it again with: paios undo [0-9a-f]{8}\n$/,
  )
  assert.deepEqual([exit, await names()], [0, ['disk_watch']])
})

test('the newest change is undone, then the one before, and the undoing itself by its id', async (t) => {
  const { say, names, changes } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  await say('undo', '--yes')
  assert.deepEqual(await names(), ['disk_watch'])
  const [exit, text] = await say('undo', '--yes')
  const [newest] = await changes()
  assert.deepEqual(
    [exit, text],
    [0, `Undone: Created the workflow disk_watch. Do it again with: paios undo ${end(newest?.id)}\n`],
  )
  assert.deepEqual(await names(), [])
  assert.equal((await say('undo', end(newest?.id), '--yes'))[0], 0)
  assert.deepEqual(await names(), ['disk_watch'])
})

test('a deleted workflow comes back by the whole id of its change, too', async (t) => {
  const { say, names, changes, desk } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'delete', 'disk_watch')
  const [deleted] = await changes()
  const undone = await data<SystemModification>(desk, ['undo', deleted?.id ?? '', '--yes'])
  assert.equal(undone.description, 'Rolled back: Deleted the workflow disk_watch.')
  assert.equal(undone.rolls_back, deleted?.id)
  assert.equal((await changes())[1]?.rolled_back_by, undone.id)
  assert.deepEqual(await names(), ['disk_watch'])
})

test('what a later change stands in the way of is not undone, and that change is named', async (t) => {
  const { say, names, changes } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  const [off, made] = await changes()
  assert.deepEqual(await say('undo', end(made?.id), '--yes'), [
    1,
    `paios: A later change of the same thing stands in the way. Undo first: ${end(off?.id)} (Changed the workflow disk_watch.)\n`,
  ])
  assert.deepEqual(await names(), ['(disk_watch)'])
})

test('without a passkey the newest change is taken back after a yes, and no other', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const names = async () =>
    (await desk.paios(['workflows'])).stdout.match(/\b(?:disk_watch|link_checker)\b/gu)
  await desk.paios(['workflows', 'add', 'link_checker'])
  await desk.paios(['workflows', 'add', 'disk_watch'])
  const { modifications } = await data<{ modifications: SystemModification[] }>(desk, ['changes'])
  assert.deepEqual(await desk.paios(['undo', end(modifications[1]?.id), '--yes']), {
    exit: 1,
    stdout: '',
    stderr:
      'paios: Without a passkey only the newest change is taken back: paios undo. For any other, make a passkey first: paios passkey add\n',
  })
  const shown = /^[0-9a-f]{8}, just now: Created the workflow disk_watch\.\n/
  const script = await desk.paios(['undo'], { piped: '' })
  assert.match(script.stderr, shown)
  assert.equal(script.exit, 2)
  assert.match((await desk.paios(['undo'], { typed: ['no'] })).stderr, shown)
  assert.deepEqual(await names(), ['disk_watch', 'link_checker'])
  const agreed = await desk.paios(['undo'], { typed: ['yes'] })
  assert.match(agreed.stdout, /^Undone: Created the workflow disk_watch\.\n/)
  assert.deepEqual([agreed.exit, await names()], [0, ['link_checker']])
  const unasked = await desk.paios(['undo', '--yes'], { piped: '' })
  assert.deepEqual([unasked.exit, await names()], [0, null])
})

test('without a passkey a list that was changed later is left alone, and the sentence that takes it back is named', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const list = async () => (await desk.paios(['ask', 'what is on my to do list'])).stdout
  await desk.paios(['ask', 'add saffron to my list'])
  const nothing = 'paios: There is no change that can be taken back.\n'
  assert.deepEqual(await desk.paios(['undo', '--yes']), { exit: 1, stdout: '', stderr: nothing })
  await desk.paios(['workflows', 'add', 'disk_watch'])
  await desk.paios(['ask', 'add cumin to my list'])
  const later =
    'paios: Daily data, such as a list, was changed after this: Created the workflow disk_watch. Take the later one back with: paios ask undo. To leave it as it is, make a passkey first: paios passkey add\n'
  assert.deepEqual(await desk.paios(['undo', '--yes']), { exit: 1, stdout: '', stderr: later })
  assert.match(await list(), /saffron.*cumin/)
  await desk.paios(['ask', 'undo'])
  assert.match(await list(), /saffron(?!.*cumin)/)
  assert.match(
    (await desk.paios(['undo'], { typed: ['yes'] })).stdout,
    /^Undone: Created the workflow disk_watch\.\n/,
  )
  assert.match(await list(), /saffron/)
})

test('without a passkey what was taught is taken back, unless a list was changed later', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const teach = ['voice', 'train', 'polish the silver', '--agent', '2', '--action', 'list']
  await desk.paios(teach)
  await desk.paios(['ask', 'add cumin to my list'])
  const refused = await desk.paios(['undo', '--yes'])
  assert.match(
    refused.stderr,
    /^paios: Daily data, such as a list, was changed after this: Learnt a sentence/,
  )
  await desk.paios(['ask', 'undo'])
  const { exit, stdout } = await desk.paios(['undo', '--yes'])
  assert.match(stdout, /^Undone: Learnt a sentence: “polish the silver” is for agent 2: list\.\n/)
  assert.equal(exit, 0)
  assert.match((await desk.paios(['changes'])).stdout, /no: undone by/)
})

const USER = '01890000-0000-7000-8000-000000000001'
const idOf = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`
const change = (n: number, more: Partial<SystemModification>): SystemModification => ({
  id: idOf(n),
  type: 'agent_config',
  summary: '',
  description: `Change ${n}.`,
  before_state: { name: 'A' },
  after_state: { name: 'B' },
  applied_by: USER,
  applied_at: new Date(NOW - 120_000).toISOString(),
  rollback_available: true,
  impact_assessment: '',
  impact: {
    workflows: [],
    triggers: [],
    executions: [],
    problems: [],
    irreversible: [],
    routes: [],
    schedules: [],
  },
  target: { kind: 'agent', id: idOf(90) },
  patch: [{ op: 'replace', path: '/name', value: 'B' }],
  proof: null,
  state_hash: '',
  rolls_back: null,
  rolled_back_by: null,
  ...more,
})

const PASSKEY: Passkey = {
  id: idOf(80),
  credential_id: 'x',
  name: 'Phone',
  origin: 'http://localhost:3001',
  software: false,
  provisional_until: null,
  created_at: new Date(NOW).toISOString(),
  last_used_at: null,
}

/** Somebody with a passkey, and these changes, newest first and one a page. */
async function openWith(t: TestContext, changes: readonly SystemModification[]) {
  const desk = openDesk({
    'auth.passkeys': () => ({ passkeys: [PASSKEY] }),
    'system.modifications': ({ cursor = '0' }) => {
      const next = Number(cursor) + 1
      const more = next < changes.length ? { next_cursor: String(next) } : {}
      return { modifications: changes.slice(Number(cursor), next), ...more }
    },
    'system.rollback': ({ modification_id = '' }) =>
      change(99, { description: `Rolled back: ${modification_id}` }),
  })
  t.after(desk.remove)
  await desk.signIn()
  return desk
}

test('a newer change that cannot be taken back is named before an older one is, what was undone is not', async (t) => {
  const desk = await openWith(t, [
    change(6, { rollback_available: false, description: 'Deleted agent 20.' }),
    change(5, { rolls_back: idOf(4) }),
    change(4, { rolled_back_by: idOf(5) }),
    change(3, { rolls_back: idOf(1), rolled_back_by: idOf(9) }),
    change(2, { before_state: { 'a/b': { x: 1 } }, patch: [{ op: 'remove', path: '/a~1b/x' }] }),
    change(1, {}),
  ])
  const { exit, stderr } = await desk.paios(['undo'], { typed: ['yes'] })
  assert.equal(exit, 0)
  assert.ok(
    stderr.startsWith(
      'These are newer and stay, as they cannot be taken back:\n  00000006 Deleted agent 20.\n00000002, 2 min ago: Change 2.\n  a/b.x: 1 -> nothing\nTake that back? ',
    ),
    stderr,
  )
  assert.equal(desk.seen.at(-1)?.input['modification_id'], idOf(2))
})

test('a change whose undoing was undone is the newest again, and long or hostile values stay on their line', async (t) => {
  const value = `\u001B[2J\u202E${'x'.repeat(80)}`
  const desk = await openWith(t, [
    change(3, { rolls_back: idOf(2) }),
    change(2, { rolls_back: idOf(1), rolled_back_by: idOf(3) }),
    change(1, { rolled_back_by: idOf(2), patch: [{ op: 'replace', path: '/name', value }] }),
  ])
  const { exit, stderr } = await desk.paios(['undo'], { piped: '' })
  assert.equal(exit, 2)
  assert.match(
    stderr,
    /^00000001, 2 min ago: Change 1\.\n {2}name: "A" -> "\\u001b\[2J\\u202ex{1,59}…\npaios: /,
  )
  const none = await openWith(t, [change(2, { rollback_available: false })])
  assert.equal((await none.paios(['undo', '--yes'])).exit, 1)
  assert.ok(!none.seen.some(({ name }) => name === 'system.rollback'))
})

test('nothing and a change of nobody are refused, and so is whoever is not signed in', async (t) => {
  const { desk, say } = await open(t)
  assert.deepEqual(await say('undo', '--yes'), [1, 'paios: There is no change that can be taken back.\n'])
  assert.deepEqual(await say('undo', idOf(1), '--yes'), [
    1,
    `paios: There is no change ${idOf(1)} among your newest 500: paios changes\n`,
  ])
  assert.deepEqual(await say('undo', 'ffffffff', '--yes'), [
    1,
    'paios: There is no change "ffffffff". They are listed by: paios changes\n',
  ])
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['undo', '--yes'])).exit, 4)
})
