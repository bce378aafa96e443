import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openCanary } from '../../server/domains/egress/rig.ts'
import { openDay, reportsIn } from './burglar-day.ts'
import type { Day } from './burglar-day.ts'
import { CLUMSY } from './burglar-owner.ts'
import { PLOTS, shop } from './burglar-plots.ts'
import type { Scene } from './burglar-plots.ts'
import { ROBOT, RUNS, answerAll } from './burglar-runs.ts'
import { hits, placesIn, writingsOf } from './burglar-search.ts'
import type { Place } from './burglar-search.ts'
import { TRICKS, openService } from './burglar-service.ts'
import { none } from './rig.ts'

/** Each is in one place of the day alone, so that what is found says where it came from. */
const SECRETS = {
  api: 'sk-live-Zq7+/v8"R<t&Y2mX4pL9wK3bN6cD1',
  next: 'sk-next-Hk2+/m5"J<u&V8nB1qW4eR7tZ0aS3',
  password: 'Pa:ss w0rd/+&<tag>"q"\\über-Straße-4711',
  field: 'recovery words: zebra/quartz+"<jumbo>&7',
  body: 'bd-7Fh2+/x9"L<k&Q4sT6vN8mC1zR3pW5yG0',
  query: 'qy-9Kd4+/c7"V<b&N2mA5sD8fG1hJ3kL6pQ0',
  cli: 'cli-3Wm8+/t6"Y<u&I1oP4aS7dF9gH2jK5lZ',
  own: 'own-5Rt1+/w4"E<q&Z7xC9vB2nM6kJ8hG3fD',
  integration: 'it-8Ub3+/n6"M<j&H9gF1dS4aP7oI2uY5tR0',
  webhook: `whsec_${Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2Lp').toString('base64')}`,
  robot: 'rb-2Ce7+/z1"X<v&B4nM8lK3jH6gF9dS5aQ0',
  refused: 'rf-6Yg9+/k2"U<i&O5pA8sD1fG4hJ7kL3zX0',
  approved: 'ap-1Vx5+/e8"R<t&Y3uI6oP9aS2dF7gH4jK0',
  denied: 'dn-4Ns6+/q3"W<e&R9tY1uI7oP5aS8dF2gH0',
  modified: 'md-7Lp0+/o9"I<u&Y6tR4eW2qA8sD5fG1hJ3',
  imported: 'im-3Jf8+/h5"G<f&D1sA9pO7iU4yT2rE6wQ0',
}

test('the search finds each writing of a secret in a file and in a cell that its file holds in pieces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paios-burglar-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const marker = 'mk-0Aa1+/b2"C<d&E3fG4hI5jK6lM7nO8pQ9'
  const needles = writingsOf({ marker })
  assert.deepEqual(hits(placesIn(folder), needles), [])
  for (const [index, { bytes }] of needles.entries())
    writeFileSync(
      join(folder, `${index}.log`),
      Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]),
    )
  const database = new DatabaseSync(join(folder, 'x.db'))
  database.exec('PRAGMA page_size = 512; CREATE TABLE t (a); CREATE TABLE empty (a); BEGIN')
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  for (const { bytes } of needles)
    for (let at = 460; at < 508; at += 1) insert.run(Buffer.concat([Buffer.alloc(at), bytes]))
  database.exec('COMMIT')
  database.close()
  const found = hits(placesIn(folder), needles)
  for (const [index, { says }] of needles.entries())
    for (const where of [`${index}.log: `, 'x.db, table t: '])
      assert.ok(
        found.some((one) => one.includes(`${where}${says}: `)),
        `${where}${says}`,
      )
  const based = Buffer.from(`ab${marker}cd`).toString('base64')
  assert.ok(hits([['a', Buffer.from(based)]], needles).some((one) => one.includes('whole, base64 at 2')))
  assert.deepEqual(hits([['b', Buffer.from(marker.slice(2, 17) + marker.slice(-17, -2))]], needles), [])
})

