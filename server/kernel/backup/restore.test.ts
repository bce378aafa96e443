import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { LockedFolderError } from '../store/lock.ts'
import { BackupError } from './manifest.ts'
import { DATABASE, listBackups } from './place.ts'
import { openData } from './rig.ts'
import type { Data } from './rig.ts'
import { RESTORED, recoverSwap } from './swap.ts'

/** Data of two pets, of which a backup knows one. */
async function open(t: TestContext) {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Ida')
  const { folder, name } = await data.make()
  await data.add(kernel, 'Tom')
  await kernel.close()
  data.clock.advance(60_000)
  return { data, folder, name }
}

/** Everything in a folder of data but its backups and its lock, as paths with their content. */
function content(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  const kept = names.filter((name) => !/^(?:backups|lock\.sqlite)/.test(name) && /\./.test(name))
  return Object.fromEntries(kept.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

test('a restore brings back the moment of the backup, and can itself be taken back', async (t) => {
  const { data, folder } = await open(t)
  const report = await data.restore(folder)
  assert.deepEqual(data.pets(), ['Ida'])
  assert.deepEqual(JSON.parse(readFileSync(join(data.data_dir, RESTORED), 'utf8')), {
    created_at: '2026-11-22T10:00:00.000Z',
    restored_at: '2026-11-22T10:01:00.000Z',
  })
  const before = report.before !== undefined && 'backup' in report.before ? report.before.backup : ''
  assert.match(before, /-restore$/)
  const kernel = data.open()
  assert.equal((await kernel.audit.verify()).ok, true)
  await kernel.close()
  data.clock.advance(60_000)
  const saved = listBackups(data.data_dir).find(({ name }) => name === before)
  await data.restore(saved?.folder ?? '')
  assert.deepEqual(data.pets(), ['Ida', 'Tom'])
})

test('while a server runs nothing is restored', async (t) => {
  const { data, folder } = await open(t)
  const kernel = data.open()
  await assert.rejects(data.restore(folder), LockedFolderError)
  await data.add(kernel, 'Zoe')
  await kernel.close()
  assert.deepEqual(data.pets(), ['Ida', 'Tom', 'Zoe'])
})

test('a folder that is empty is filled, and its first start finds the audit whole', async (t) => {
  const { data, folder } = await open(t)
  const elsewhere = join(data.data_dir, '..', 'elsewhere')
  const report = await data.restore(folder, { data_dir: elsewhere })
  assert.equal(report.before, undefined)
  assert.deepEqual(data.pets(elsewhere), ['Ida'])
})

test('a damaged backup, one of another key and one of a newer version change nothing', async (t) => {
  const { data, folder } = await open(t)
  const before = content(data.data_dir)
  const path = join(folder, DATABASE)
  const whole = readFileSync(path)
  writeFileSync(path, whole.subarray(0, whole.length - 4_096))
  await assert.rejects(data.restore(folder), /The backup is damaged: paios\.sqlite: it has \d+ bytes/)
  const flipped = Buffer.from(whole)
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 255
  writeFileSync(path, flipped)
  await assert.rejects(data.restore(folder), /damaged: paios\.sqlite: it was changed/)
  writeFileSync(path, whole)
  await assert.rejects(data.restore(folder, { key: Buffer.alloc(32) }), /another root key/)
  await assert.rejects(data.restore(folder, { known: [] }), /newer version/)
  await assert.rejects(data.restore(join(folder, 'nowhere')), BackupError)
  assert.deepEqual(content(data.data_dir), before)
})

test('damaged data can be replaced, and is kept as it was', async (t) => {
  const { data, folder } = await open(t)
  const path = join(data.data_dir, DATABASE)
  const damaged = readFileSync(path).fill(0xff, 4_096, 12_288)
  writeFileSync(path, damaged)
  const { before } = await data.restore(folder)
  assert.deepEqual(data.pets(), ['Ida'])
  assert.ok(before !== undefined && 'folder' in before)
  assert.match(before.folder, /^replaced-/)
  assert.deepEqual(readFileSync(join(data.data_dir, before.folder, DATABASE)), damaged)
  assert.ok(existsSync(join(data.data_dir, before.folder, 'audit', 'checkpoints.jsonl')))
})

test('ended at any of its steps, a restore leaves the old data or the new, and the next start opens it', async (t) => {
  const steps: string[] = []
  const first = await open(t)
  await first.data.restore(first.folder, { step: (what) => steps.push(what) })
  assert.ok(steps.length >= 12, steps.join())
  const outcomes = await Promise.all(
    steps.map(async (last, nth) => {
      const { data, folder } = await open(t)
      let left = nth
      const dying = data.restore(folder, {
        step: (what) => {
          if (left === 0) throw new Error(`died: ${what}`)
          left -= 1
        },
      })
      await assert.rejects(dying, { message: `died: ${last}` })
      const kernel = data.open()
      assert.equal((await kernel.audit.verify()).ok, true, last)
      await kernel.close()
      assert.ok(!existsSync(join(data.data_dir, 'restoring')), last)
      const pets = data.pets().join()
      assert.equal(existsSync(join(data.data_dir, RESTORED)), pets === 'Ida', last)
      return pets
    }),
  )
  const switched = steps.indexOf('after the journal')
  const old = steps.map((_, nth) => (nth < switched ? 'Ida,Tom' : 'Ida'))
  assert.deepEqual(outcomes, old)
})

/** Dies at a step of this name, or at the so-manieth one. */
function dyingAt(wanted: string | number): (what: string) => void {
  let passed = 0
  return (what: string): void => {
    passed += 1
    if (what === wanted || passed === wanted) throw new Error('died')
  }
}

test('a recovery that dies at any of its steps is carried on by the next one', async (t) => {
  const { data, folder } = await open(t)
  await assert.rejects(data.restore(folder, { step: dyingAt('after the journal') }), /died/)
  let deaths = 0
  for (let isOver = false; !isOver;) {
    try {
      recoverSwap(data.data_dir, dyingAt(1))
      isOver = true
    } catch {
      deaths += 1
    }
  }
  assert.ok(deaths >= 5, `${deaths} deaths`)
  assert.deepEqual([data.pets(), existsSync(join(data.data_dir, 'restoring'))], [['Ida'], false])
  const whole = content(data.data_dir)
  recoverSwap(data.data_dir)
  assert.deepEqual(content(data.data_dir), whole)
})

/** A program that restores a backup and kills itself, as no handler can notice, at a step. */
const killedAt = (at: string, folder: string, { data_dir, key_file }: Data): string => `
  import { openRootKey } from '${new URL('../crypto.ts', import.meta.url).href}'
  import { checkpointKey } from '${new URL('../audit/checkpoints.ts', import.meta.url).href}'
  import { kernelMigrations } from '${new URL('../kernel.ts', import.meta.url).href}'
  import { placeFolder, restore } from '${new URL('./restore.ts', import.meta.url).href}'
  const keys = openRootKey({ key_file: ${JSON.stringify(key_file)} }, () => {}, false)
  const key = keys.derive('backup')
  await restore(placeFolder(${JSON.stringify(folder)}, key), {
    key, audit_key: keys.derive('audit'), signing_key: checkpointKey(keys),
    known: [...kernelMigrations.map(({ name }) => name), 'pets-1'],
    data_dir: ${JSON.stringify(data_dir)}, now: '2026-11-22T10:01:00.000Z', saveCurrent: async () => 'none',
    step: (what) => { if (what === ${JSON.stringify(at)}) process.kill(process.pid, 'SIGKILL') },
  })`

test('a restore that the system kills leaves the old data or the new, and no lock', async (t) => {
  const ends = {
    'placed the backup': 'Ida,Tom',
    'before the journal': 'Ida,Tom',
    'after the journal': 'Ida',
    'moved paios.sqlite': 'Ida',
    'removed the journal': 'Ida',
  }
  for (const [at, pets] of Object.entries(ends)) {
    const { data, folder } = await open(t)
    const child = spawn(process.execPath, ['--input-type=module', '-e', killedAt(at, folder, data)])
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    assert.equal(signal, 'SIGKILL', at)
    const kernel = data.open()
    assert.equal((await kernel.audit.verify()).ok, true, at)
    await kernel.close()
    assert.equal(data.pets().join(), pets, at)
  }
})
