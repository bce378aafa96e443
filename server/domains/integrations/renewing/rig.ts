import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { Rotation } from '../../../../contract/integrations.ts'
import { iso } from '../../../kernel/clock.ts'
import { performAs } from '../../changes/fixture.ts'
import { pass } from '../../workflows/triggers/rig.ts'
import { agentWith, declared, http, openWithService, text } from '../rig.ts'
import type { Got } from '../rig.ts'

export const DAY_MS = 86_400_000
export const OLD = 'old-secret-Zq7+/v8RtY2'
export const NEW = 'new-secret-mX4pL9wK3bN6'
export const ROTATION: Rotation = { action: 'rotate', value: '/key/value', expires_at: '/key/until' }
export const rotate = declared({ name: 'rotate', method: 'POST', path: '/rotate' }, { name: text }, [])

export const rotating = (more: object) => ({ rotation: { ...ROTATION, ...more } })

/** What a service answers that gives another secret. */
export const given = () => ({ data: { key: { value: NEW } } })

interface Options {
  rotation?: Rotation
  days?: number
  auto_rotate?: boolean
  granted?: boolean
}

/** A service that answers a rotation as the test says, and a credential for it that ends in some days. */
export async function openRenewing(
  t: TestContext,
  answer: (got: Got, response: ServerResponse) => { status?: number; data: unknown } | void,
  { rotation = ROTATION, days = 6, auto_rotate = true, granted = true }: Options = {},
) {
  const server = await openWithService(t, answer)
  const { ann, origin, clock, app } = server
  const { id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Shop key',
    credential_type: 'api_key',
    credential_data: { value: OLD, additional_fields: { user: 'ann' } },
    metadata: { expires_at: iso(clock.now() + days * DAY_MS), auto_rotate },
  })
  await agentWith(server, http(origin, { actions: [rotate], credential_id: id, rotation }))
  if (granted)
    await performAs(server, ann, 'credentials.grant', {
      credential_id: id,
      agent_number: 20,
      destinations: [{ origin, in: 'header', name: 'authorization' }],
    })
  const reveal = async () => (await performAs(server, ann, 'credentials.get', { id })).credential_data
  const texts = async () =>
    (await server.ask(await server.signIn(), 'notifications.list', {})).notifications.map((one) => one.text)
  const rotated = async () =>
    (await server.told()).filter(({ name }) => name === 'credential:rotated').map(({ data }) => data)
  const listed = async () => (await server.ask(await server.signIn(), 'credentials.list', {})).credentials[0]
  /** What anybody but the vault could know: everything in the database, and the log. */
  const known = () => {
    const { connection } = app.kernel.store.reader
    const tables = connection.all(`SELECT name FROM sqlite_master WHERE type = 'table'`, [])
    const rows = tables.map(({ name }) => connection.all(`SELECT * FROM "${String(name)}"`, []))
    return `${JSON.stringify(rows)} ${server.logged.join('\n')}`
  }
  return {
    server,
    id,
    reveal,
    texts,
    rotated,
    listed,
    known,
    begin: () => app.vault.begin(),
    until: () => iso(clock.now() + 90 * DAY_MS),
  }
}

export const keysOf = ({ server }: Pick<Awaited<ReturnType<typeof openRenewing>>, 'server'>) =>
  server.got.map(({ headers }) => headers['idempotency-key'])

/** Lets the service answer, which takes no time by the clock of the server. */
export async function settle(
  { server }: Pick<Awaited<ReturnType<typeof openRenewing>>, 'server'>,
  ms = 60_000,
): Promise<void> {
  for (let turns = 0; turns < 400; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  await pass(server, ms)
  for (let turns = 0; turns < 400; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