test(
  'a day of thieves leaves no secret anywhere, and the service that was granted them did hear them',
  { timeout: 240_000 },
  async (context) => {
    const fence = await openCanary(context)
    const mules: Place[] = []
    const mule = await openCanary(context, (request, response) => {
      mules.push(['the mule', Buffer.from(`${request.url} ${JSON.stringify(request.headers)}`)])
      request.on('data', (chunk: Buffer) => mules.push(['the body of the mule', chunk]))
      request.on('end', () => response.end('ok'))
    })
    const fences = [`http://127.0.0.1:${mule.port}/stolen`, `http://127.0.0.1:${fence.port}/stolen`]
    let turn = 0
    const service = await openService(context, () => fences[(turn += 1) % 2] ?? '')
    const day = await openDay([`127.0.0.1:${service.port}`, `127.0.0.1:${mule.port}`])
    context.after(() => day.machine.remove())
    const scene = await prepare(day, service.origin, fences)
    const { ids } = scene

    await context.test(`${TRICKS.length} tricks of a service that was given secrets`, async () => {
      for (const [, trick] of TRICKS) {
        const url = `${service.origin}/${trick}`
        const acts = [
          () => day.act(8, 'get', { url, credential_id: ids['api'] }),
          () => day.act(8, 'get', { url: `${url}?a=1`, credential_id: ids['query'] }),
          () => day.act(8, 'post', { url, body: { a: 1 }, credential_id: ids['body'] }),
          () => day.act(8, 'post', { url, body: 'x', credential_id: ids['password'] }),
          () => day.act(20, 'look', { path: trick }),
        ]
        for (const act of acts) {
          // A service that fails several times in a row is left alone.
          const wrong = await act()
          const fine = { url: `${service.origin}/fine`, credential_id: ids['field'] }
          if (wrong !== 'done') assert.equal(await day.act(8, 'get', fine), 'done', wrong)
        }
      }
    })
    for (const [what, plot] of [...PLOTS, ...RUNS])
      await context.test(what, () => plot(scene).then(() => undefined))
    await context.test('the server is killed while a secret is under way', () =>
      interrupt(scene, service, 'SIGKILL'),
    )
    for (const [what, plot] of CLUMSY) await context.test(what, () => plot(scene).then(() => undefined))
    await context.test('the server crashes while a secret is under way, and says why', async () => {
      await interrupt(scene, service, 'SIGUSR2')
      assert.equal(reportsIn(day.machine).length, 1)
      assert.ok(
        day.places.some(([name, text]) => name.startsWith('standard error') && text.includes('crashed')),
      )
    })
    await context.test('what is revealed is right, and answered once', () => reveal(scene))
    await context.test('everything is read, exported and backed up', () => readAll(scene))
    await day.end()

    await context.test('the day was real', () => {
      const loot = new Set(service.heard.flatMap((one) => one.loot))
      for (const name of ['api', 'password', 'field', 'body', 'query', 'integration'] as const)
        assert.ok(loot.has(SECRETS[name]), name)
      assert.ok(service.heard.some(({ headers }) => headers['webhook-signature'] !== undefined))
      assert.ok(mules.length > 0)
      // What was refused for its number, or for the want of a token, was no attempt.
      assert.deepEqual(
        day.places.filter(([name]) => /^answer (?:429|5\d\d) /.test(name)).map(([name]) => name),
        [],
      )
    })
    await context.test('no secret is anywhere, and who was granted none has heard none', () => {
      const places = [...merged(day.places), ...placesIn(day.machine.home), ...merged(mules)]
      none(hits(places, writingsOf(SECRETS)))
      assert.equal(fence.hits(), 0)
    })
  },
)

