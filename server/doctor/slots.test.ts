import assert from 'node:assert/strict'
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { openTestApp } from '../../test/app.ts'
import { seededRandom } from '../../test/clock.ts'
import { enrol, prove } from '../../test/passkeys.ts'
import { keyslotsPath } from '../domains/vault/keyslots.ts'
import { openRootKey } from '../kernel/crypto.ts'
import { systemRandom } from '../kernel/ids.ts'
import { openConnection } from '../kernel/store/connection.ts'
import { databasePath } from '../kernel/store/open.ts'
import { checkSlots } from './slots.ts'

/** The data of a server that has ended, with so many stored secrets. */
async function open(t: TestContext, secrets: number, seed = 1) {
  const server = await openTestApp({ random: seededRandom(seed) })
  const { data_dir } = server
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const { token } = await server.claim()
  const { key } = await enrol(server, token)
  for (let count = 0; count < secrets; count += 1) {
    const given = {
      service_name: 'Example',
      credential_type: 'api_key',
      credential_data: { value: 'secret' },
    }
    assert.ok((await prove(server, token, key, 'credentials.store', given as never)).ok)
  }
  const { settings } = server.app.kernel
  await server.close()
  const look = (): string[] => {
    const connection = openConnection(databasePath(data_dir), { synchronous: 'NORMAL', read_only: true })
    const {
      kind,
      says,
      mend = '',
    } = checkSlots(settings, openRootKey(settings, systemRandom, false), connection)
    connection.close()
    return [kind, says.replaceAll(path, 'FILE'), mend.replaceAll(path, 'FILE')]
  }
  const path = keyslotsPath(settings.key_file)
  return { path, look }
}

const BACK =
  'Put it back from your copy. Without one, delete these secrets and store them anew: paios credentials'

test('a server that keeps no secrets needs no file of keys, one that keeps some does', async (t) => {
  const without = await open(t, 0)
  assert.deepEqual(without.look(), ['well', 'No secret is stored yet.', ''])
  const { look, path } = await open(t, 2)
  assert.deepEqual(look(), ['well', 'The keys of stored secrets are in FILE, and open.', ''])
  renameSync(path, `${path}.away`)
  assert.deepEqual(look(), [
    'problem',
    'The file of keys FILE is missing, and without it no stored secret opens (2).',
    BACK,
  ])
  renameSync(`${path}.away`, path)
  assert.equal(look()[0], 'well')
})

test('a file of keys that others can read is closed, in whatever way they can', async (t) => {
  const { look, path } = await open(t, 1)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    const says = 'The file of keys FILE can be read by others on this machine.'
    assert.deepEqual(look(), ['problem', says, 'chmod 600 FILE'])
  }
})

test('a file of keys that is cut, empty of the keys in use, or of another root key is told apart', async (t) => {
  const { look, path } = await open(t, 1)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.slice(0, 40))
  assert.deepEqual(look(), ['problem', 'The file FILE is not a whole file of keys.', BACK])
  writeFileSync(path, '{"format":1,"slots":[]}')
  assert.match(look()[1] ?? '', /^One stored secret does not open: the key is not in FILE, which is older\.$/)
  const other = await open(t, 1, 2)
  writeFileSync(path, readFileSync(other.path, 'utf8'))
  assert.match(look()[1] ?? '', /^The key kek_\S+ was sealed by another root key, or is damaged\.$/)
  writeFileSync(path, text)
  assert.equal(look()[0], 'well')
})
