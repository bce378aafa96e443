import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import { agentWith, openWithService } from './rig.ts'

/** The integrations that the guide shows, as they stand there. */
function shown(): ExternalIntegration[] {
  const guide = readFileSync(new URL('../../../docs/guide/integrations.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/^ {4}\{"id"[^]*?(?=\n\n)/gm)].map(([block]) => block)
  return blocks.map((block) => JSON.parse(block) as ExternalIntegration)
}

test('what the guide shows is taken as it stands there, and is asked by its sentence', async (t) => {
  const server = await openWithService(t)
  const [heating, door] = shown()
  assert.ok(heating !== undefined && door !== undefined)
  const { credential_id: _secret, auth: _auth, ...open } = heating
  const agent = await agentWith(server, heating, door)
  assert.deepEqual(agent.config.external_integrations, [heating, door])
  assert.deepEqual(agent.available_actions, ['set_room', 'send'])
  const external_integrations = [{ ...open, base_url: `${server.origin}/api` }]
  await server.ask(server.ann.token, 'agents.update', { id: '20', config: { external_integrations } })
  const say = async (text_fallback: string) =>
    (await server.ask(server.ann.token, 'voice.process', { text_fallback })).response.text
  assert.equal(
    await say('set the heating in bathroom to 21.5'),
    'That asks Heating to: Sets the temperature of a room (room bathroom, degrees 21.5). Shall I?',
  )
  assert.equal(await say('yes'), 'Heating answered: ok true.')
  assert.deepEqual(
    [server.got[0]?.method, server.got[0]?.url, server.got[0]?.body],
    ['PUT', '/api/rooms/bathroom', '{"degrees":21.5}'],
  )
})
