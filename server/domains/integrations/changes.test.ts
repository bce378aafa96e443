import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import type { Input } from '../../../contract/operation.ts'
import type { system } from '../../../contract/system.ts'
import { performAs } from '../changes/fixture.ts'
import { defined, step } from '../workflows/rig.ts'
import { openGitHub } from './github/fixture.ts'
import type { GitHub } from './github/fixture.ts'
import { agentWith, openWithService } from './rig.ts'

const look = (parameters: object) =>
  step('look', { action: 'repos_get', parameters: parameters as Record<string, unknown> })
const REPO = { owner: '{{input.owner}}', repo: 'hello' }

const create = (server: GitHub, ...steps: ReturnType<typeof step>[]) =>
  server.ask(server.ann.token, 'workflows.create', { name: 'Report', definition: defined({ steps }) })

async function run(server: GitHub, id: string, input_data: object) {
  const { execution_id } = await server.ask(server.ann.token, 'workflows.execute', { id, input_data })
  for (let turns = 0; turns < 20_000; turns += 1) {
    const found = await server.ask(server.ann.token, 'workflows.execution', { id: execution_id })
    if (found.ended_at !== null) return found
    await nextTurn()
  }
  throw new Error('The run does not end.')
}

const names = async ({ ask, ann }: GitHub) =>
  (await ask(ann.token, 'agents.get', { id: '20' })).available_actions

test('a step of a workflow asks a service, and the next one goes on with what it answered', async (t) => {
  const server = await openGitHub(t)
  await server.bring()
  const issue = { ...REPO, title: 'About {{steps.look.result.data.operation}}' }
  const { id } = await create(
    server,
    look(REPO),
    step('tell', { action: 'issues_create', parameters: issue, depends_on: ['look'] }),
  )
  const { status, steps } = await run(server, id, { owner: 'octo cat' })
  assert.deepEqual([status, steps.map((one) => one.status)], ['completed', ['completed', 'completed']])
  assert.deepEqual(
    server.got.map(({ method, url, body }) => `${method} ${url} ${body}`),
    ['GET /repos/octo%20cat/hello ', 'POST /repos/octo%20cat/hello/issues {"title":"About repos/get"}'],
  )
  assert.match(String(server.got[1]?.headers['idempotency-key']), /\/tell$/)
})

test('a step that names an action which no service has, or leaves out what it needs, is told when it is saved', async (t) => {
  const server = await openGitHub(t)
  await server.bring({ only: ['repos/get'] })
  const problems = async (given: ReturnType<typeof step>) => {
    const reply = await server.call(server.ann.token, 'workflows.create', {
      name: 'X',
      definition: defined({ steps: [given] }),
    })
    return reply.ok ? 'fine' : JSON.stringify(reply.error.error)
  }
  assert.match(await problems(step('a', { action: 'repos_delete', parameters: REPO })), /repos_delete/)
  assert.match(await problems(look({ owner: 'x' })), /parameters\/repo/)
  assert.equal(await problems(look(REPO)), 'fine')
})

test('taking an integration away says which workflows it would break, and taking that back brings its actions back', async (t) => {
  const server = await openGitHub(t)
  const { ann } = server
  await server.bring({ only: ['repos/get', 'issues/create'] })
  const { id } = await create(server, look(REPO))
  const change: Input<typeof system.modify> = {
    type: 'agent_config',
    description: 'without GitHub',
    target: { kind: 'agent', id: '20' },
    after_state: { config: { external_integrations: [] } },
  }
  const tried = await performAs(server, ann, 'system.modify', { ...change, dry_run: true })
  assert.deepEqual(tried.impact.workflows, [id])
  assert.match(tried.impact.problems.join(), /Report: .*repos_get/)
  await performAs(server, ann, 'system.modify', change)
  assert.deepEqual(await names(server), [])
  assert.equal((await run(server, id, { owner: 'o' })).status, 'failed')
  await performAs(server, ann, 'system.rollback', {})
  assert.deepEqual(await names(server), ['repos_get', 'issues_create'])
  assert.equal((await run(server, id, { owner: 'o' })).status, 'completed')
})

test('an import is one change, which says what sentences go elsewhere and is taken back whole', async (t) => {
  const server = await openGitHub(t)
  const { ann, ask } = server
  const say = (text_fallback: string) => ask(ann.token, 'voice.process', { text_fallback })
  await say('github get a repository owner octocat repo hello')
  const tried = await server.bring({ dry_run: true })
  assert.match(tried.impact_assessment, /github get a repository/)
  await server.bring()
  const { modifications } = await ask(ann.token, 'system.modifications', { limit: 1 })
  assert.equal(modifications[0]?.description, 'Imported GitHub into agent 20, Errands: 665 actions.')
  assert.equal((await say('github get a repository owner octocat repo hello')).intent.action, 'repos_get')
  await performAs(server, ann, 'system.rollback', {})
  assert.deepEqual(await names(server), [])
  assert.notEqual((await say('github get a repository owner octocat repo hello')).intent.action, 'repos_get')
})

