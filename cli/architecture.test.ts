import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SystemArchitecture, SystemModification } from '../contract/system.ts'
import { data, openOffice } from './rig.ts'

test('the picture is a diagram for people and everything for programs, now and as it was', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['workflows', 'add', 'disk_watch'])
  await desk.paios(['workflows', 'delete', 'disk_watch'])
  const {
    modifications: [, made],
  } = await data<{ modifications: SystemModification[] }>(desk, ['changes'])
  const { exit, stdout } = await desk.paios(['architecture'])
  assert.equal(exit, 0)
  assert.match(stdout, /^flowchart /)
  const now = await data<SystemArchitecture>(desk, ['architecture'])
  assert.deepEqual([now.workflows.length, `${now.mermaid_diagram.trimEnd()}\n`], [0, stdout])
  const then = await data<SystemArchitecture>(desk, ['architecture', '--at', made?.id ?? ''])
  assert.deepEqual(
    then.workflows.map(({ name }) => name),
    ['disk_watch'],
  )
  assert.equal((await desk.paios(['architecture', '--at', 'yesterday'])).exit, 1)
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['architecture'])).exit, 4)
})
