import type { WorkflowDefinition } from '../../contract/workflows.ts'
import { operations } from '../../contract/index.ts'
import type { AppOptions } from '../../server/app.ts'
import type { AuditLine } from '../../server/kernel/audit.ts'
import { openHttp } from '../../server/transports/http.ts'
import { openSocket } from '../../server/transports/socket.ts'
import type { SocketBounds } from '../../server/transports/socket.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { PASSWORD, openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'

/** Somebody who is signed in. `agents` holds the ids of their agents by number; `run` is one of the workflow, and waits. */
export interface Person {
  user_id: string
  token: string
  agents: ReadonlyMap<number, string>
  workflow: string
  run: string
}

/** A whole server in this process: the app and both of its transports on a free port, with a fixed clock. */
export interface Whole extends TestApp {
  port: number
  /** The owner. */
  ann: Person
  /** Another user. */
  bob: Person
  /** Opens a socket, with a token or without; it is closed with the server. */
  open(token: string | undefined): Client
  /** The lines of the audit that were written since this was last asked. */
  audited(): Promise<AuditLine[]>
  /** How many rows each table has; the audit, which grows by every call, and the indexes of the search left out. */
  counts(): Record<string, number>
}

/** What a test passes in. */
export interface WholeOptions {
  limits?: AppOptions['limits']
  bounds?: Partial<SocketBounds>
  /** With the recogniser that this machine has, if it has one. */
  hears?: boolean
}

/** The clock stands still, so that everything that a test sends falls into one and the same second. */
const ROOMY: Partial<SocketBounds> = { events_per_s: 100_000, packets_per_s: 1_000_000 }
const LINE = 'request_id, actor, session_id, transport, operation, target, status, outcome, ip, duration_ms'
const COUNTED = `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'audit' AND name NOT LIKE 'sqlite%'
  AND name NOT LIKE 'memory_words_%' ORDER BY name`

export async function openWhole({ limits, bounds, hears = false }: WholeOptions = {}): Promise<Whole> {
  const opened = await openTestApp({
    ...(limits && { limits }),
    ...(hears && { recogniser: undefined }),
  })
  const { app, clock } = opened
  const { dispatch, kernel, auth } = app
  const { settings, log } = kernel
  const http = await openHttp({ dispatch, operations, settings, log })
  const shared = { dispatch, operations, settings, log, clock, ...app.doors }
  const sockets = openSocket({ ...shared, server: http.server, bounds: { ...ROOMY, ...bounds } })
  const port = Number(new URL(await http.listen()).port)
  const clients: Client[] = []
  await opened.claim('ann@example.org')
  await auth.addUser('bob@example.org', PASSWORD)
  const ann = await enter(opened, 'ann@example.org')
  const bob = await enter(opened, 'bob@example.org')
  const audited = auditReader(opened)
  await audited()
  return {
    ...opened,
    port,
    ann,
    bob,
    audited,
    open: (token) => {
      const client = openClient(port, token ?? '', token === undefined ? { auth: {} } : {})
      clients.push(client)
      return client
    },
    counts: () => countRows(opened),
    remove: async () => {
      for (const { socket } of clients) socket.disconnect()
      await sockets.close()
      await http.close(0)
      await opened.remove()
    },
  }
}

async function enter({ app, ask }: TestApp, email: string): Promise<Person> {
  const { access_token: token, user_id } = await ask(undefined, 'auth.login', { email, password: PASSWORD })
  const { agents } = await ask(token, 'agents.list', {})
  const given = { name: 'Patient', definition: PATIENT }
  const { id: workflow } = await app.kernel.store.write((tx) => app.workflows.create(tx, user_id, given))
  const { execution_id: run } = await ask(token, 'workflows.execute', { id: workflow })
  const numbered = agents.map(({ agent_number, id }) => [agent_number, id] as const)
  return { user_id, token, agents: new Map(numbered), workflow, run }
}

/** A workflow that does nothing but wait. */
const PATIENT: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [{ id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 3600 } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 86_400_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}

function auditReader({ app: { kernel } }: TestApp): Whole['audited'] {
  const { connection } = kernel.store.reader
  let last = 0
  return async () => {
    await kernel.audit.flush()
    const rows = connection.all(`SELECT seq, ${LINE} FROM audit WHERE seq > ? ORDER BY seq`, [last])
    last = Number(rows.at(-1)?.['seq'] ?? last)
    return rows.map((row) =>
      Object.fromEntries(LINE.split(', ').map((name) => [name, row[name]])),
    ) as unknown as AuditLine[]
  }
}

function countRows({ app: { kernel } }: TestApp): Record<string, number> {
  const { connection } = kernel.store.reader
  const names = connection.all(COUNTED, []).map(({ name }) => String(name))
  const count = (name: string) => Number(connection.all(`SELECT count(*) AS n FROM ${name}`, [])[0]?.['n'])
  return Object.fromEntries(names.map((name) => [name, count(name)]))
}
