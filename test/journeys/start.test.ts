import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openTestApp } from '../app.ts'
import { openMachine } from './process.ts'

const machine = openMachine()
const data_dir = join(machine.home, 'data')
const key_file = join(data_dir, 'root.key')
const database = join(data_dir, 'paios.sqlite')
const own = { PAIOS_KEY_FILE: key_file, PAIOS_PORT: '0' }
// A data folder with a user and something of theirs in it, made by a server that has ended.
const made = await openTestApp({ data_dir })
const { token } = await made.claim()
await made.ask(token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'the key' })
await made.close()
after(() => machine.remove())

/** Everything in the database, as text. */
function contents(): string {
  const opened = new DatabaseSync(database, { readOnly: true })
  const names = opened.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
  const rows = names.map(({ name }) => [name, opened.prepare(`SELECT * FROM ${String(name)}`).all()])
  opened.close()
  return JSON.stringify(rows, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
}

/** Starts a server that must not come up, and answers what it said. */
async function refused(environment: Record<string, string>): Promise<string> {
  const { exit, stdout, stderr } = await machine.paios(['serve'], { environment: { ...own, ...environment } })
  assert.deepEqual([exit, stdout], [2, ''], stderr)
  assert.match(stderr, /^paios: [^\n]+\n$/, 'one line that names the cause, and no stack')
  return stderr.slice('paios: '.length, -1)
}

const SETTINGS: readonly (readonly [name: string, value: string, sentence: RegExp])[] = [
  ['PAIOS_PORT', '65536', /^PAIOS_PORT: "65536" is not a port/],
  ['PAIOS_HOST', '0.0.0.0', /^PAIOS_HOST: 0\.0\.0\.0 is not loopback/],
  ['PAIOS_DATA_DIR', 'data', /^PAIOS_DATA_DIR: "data" is not an absolute path/],
  ['PAIOS_PROT', '3002', /^PAIOS_PROT: there is no such setting/],
  ['PAIOS_DATABASE_URL', 'postgres://localhost/paios', /^PAIOS_DATABASE_URL: PostgreSQL is not built yet/],
]

test('a wrong setting is refused by its name before anything is made', async () => {
  const elsewhere = join(machine.home, 'elsewhere')
  const paths = { PAIOS_DATA_DIR: join(elsewhere, 'data'), PAIOS_KEY_FILE: join(elsewhere, 'root.key') }
  for (const [name, value, sentence] of SETTINGS) {
    assert.match(await refused({ ...paths, [name]: value }), sentence)
    assert.equal(existsSync(elsewhere), false, name)
  }
})

test('a port that another program has is refused by its number, and the data stays as it was', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const before = contents()
  const sentence = await refused({ PAIOS_PORT: String(port) })
  other.close()
  assert.equal(sentence, `Port ${port} of 127.0.0.1 is taken by another program.`)
  assert.equal(contents(), before)
  // Nothing is left behind that would be in the way of the next start.
  const served = await machine.serve(own)
  assert.equal(existsSync(join(data_dir, 'setup-code')), false)
  await served.stop('SIGKILL')
})

test('a data folder that another server has is refused by its path, and that server goes on', async () => {
  const app = await openTestApp({ data_dir })
  const before = contents()
  assert.equal(await refused({}), `Another PAIOS is running on ${data_dir}.`)
  assert.equal(contents(), before)
  const { memories } = await app.ask(token, 'agents.memory', { id: '2' })
  assert.deepEqual(
    memories.map(({ content }) => content),
    ['the key'],
  )
  await app.close()
})

test('the data of a newer version is refused by what is newer, and not one byte of it is changed', async () => {
  const change = (statement: string) => {
    const opened = new DatabaseSync(database)
    opened.exec(`${statement}; PRAGMA wal_checkpoint(TRUNCATE)`)
    opened.close()
  }
  change("INSERT INTO migrations VALUES ('agents-99', '2030-01-01T00:00:00.000Z')")
  const before = readFileSync(database)
  assert.equal(await refused({}), 'The data folder was written by a newer version (agents-99).')
  assert.ok(readFileSync(database).equals(before))
  change("DELETE FROM migrations WHERE name = 'agents-99'")
})

test('a key that is not the one of the data, or is no key at all, is refused by its cause', async () => {
  const before = contents()
  const other = join(machine.home, 'other.key')
  writeFileSync(other, Buffer.alloc(32, 7).toString('base64url'), { mode: 0o600 })
  const foreign = 'The key file is not the one that this data folder was made with.'
  assert.equal(await refused({ PAIOS_KEY_FILE: other }), foreign)
  writeFileSync(other, 'short', { mode: 0o600 })
  const short = `The key file ${other} does not hold a key of 32 bytes.`
  assert.equal(await refused({ PAIOS_KEY_FILE: other }), short)
  assert.equal(readFileSync(other, 'utf8'), 'short')
  assert.equal(contents(), before)
})
