import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SystemModification } from '../contract/system.ts'
import { data, openOffice } from './rig.ts'

const end = (id: string | undefined) => id?.slice(-8) ?? ''

test('changes are listed with the end of their id, and whether they can be undone', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(argv)
    return [exit, stdout + stderr] as const
  }
  assert.deepEqual(await say('changes'), [0, 'Nothing was changed yet.\n'])
  await say('workflows', 'add', 'disk_watch')
  await say('workflows', 'off', 'disk_watch')
  const {
    modifications: [off, made],
  } = await data<{ modifications: SystemModification[] }>(desk, ['changes'])
  assert.deepEqual((await say('changes'))[1].split('\n'), [
    `ID        WHEN      CAN BE UNDONE               WHAT`,
    `${end(off?.id)}  just now  yes                         workflow disk_watch: switched off`,
    `${end(made?.id)}  just now  no: ${end(off?.id)} depends on it  made workflow disk_watch`,
    '',
  ])
  assert.equal((await say('changes', '--limit', '1'))[1].split('\n').length, 3)
  assert.equal((await say('changes', '--limit', '0'))[0], 2)
})

test('of what was undone it is said by what, and what came of another thing or field is no reason', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  await desk.paios(['workflows', 'add', 'disk_watch'])
  await desk.paios(['workflows', 'off', 'disk_watch'])
  await desk.paios(['undo', '--yes'])
  await desk.paios(['workflows', 'add', 'feed_digest'])
  const { modifications } = await data<{ modifications: SystemModification[] }>(desk, ['changes'])
  const [, undone, off] = modifications
  assert.deepEqual(
    (await desk.paios(['changes'])).stdout.split('\n').map((line) => line.slice(20, 44).trim()),
    ['CAN BE UNDONE', 'yes', 'yes', `no: undone by ${end(undone?.id)}`, 'yes', ''],
  )
  assert.equal(off?.rolled_back_by, undone?.id)
})

test('whoever is not signed in sees no changes', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['changes'])).exit, 4)
})