const service = (id: string, name: string): ExternalIntegration => ({
  id,
  name,
  type: 'http',
  enabled: true,
  allowed_hosts: [],
  base_url: `https://${id}.example/api`,
  actions: [{ name: `ask_${id}`, method: 'GET', path: '/' }],
})

test('one service is taken back though others came, changed and went since, and what stands in the way is named', async (t) => {
  const server = await openWithService(t)
  const { ann, ask } = server
  const [heating, door, lamp] = ['heating', 'door', 'lamp'].map((id) => service(id, 'as it was'))
  assert.ok(heating && door && lamp)
  await agentWith(server, heating)
  const changed: string[] = []
  const set = async (...external_integrations: ExternalIntegration[]): Promise<void> => {
    await ask(ann.token, 'agents.update', { id: '20', config: { external_integrations } })
    const { modifications } = await ask(ann.token, 'system.modifications', { limit: 1 })
    changed.push(modifications[0]?.id ?? '')
  }
  await set(heating, door)
  await set(heating, door, lamp)
  await set(door, lamp)
  await set({ ...door, name: 'of oak' }, lamp)
  const takeBack = async (at: number) => {
    await performAs(server, ann, 'system.rollback', { modification_id: changed[at] ?? '' })
    const { config } = await ask(ann.token, 'agents.get', { id: '20' })
    return config.external_integrations.map(({ id, name }) => `${id} ${name}`)
  }
  await assert.rejects(takeBack(0), /later change/)
  assert.deepEqual(await takeBack(2), ['door of oak', 'lamp as it was', 'heating as it was'])
  assert.deepEqual(await takeBack(1), ['door of oak', 'heating as it was'])
  assert.deepEqual(await takeBack(3), ['door as it was', 'heating as it was'])
  assert.deepEqual(await takeBack(0), ['heating as it was'])
})

test('an order that was changed since stays when one service is taken back', async (t) => {
  const server = await openWithService(t)
  const { ann, ask } = server
  const [one, two] = [service('one', 'first'), service('two', 'second')]
  await agentWith(server, one, two)
  const set = (...external_integrations: ExternalIntegration[]) =>
    ask(ann.token, 'agents.update', { id: '20', config: { external_integrations } })
  await set(one, { ...two, name: 'other' })
  const { modifications } = await ask(ann.token, 'system.modifications', { limit: 1 })
  await set({ ...two, name: 'other' }, one)
  await performAs(server, ann, 'system.rollback', { modification_id: modifications[0]?.id ?? '' })
  const { config } = await ask(ann.token, 'agents.get', { id: '20' })
  assert.deepEqual(
    config.external_integrations.map(({ name }) => name),
    ['second', 'first'],
  )
})

test('an agent that is switched off, or a service that is, can be asked nothing', async (t) => {
  const server = await openGitHub(t)
  const { ann, ask } = server
  const { integration } = await server.bring({ only: ['repos/get'] })
  const off = { external_integrations: [{ ...integration, enabled: false }] }
  await ask(ann.token, 'agents.update', { id: '20', config: off })
  assert.deepEqual(await names(server), [])
  const { total_count } = await ask(ann.token, 'integrations.actions', { agent: '20', id: 'github' })
  assert.equal(total_count, 1)
  await ask(ann.token, 'agents.update', { id: '20', config: { external_integrations: [integration] } })
  await ask(ann.token, 'agents.update', { id: '20', is_active: false })
  const reply = await server
    .act(20, 'repos_get', { owner: 'a', repo: 'b' })
    .catch((error: Error) => error.message)
  assert.match(JSON.stringify(reply), /AGENT_005/)
  assert.deepEqual(server.got, [])
})

test('what was brought back and changed since is no half of one when that is taken back', async (t) => {
  const server = await openGitHub(t)
  const { ann } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Shop',
    credential_type: 'api_key',
    credential_data: { value: 'sk-0123456789' },
  })
  const one = {
    ...service('shop', 'Shop'),
    credential_id,
    actions: [{ name: 'next_key', method: 'POST', path: '/next' }],
  }
  const set = (list: ExternalIntegration[]) =>
    performAs(server, ann, 'agents.update', { id: '20', config: { external_integrations: list } })
  await set([one])
  await set([])
  await performAs(server, ann, 'system.rollback', {})
  await set([{ ...one, rotation: { action: 'next_key', value: '/key' } }])
  const { modifications } = await server.ask(ann.token, 'system.modifications', { limit: 4 })
  assert.equal(modifications.length, 4)
  await performAs(server, ann, 'system.rollback', {})
  const { config } = await server.ask(ann.token, 'agents.get', { id: '20' })
  assert.deepEqual(config.external_integrations, [one])
})
