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

test('nothing, a change of nobody, and an undo without a passkey are refused', async (t) => {
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
  await plain.paios(['workflows', 'add', 'disk_watch'])
  const { exit, stderr } = await plain.paios(['undo'])
  assert.equal(exit, 1)
  assert.match(stderr, / Make one on this machine: paios passkey add\n$/)
  await plain.paios(['logout'])
  for (const command of ['undo', 'changes']) assert.equal((await plain.paios([command])).exit, 4)
})
