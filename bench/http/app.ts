import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { operations } from '../../contract/index.ts'
import type { OperationName, Operations } from '../../contract/index.ts'
import type { Input, Output } from '../../contract/operation.ts'
import { openApp } from '../../server/app.ts'
import type { App } from '../../server/app.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { systemRandom } from '../../server/kernel/ids.ts'
import { openLog } from '../../server/kernel/log.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import type { Settings } from '../../server/kernel/settings.ts'
import { CLIENTS } from './scene.ts'
import type { Place, Visitor } from './scene.ts'

const PASSWORD = 'correct horse battery staple 9'
/** The origin is part of every token, so it is the same whatever port a server gets. */
const PUBLIC_URL = 'http://localhost:3001'

const MANY = 1_000_000_000
const UNLIMITED = {
  requests_per_minute: MANY,
  voice_commands_per_hour: MANY,
  agent_executions_per_hour: MANY,
  workflow_executions_per_day: MANY,
}
/** Calls are counted as ever, but no client is refused in place of getting its work done, and none has to queue. */
const LIFTED = {
  executions_at_once: CLIENTS,
  anonymous_per_minute: MANY,
  ip_per_minute: MANY,
  tiers: { free: UNLIMITED, pro: UNLIMITED, enterprise: UNLIMITED },
}

export const log = openLog('warn', systemClock, (line) => process.stderr.write(`${line}\n`))

export function settingsOf(folder: string): Settings {
  return readSettings({
    PAIOS_PORT: '0',
    PAIOS_DATA_DIR: join(folder, 'data'),
    PAIOS_KEY_FILE: join(folder, 'root.key'),
    PAIOS_PUBLIC_URL: PUBLIC_URL,
    PAIOS_LOG_LEVEL: 'warn',
  })
}

/** Opens the app of the product. */
export function openBenchApp(folder: string): Promise<App> {
  return openApp({
    settings: settingsOf(folder),
    clock: systemClock,
    random: systemRandom,
    log,
    version: '0.0.0',
    server_zone: 'UTC',
    latency: () => Promise.resolve(0),
    limits: LIFTED,
    onFatal: (error) => {
      throw error
    },
  })
}

/** Makes a data folder with a signed-in user a client, and a copy of it, so that both servers begin alike. */
export async function prepare(folder: string): Promise<{ ours: Place; control: Place }> {
  const ours = join(folder, 'ours')
  const app = await openBenchApp(ours)
  const visitors: Visitor[] = []
  const setup_code = app.auth.setup_code() ?? ''
  const email = 'visitor0@example.org'
  await ask(app, 'auth.setup', { setup_code, email, password: PASSWORD })
  for (let client = 0; client < CLIENTS; client += 1) {
    const address = `visitor${client}@example.org`
    if (client > 0) await app.auth.addUser(address, PASSWORD)
    const { user_id, access_token } = await ask(app, 'auth.login', { email: address, password: PASSWORD })
    visitors.push({ user_id, token: access_token })
  }
  await app.close(0)
  const control = join(folder, 'control')
  cpSync(ours, control, { recursive: true })
  return { ours: { folder: ours, visitors }, control: { folder: control, visitors } }
}

async function ask<N extends OperationName>(
  app: App,
  name: N,
  input: Input<Operations[N]>,
): Promise<Output<Operations[N]>> {
  const head = {
    transport: 'http',
    token: undefined,
    ip: '127.0.0.1',
    user_agent: 'bench',
    request_id: undefined,
  } as const
  const { signal } = new AbortController()
  const reply = await app.dispatch.begin({ operation: operations[name], ...head }).answer({ input, signal })
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`)
  return reply.data as Output<Operations[N]>
}
