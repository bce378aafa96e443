import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ExecutionDetail, Workflow } from '../contract/workflows.ts'
import { data, openOffice } from './rig.ts'

/** The blocks of a page of the guide that are JSON objects. */
function objectsIn(page: string): string[] {
  const text = readFileSync(new URL(`../docs/guide/${page}`, import.meta.url), 'utf8')
  const blocks = text.matchAll(/\n\n((?: {4}.*\n)+)/gu)
  return Array.from(blocks, ([, block = '']) => block.replaceAll(/^ {4}/gmu, '')).filter((one) =>
    one.startsWith('{'),
  )
}

test('the definitions in the guide are right as they stand, and run to their end', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const found = objectsIn('workflows.md')
  assert.equal(found.length, 2)
  for (const [index, definition] of found.entries()) {
    const path = join(desk.folder, `guide${index}.json`)
    writeFileSync(path, definition)
    const { stdout } = await desk.paios(['workflows', 'validate', path])
    assert.equal(stdout, 'Nothing is wrong with it.\n')
    await data<Workflow>(desk, ['workflows', 'create', path])
    const run = ['workflows', 'run', `guide${index}`, '--wait', '--input', '{"expression": "1 + 1"}']
    const { status, error } = await data<ExecutionDetail>(desk, run)
    assert.deepEqual([status, error], ['completed', undefined])
  }
  const { stdout } = await desk.paios(['notifications'])
  assert.match(stdout, /It is 2\.\n.*0 reminders today\.\n$/)
})

test('the fallback in the guide tells why, and the run is completed', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const path = join(desk.folder, 'sums.json')
  writeFileSync(path, objectsIn('workflows.md')[1] ?? '')
  await desk.paios(['workflows', 'create', path])
  const { exit } = await desk.paios([
    'workflows',
    'run',
    'sums',
    '--wait',
    '--input',
    '{"expression": "1 +"}',
  ])
  assert.equal(exit, 0)
  assert.match((await desk.paios(['notifications'])).stdout, /No sum: .*ends too early\.\n$/)
})
