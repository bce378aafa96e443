import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BackupsCapability } from '../capabilities.ts'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { saySize } from './backup.ts'
import { guardian } from './index.ts'

const NOW = Date.UTC(2026, 10, 23, 3)
const FACTS = {
  name: '2026-11-23T03-00-00-000Z-asked',
  created_at: '2026-11-23T03:00:00.000Z',
  bytes: 4_260_864,
}

function open(changed: Partial<BackupsCapability> = {}) {
  const named: (string | undefined)[] = []
  const verify: BackupsCapability['verify'] = async (name) => {
    named.push(name)
    return { ...FACTS, ok: true, problems: [], lines: 1_200 }
  }
  const can = openInMemory(NOW, 'Europe/Berlin', {
    backups: { list: async () => [], make: async () => FACTS, verify, ...changed },
  })
  return { named, tell: (action: string, parameters = {}) => ask(guardian, action, can, parameters) }
}

test('a backup is told by its name and its size', async () => {
  const { data, text } = await open().tell('backup')
  const { name, created_at, bytes } = FACTS
  assert.deepEqual(data, { backup: name, created_at, bytes })
  assert.equal(text, `I made the backup ${name}, of 4.3 MB.`)
})

test('the newest backup is looked at unless one is named, and every problem is told up to a hundred', async () => {
  const { named, tell } = open()
  const { data, text } = await tell('verify_backup', { backup: 'one' })
  await tell('verify_backup')
  assert.deepEqual(named, ['one', undefined])
  assert.equal(
    text,
    `The backup ${FACTS.name} can be restored: all of it is whole, and its audit with 1200 lines holds.`,
  )
  assert.deepEqual((data as { ok: boolean }).ok, true)
  const problems = Array.from({ length: 120 }, (_, nth) => `row ${nth} is gone`)
  const damaged = open({ verify: async () => ({ ...FACTS, ok: false, problems, lines: 0 }) })
  const found = await damaged.tell('verify_backup')
  assert.equal(
    found.text,
    `Do not count on the backup ${FACTS.name}: I found 120 problems. The first: row 0 is gone.`,
  )
  assert.equal((found.data as { problems: string[] }).problems.length, 100)
})

const kept = (hours: number, verified: boolean) => {
  const created_at = new Date(NOW - hours * 3_600_000).toISOString()
  return { ...FACTS, name: `b${hours}`, created_at, verified }
}
const listed = async () => [kept(2, false), kept(26, true), kept(100, true)]

test('the newest backup is told with its age and whether it holds, several by name, and none with what makes one', async () => {
  const none = await open().tell('list_backups')
  assert.equal(none.text, 'There is no backup yet. To have one, say: make a backup.')
  const { tell } = open({ list: listed })
  assert.equal(
    (await tell('list_backups', { limit: 1 })).text,
    'The newest backup is of today at 02:00: b2, of 4.3 MB. It has not been found to hold.',
  )
  const { data, text } = await tell('list_backups', { limit: 2 })
  assert.equal(
    text,
    'There are 3 backups. The newest: b2 of today at 02:00 (not found to hold); b26 of yesterday at 02:00.',
  )
  assert.deepEqual(data['count'], 3)
  await assert.rejects(tell('list_backups', { limit: 0 }), TypeError)
})

test('a restore is only told: with the newest backup that holds, and refused where there is none', async () => {
  const { data, text } = await open({ list: listed }).tell('restore_backup')
  assert.deepEqual(data, { backup: 'b26' })
  assert.match(text, /^Nothing is restored: .* Stop the server, .*: paios restore b26\. /)
  await assert.rejects(open().tell('restore_backup'), { message: /make one first\.$/ })
})

test('what cannot be done is refused with the sentence that says why', async () => {
  const refusing = open({ make: () => Promise.reject(new ActionError('There is no room.')) })
  await assert.rejects(refusing.tell('backup'), { message: 'There is no room.' })
  await assert.rejects(open().tell('verify_backup', { backup: '' }), TypeError)
})

test('sizes are said in the largest unit that leaves a number of at least one', () => {
  const sizes: [number, string][] = [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1 KB'],
    [417_792, '417.8 KB'],
    [2_000_000_000, '2 GB'],
    [5e15, '5000 TB'],
  ]
  for (const [bytes, said] of sizes) assert.equal(saySize(bytes), said)
})
