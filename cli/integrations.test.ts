import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openOffice } from './rig.ts'

const DOCUMENT = `openapi: 3.1.0
info: { title: Heating, version: '2' }
servers: [{ url: 'https://heating.example/api' }]
paths:
  /rooms:
    get: { operationId: list_rooms, summary: Lists the rooms, responses: { '200': { description: ok } } }
  /rooms/{room}:
    delete:
      operationId: remove_room
      parameters: [{ name: room, in: path, required: true, schema: { type: string } }]
      responses: { '204': { description: gone } }
`

test('a document is tried, imported, listed with what it brings, and shown with the agent', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const file = join(desk.folder, 'heating.yaml')
  writeFileSync(file, DOCUMENT)
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(argv)
    return [exit, stdout + stderr] as const
  }
  assert.match((await say('integrations'))[1], /^There is none\. Import one with: /)
  const [exit, tried] = await say('integrations', 'import', '8', file, '--dry-run')
  assert.equal(exit, 0, tried)
  assert.match(tried, /^Agent 8 would have 2 actions of Heating, of 2 operations\.\n/)
  assert.match((await say('integrations'))[1], /^There is none/)
  assert.match((await say('integrations', 'import', '8', file))[1], /^Agent 8 has 2 actions of Heating/)
  assert.match((await say('integrations'))[1], /\n8 +heating +http +heating\.example +2 +unknown\n/)
  const [, actions] = await say('integrations', 'actions', '8', 'heating', '--limit', '1')
  assert.match(actions, /^list_rooms .*Lists the rooms\.?\nand 1 more: --limit\n$/)
  assert.match((await say('agents', 'show', '8'))[1], /remove_room/)
})

test('what is no number, no file and no document is refused with what is wrong, and nothing comes of it', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const file = join(desk.folder, 'wrong.yaml')
  writeFileSync(file, 'openapi: 3.1.0\npaths: []\n')
  const refused = async (...argv: string[]) => {
    const { exit, stderr } = await desk.paios(['integrations', 'import', ...argv])
    assert.notEqual(exit, 0)
    return stderr
  }
  assert.match(await refused('Fetcher', file), /"Fetcher" is not the number of an agent/)
  assert.match(await refused('8', join(desk.folder, 'none')), /cannot be read/)
  assert.match(await refused('8', file), /\/info|\/paths/)
  assert.match(await refused('77', file), /agent 77/i)
  assert.match((await desk.paios(['integrations'])).stdout, /^There is none/)
})
