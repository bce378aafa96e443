import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BASE, nameIn, readBase } from '../server/domains/language/base.ts'
import { examplesOf, nameOf } from '../server/domains/language/model.ts'
import { classify } from '../server/domains/language/statistics/classify.ts'
import { SKILLS } from '../server/install.ts'
import { system } from '../server/skills/system/index.ts'
import { findStaleModel } from './base-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-base-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const shipped = readFileSync(BASE)
const now = nameOf(examplesOf([system, ...SKILLS]))

test('the shipped model is of the phrases as they are, small, and understands them', () => {
  assert.deepEqual(findStaleModel(), [])
  assert.ok(shipped.length <= 3_000_000, `${shipped.length} bytes`)
  const model = readBase(now)
  assert.ok(model !== undefined)
  assert.equal(classify(model, 'give me a quick status update').ranked[0]?.label, 'system/status')
})

test('other phrases have another name, and for them the shipped model is not taken', () => {
  const fewer = nameOf(examplesOf([system, ...SKILLS.slice(1)]))
  assert.notEqual(fewer, now)
  assert.equal(readBase(fewer), undefined)
  assert.equal(readBase(''), undefined)
})

test('a shipped model of other phrases, one that is too large, and none at all are noticed', () => {
  const file = join(folder, 'base.model')
  const found = (bytes: Uint8Array) => {
    writeFileSync(file, bytes)
    return findStaleModel(file)
  }
  assert.deepEqual(found(shipped), [])
  const old = Buffer.from(shipped)
  old.write(nameIn(shipped).toUpperCase(), 'latin1')
  assert.match(found(old).join(), /not made from the phrases/)
  assert.match(found(Buffer.alloc(0)).join(), /not made from the phrases/)
  assert.match(found(Buffer.concat([shipped, Buffer.alloc(3_000_000)])).join(), /more than 3000000/)
  assert.match(findStaleModel(join(folder, 'absent')).join(), /not made from the phrases/)
})
