import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { EXIT, Stop } from './exit.ts'
import { tokenFile } from './tokens.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-tokens-'))
const path = join(folder, 'deep', 'tokens.json')
after(() => rmSync(folder, { recursive: true }))
beforeEach(() => rmSync(path, { force: true }))

const here = tokenFile(path, 'http://localhost:3001')
const there = tokenFile(path, 'https://paios.example')
const tokens = { access_token: 'a', refresh_token: 'r', user_id: 'u', expires_at: 5 }

test('each server has its own sign-in, in a file that nobody else can read', async () => {
  assert.equal(await here.load(), undefined)
  await here.save(tokens)
  await there.save({ ...tokens, access_token: 'b' })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(await here.load(), tokens)
  await here.clear()
  assert.equal(await here.load(), undefined)
  assert.equal((await there.load())?.access_token, 'b')
  await here.clear()
})

test('a file that others can read is refused, with the command that closes it', async () => {
  await here.save(tokens)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    const message = `Others can read ${path}. Close it with: chmod 600 ${path}`
    for (const refused of [() => here.load(), () => here.save(tokens), () => here.clear()]) {
      await assert.rejects(refused, new Stop(EXIT.failed, message))
    }
  }
  chmodSync(path, 0o600)
  assert.deepEqual(await here.load(), tokens)
})

test('a file of another form is refused, not overwritten', async () => {
  for (const text of ['', '{', '{}', '[]', 'null', '{"servers":{"http://localhost:3001":{}}}']) {
    writeFileSync(path, text, { mode: 0o600 })
    await assert.rejects(here.save(tokens), /is not readable\. Remove it, then: paios login$/, text)
  }
})
