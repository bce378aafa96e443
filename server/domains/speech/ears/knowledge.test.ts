import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { recogniserFor } from './knowledge.ts'
import { findEngine } from './library.ts'
import type { Recogniser } from './recogniser.ts'
import { hintsOf, lacking as skip } from './rig.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'paios-knowledge-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('words that could not be read are read again for the next one who asks', { skip }, async () => {
  const found = findEngine()
  assert.ok('files' in found)
  const { size } = statSync(found.files.language_model)
  const inTheWay = path.join(folder, `general-${size}-8000.json`)
  mkdirSync(inTheWay)
  const hints = hintsOf(['stop'])
  await assert.rejects(recogniserFor(hints, folder, 'live'), { code: 'EISDIR' })
  rmdirSync(inTheWay)
  assert.equal((await recogniserFor(hints, folder, 'live')).signature, hints.signature)
})

async function openAll(): Promise<Recogniser[]> {
  const opened: Recogniser[] = []
  for (const name of ['one', 'two', 'three'])
    for (const mode of ['live', 'batch'] as const)
      opened.push(await recogniserFor(hintsOf([`agent ${name}`]), folder, mode))
  return opened
}

test('three systems that are heard live and in batch by turns are each opened once', { skip }, async () => {
  const first = await openAll()
  for (const [at, one] of (await openAll()).entries()) assert.equal(one, first[at], String(at))
})
