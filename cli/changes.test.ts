import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { SystemModification } from '../contract/system.ts'
import { data, openOffice } from './rig.ts'

/** Somebody with a passkey and a workflow from the gallery. */
async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
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
  return { server, desk, say, names, changes }
}

const end = (id: string | undefined) => id?.slice(-8) ?? ''

test('changes are listed with the end of their id, and whether they can be undone', async (t) => {
  const { say, changes } = await open(t)
  assert.deepEqual(await say('changes'), [0, 'Nothing was changed yet.\n'])
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  const [off, made] = await changes()
  assert.deepEqual((await say('changes'))[1].split('\n'), [
    'ID        WHEN      CAN BE UNDONE  WHAT',
    `${end(off?.id)}  just now  yes            Changed the workflow disk_watch.`,
    `${end(made?.id)}  just now  no             Created the workflow disk_watch.`,
    '',
  ])
  assert.equal((await say('changes', '--limit', '1'))[1].split('\n').length, 3)
  assert.equal((await say('changes', '--limit', '0'))[0], 2)
})

test('the newest change is undone, then the one before, and the undoing itself by its id', async (t) => {
  const { say, names, changes } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  assert.match(
    (await say('undo'))[1],
    /^Undone: Changed the workflow disk_watch\. Do it again with: paios undo /,
  )
  assert.deepEqual(await names(), ['disk_watch'])
  const [exit, text] = await say('undo')
  const [newest] = await changes()
  assert.deepEqual(
    [exit, text],
    [0, `Undone: Created the workflow disk_watch. Do it again with: paios undo ${end(newest?.id)}\n`],
  )
  assert.deepEqual(await names(), [])
  assert.equal((await say('undo', end(newest?.id)))[0], 0)
  assert.deepEqual(await names(), ['disk_watch'])
})

test('a deleted workflow comes back by the whole id of its change, too', async (t) => {
  const { say, names, changes, desk } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'delete', 'disk_watch')
  const [deleted] = await changes()
  const undone = await data<SystemModification>(desk, ['undo', deleted?.id ?? ''])
  assert.equal(undone.description, 'Rolled back: Deleted the workflow disk_watch.')
  assert.deepEqual(await names(), ['disk_watch'])
})

test('what a later change stands in the way of is not undone, and that change is named', async (t) => {
  const { say, names, changes } = await open(t)
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  const [off, made] = await changes()
  assert.deepEqual(await say('undo', end(made?.id)), [
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
  assert.deepEqual(await desk.paios(['undo', end(modifications[1]?.id)]), {
    exit: 1,
    stdout: '',
    stderr:
      'paios: Without a passkey only the newest change is taken back: paios undo. For any other, make a passkey first: paios passkey add\n',
  })
  const question = /^That would take back: Created the workflow disk_watch\. Shall I\?\n/
  const script = await desk.paios(['undo'], { piped: '' })
  assert.match(script.stdout, question)
  assert.match(script.stdout, /\nAgree with: paios ask yes\n$/)
  assert.equal(script.exit, 1)
  const refused = await desk.paios(['undo'], { typed: ['no'] })
  assert.match(refused.stdout, question)
  assert.deepEqual(await names(), ['disk_watch', 'link_checker'])
  const agreed = await desk.paios(['undo'], { typed: ['yes'] })
  assert.match(agreed.stdout, /\nUndone: Created the workflow disk_watch\.\n/)
  assert.deepEqual([agreed.exit, await names()], [0, ['link_checker']])
})

test('without a passkey a list that was changed later is left alone, and the sentence that takes it back is named', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const list = async () => (await desk.paios(['ask', 'what is on my to do list'])).stdout
  await desk.paios(['ask', 'add saffron to my list'])
  const nothing = 'paios: There is no change that can be taken back.\n'
  assert.deepEqual(await desk.paios(['undo']), { exit: 1, stdout: '', stderr: nothing })
  await desk.paios(['workflows', 'add', 'disk_watch'])
  await desk.paios(['ask', 'add cumin to my list'])
  const later =
    'paios: Daily data, such as a list, was changed after this: Created the workflow disk_watch. Take the later one back with: paios ask undo. To leave it as it is, make a passkey first: paios passkey add\n'
  assert.deepEqual(await desk.paios(['undo']), { exit: 1, stdout: '', stderr: later })
  assert.match(await list(), /saffron.*cumin/)
  await desk.paios(['ask', 'undo'])
  assert.match(await list(), /saffron(?!.*cumin)/)
  assert.match(
    (await desk.paios(['undo'], { typed: ['yes'] })).stdout,
    /\nUndone: Created the workflow disk_watch\.\n/,
  )
  assert.match(await list(), /saffron/)
})

test('nothing and a change of nobody are refused, and so is whoever is not signed in', async (t) => {
  const { say } = await open(t)
  assert.deepEqual(await say('undo'), [1, 'paios: There is no such change.\n'])
  assert.deepEqual(await say('undo', '01890000-0000-7000-8000-000000000001'), [
    1,
    'paios: There is no such change.\n',
  ])
  assert.deepEqual(await say('undo', 'ffffffff'), [
    1,
    'paios: There is no change "ffffffff". They are listed by: paios changes\n',
  ])
  const other = await openOffice(t)
  const plain = await other.sit()
  await plain.paios(['logout'])
  for (const command of ['undo', 'changes']) assert.equal((await plain.paios([command])).exit, 4)
})
