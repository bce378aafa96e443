import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ExecutionDetail, Workflow } from '../contract/workflows.ts'
import { OWNER } from '../sdk/rig.ts'
import { PASSWORD } from '../test/app.ts'
import { data, openOffice } from './rig.ts'

function textOf(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

/** The blocks of a page of the guide that are JSON objects. */
function objectsIn(page: string): string[] {
  const text = textOf(`docs/guide/${page}`)
  const blocks = text.matchAll(/\n\n((?: {4}.*\n)+)/gu)
  return Array.from(blocks, ([, block = '']) => block.replaceAll(/^ {4}/gmu, '')).filter((one) =>
    one.startsWith('{'),
  )
}

test('the page of settings has each of them, and none that there is not', () => {
  const names = textOf('server/kernel/settings.ts').matchAll(/^ {2}'(PAIOS_\w+)',$/gmu)
  const known = new Set(Array.from(names, ([, name]) => name))
  const told = new Set(textOf('docs/guide/settings.md').match(/PAIOS_\w+/gu))
  assert.ok(known.size > 20)
  assert.deepEqual(told, known)
})

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

test('the requests in the guide are answered as it says', async (t) => {
  const { server } = await openOffice(t)
  const text = textOf('docs/guide/agents.md')
  const post = async (path: string, body: string, token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { 'content-type': 'application/json', ...authorization }
    const answer = await fetch(`${server.url}/api${path}`, { method: 'POST', headers, body })
    return (await answer.json()) as { success: boolean; data: Record<string, string> }
  }
  const { data: tokens } = await post('/auth/login', JSON.stringify({ email: OWNER, password: PASSWORD }))
  const shown = [...text.matchAll(/curl -s \$API(\S+) .*<<END\n([^]*?)\n {4}END\n.*?"text":"([^"]+)"/gu)]
  assert.deepEqual(
    shown.map(([, path]) => path),
    ['/agents/4/execute', '/voice/process'],
  )
  for (const [, path = '', body = '', said = '?'] of shown) {
    const given = body.replace('$USER_ID', tokens['user_id'] ?? '')
    const { success, data: answer } = await post(path, given, tokens['access_token'])
    assert.equal(success, true, JSON.stringify(answer))
    assert.ok(JSON.stringify(answer).includes(JSON.stringify(said)), said)
  }
})

test('the request in the guide is proven by the passkey of the machine, and by nothing else', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const text = textOf('docs/guide/changes.md')
  const [, body = ''] = /CHANGE='(.*)'/u.exec(text) ?? []
  const client = await server.signIn(OWNER)
  const token = (await client.session.token()) ?? ''
  const modify = (headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/system/modify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body,
    })
  const prove = (input: string, folder = desk.folder) =>
    spawnSync(process.execPath, ['examples/prove.mjs'], {
      cwd: new URL('..', import.meta.url),
      input,
      env: { HOME: folder },
      encoding: 'utf8',
    })
  const refused = await modify()
  assert.equal(refused.status, 403)
  const { stdout, status } = prove(await refused.text())
  assert.equal(status, 0)
  assert.equal((await modify({ 'x-biometric-proof': stdout.trim() })).status, 200)
  assert.equal((await modify({ 'x-biometric-proof': stdout.trim() })).status, 403)
  const other = await sit()
  for (const [input, folder] of [
    ['{"success":true}', desk.folder],
    [await (await modify()).text(), other.folder],
  ] as const)
    assert.deepEqual([prove(input, folder).status, prove(input, folder).stdout], [1, ''])
})