/** Stores what is stolen later, and grants some of it. */
async function prepare(day: Day, origin: string, [mule = '', fence = '']: readonly string[]): Promise<Scene> {
  const ids: Record<string, string> = {}
  const store = async (name: string, credential_data: object, type = 'api_key') => {
    const input = { service_name: `Service ${name}`, credential_type: type, credential_data }
    ids[name] = (await day.prove<{ id: string }>('credentials.store', input)).id
  }
  for (const name of ['api', 'body', 'query', 'integration', 'webhook'] as const)
    await store(name, { value: SECRETS[name] })
  const additional_fields = { username: 'ann', words: SECRETS.field }
  await store('password', { value: SECRETS.password, additional_fields }, 'password')
  await store('field', { value: SECRETS.password, additional_fields }, 'password')
  const grant = (name: string, agent_number: number, more: object) =>
    day.prove('credentials.grant', {
      credential_id: ids[name],
      agent_number,
      destinations: [{ origin, ...more }],
    })
  await grant('api', 8, { in: 'header', name: 'authorization' })
  await grant('password', 8, { in: 'header', name: 'authorization' })
  await grant('field', 8, { in: 'header', name: 'x-key', field: 'words' })
  await grant('body', 8, { in: 'body', name: 'token' })
  await grant('query', 8, { in: 'query', name: 'key' })
  const external_integrations = [shop(origin, ids['integration'] ?? '')]
  const config = { api_keys: { own: SECRETS.own }, external_integrations }
  await day.prove('agents.create', { name: 'Errands', agent_number: 20, config })
  await grant('integration', 20, { in: 'header', name: 'x-key' })
  await grant('webhook', 20, { in: 'header', name: 'webhook-signature' })
  const added = await day.paios(['credentials', 'add', 'cli.example', '--stdin'], SECRETS.cli)
  assert.equal(added.exit, 0, added.stderr)
  const registered = await day.prove<{ agent_id: string; token: string }>('messages.register', ROBOT)
  const robot = { ...registered, socket: await day.open(registered.token) }
  await day.open()
  answerAll(robot)
  return { day, origin, mule, fence, ids, secrets: SECRETS, robot }
}

/** Ends the server while a service holds a secret and has not answered, and starts it again. */
async function interrupt(
  { day, origin, ids }: Scene,
  service: { silent(): Promise<void> },
  how: 'SIGKILL' | 'SIGUSR2',
): Promise<void> {
  const silent = service.silent()
  const lost = day.act(8, 'get', { url: `${origin}/never`, credential_id: ids['api'] }).catch(() => 'lost')
  await silent
  const half = day.tryProven('credentials.store', {
    service_name: 'Lost',
    credential_type: 'api_key',
    credential_data: { value: SECRETS.refused },
  })
  await Promise.all([half.catch(() => undefined), day.again(how)])
  assert.equal(await lost, 'lost')
}

async function reveal({ day, ids }: Scene): Promise<void> {
  type Revealed = { credential_data: { value: string; additional_fields?: object } }
  const one = await day.prove<Revealed>('credentials.get', { id: ids['password'] }, true)
  assert.deepEqual(one.credential_data, {
    value: SECRETS.password,
    additional_fields: { username: 'ann', words: SECRETS.field },
  })
  const printed = await day.paios(['credentials', 'reveal', 'cli.example'], '', true)
  assert.deepEqual([printed.stdout, printed.exit], [`${SECRETS.cli}\n`, 0], printed.stderr)
}

const LISTS =
  'agents agents/20?actions=true agents/20/logs agents/8/logs agents/30/logs agents/2/memory agents/2/memory/export agents/20/memory/export workflows workflows/executions system/health system/state system/architecture system/architecture/diff system/performance system/logs?limit=500 system/config system/modifications?limit=500 voice/commands credentials credentials/grants users approvals notifications account/records integrations integrations/20/shop/actions auth/me auth/sessions'

async function readAll({ day }: Scene): Promise<void> {
  for (const path of LISTS.split(' ')) await day.http(`GET /api/${path}`)
  const commands = [
    ['export', '--to', 'mine.tar'],
    ['backup'],
    ['credentials', 'show', 'cli.example'],
    ['doctor'],
    ['changes'],
  ]
  for (const words of commands) {
    const { exit, stderr } = await day.paios(words)
    assert.equal(exit, 0, `${words.join(' ')}: ${stderr}`)
  }
}

/** What has one name came one after the other: a secret may lie across two pieces of it. */
function merged(places: readonly Place[]): Place[] {
  const byName = Map.groupBy(places, ([name]) => name)
  return Array.from(
    byName,
    ([name, parts]) => [name, Buffer.concat(parts.map(([, bytes]) => bytes))] as const,
  )
}
