import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import { openKernel } from '../../kernel/kernel.ts'
import { openLog } from '../../kernel/log.ts'
import { action, shape } from '../../skills/skill.ts'
import type { Skill } from '../../skills/skill.ts'
import { system } from '../../skills/system/index.ts'
import { SKILLS } from '../../install.ts'
import { openModel } from './model.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-model-'))
const clock = fakeClock(Date.UTC(2026, 10, 22, 10))
const kernel = openKernel({
  settings: {
    host: '127.0.0.1',
    port: 0,
    data_dir: join(folder, 'data'),
    key_file: join(folder, 'root.key'),
    public_url: 'http://localhost:3001',
    setup_code: undefined,
    log_level: 'error',
    behind_proxy: false,
    trusted_proxies: [],
    allowed_origins: [],
    egress_hosts: undefined,
    egress_lan: [],
    watch_folders: [],
    tls: undefined,
  },
  clock,
  random: seededRandom(1),
  log: openLog('error', clock, () => {}),
  migrations: [],
  onFatal: (error) => {
    throw error
  },
})
after(async () => {
  await kernel.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A skill with one action that is said in these ways. */
function skill(name: string, number: number, examples: readonly string[]): Skill {
  const act = action({
    summary: '',
    effect: 'read',
    parameters: shape({}),
    result: shape({}),
    phrases: [],
    examples,
    perform: () => ({ data: {}, text: '' }),
  })
  return { name, agent: { number, name, description: '' }, needs: [], actions: { act } }
}
const FLIGHTS = ['book a flight to rome', 'fly me to oslo', 'a plane ticket please', 'find me a flight']
const files = () => readdirSync(join(kernel.settings.data_dir, 'language'))
const pathOf = (file: string) => join(kernel.settings.data_dir, 'language', file)

async function best(skills: readonly Skill[], text: string): Promise<string | undefined> {
  const model = openModel(kernel, () => skills)
  const { ranked } = await model.classify(text)
  await model.close()
  return ranked[0]?.label
}

test('a model is made once from the installed skills, kept, and read again', async () => {
  assert.equal(await best([system], 'give me a quick status update'), 'system/status')
  const [file = ''] = files()
  const made = readFileSync(pathOf(file), 'utf8')
  assert.equal(await best([system], 'give me a quick status update'), 'system/status')
  assert.deepEqual(files(), [file])
  assert.equal(readFileSync(pathOf(file), 'utf8'), made)
})

test('with one skill more another model is made, which knows it', async () => {
  const before = files()
  assert.notEqual(await best([system], 'a flight to oslo please'), 'flights/act')
  assert.equal(await best([system, skill('flights', 20, FLIGHTS)], 'a flight to oslo please'), 'flights/act')
  assert.equal(files().length, before.length + 1)
})

test('a model file that is damaged is made anew, to the same bytes', async () => {
  const made = files().map((name) => [name, readFileSync(pathOf(name), 'utf8')] as const)
  for (const [name] of made) writeFileSync(pathOf(name), Buffer.from('no model').toString('base64'))
  assert.equal(await best([system], 'give me a quick status update'), 'system/status')
  const again = made.filter(([name, text]) => readFileSync(pathOf(name), 'utf8') === text)
  assert.equal(again.length, 1)
})

test('sentences that come at once wait for the same model', async () => {
  const model = openModel(kernel, () => [system, skill('trains', 21, ['take the train', 'a train to bonn'])])
  const before = files().length
  const found = await Promise.all(
    ['a train please', 'undo that', 'a train'].map((text) => model.classify(text)),
  )
  assert.deepEqual(
    found.map(({ ranked }) => ranked[0]?.label),
    ['trains/act', 'system/undo', 'trains/act'],
  )
  await model.ready()
  await model.close()
  assert.equal(files().length, before + 1)
})

test('closing while it is made ends the waiting: sentences fail, and preparing is simply over', async () => {
  const before = files()
  const model = openModel(kernel, () => [system, skill('boats', 22, ['take the boat', 'a boat to bonn'])])
  const ready = model.ready()
  const refused = assert.rejects(model.classify('a boat'), /ended without a model/)
  await model.close()
  await Promise.all([ready, refused])
  assert.deepEqual(files(), before)
})

test('the model of the built-in skills is shipped: nothing is trained or kept for it', async () => {
  const before = files()
  assert.equal(await best([system, ...SKILLS], 'give me a quick status update'), 'system/status')
  assert.deepEqual(files(), before)
})
