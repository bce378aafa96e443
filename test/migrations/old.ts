import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { SoftwareKey } from '../../sdk/authenticator.ts'
import { openHttp } from '../../server/transports/http.ts'
import { PASSWORD, openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'
import { fakeClock, seededRandom } from '../clock.ts'

/**
 * Data that servers of earlier versions wrote, each named by the number of migrations that it has: what a crash would
 * have left, as SQL; the secrets it belongs to; and what that server itself answered to each `GET` of it.
 */
export const FIXTURES = readdirSync(new URL('fixtures/', import.meta.url)).toSorted()

/** Shortly after all of it was written, and before anything of it falls due. */
const NOW = Date.UTC(2026, 10, 26, 9, 0, 0)

interface Secrets {
  root_key: string
  checkpoints: string
  /** The passkey of the owner, their backup codes, and the token of their agent from outside, where there are any. */
  key?: SoftwareKey
  codes?: string[]
  robot?: string
}

export interface Old {
  data_dir: string
  /** The answers of the old server by path, without their envelopes. */
  seen: Record<string, unknown>
  secrets: Secrets
}

function read(fixture: string, name: string): string {
  return readFileSync(new URL(`fixtures/${fixture}/${name}`, import.meta.url), 'utf8')
}

/** Writes old data into a folder that goes with the test. */
export function openOld(t: TestContext, fixture: string): Old {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-old-'))
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const secrets = JSON.parse(read(fixture, 'secrets.json')) as Secrets
  writeFileSync(join(data_dir, 'root.key'), secrets.root_key, { mode: 0o600 })
  if (secrets.checkpoints !== '') {
    mkdirSync(join(data_dir, 'audit'), { mode: 0o700 })
    writeFileSync(join(data_dir, 'audit', 'checkpoints.jsonl'), secrets.checkpoints, { mode: 0o600 })
  }
  // The tables of the search index are filled as they were, which only a database that trusts its user lets happen.
  const database = new DatabaseSync(join(data_dir, 'paios.sqlite'), {
    defensive: false,
    enableForeignKeyConstraints: false,
  })
  database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${read(fixture, 'data.sql')} COMMIT`)
  database.close()
  return { data_dir, secrets, seen: JSON.parse(read(fixture, 'seen.json')) as Record<string, unknown> }
}

/** The server of today on some data, and its owner, who has signed in. */
export interface Today extends TestApp {
  token: string
  url: string
  /** What HTTP answers to a `GET`, without its envelope. */
  get(path: string): Promise<unknown>
}

/** How many servers this process has opened: each starts later than the last one, and makes ids of its own. */
let opened = 0

export async function startToday(t: TestContext, data_dir: string): Promise<Today> {
  opened += 1
  const clock = fakeClock(NOW + opened * 1_000)
  const running = await openTestApp({ data_dir, clock, random: seededRandom(100 + opened) })
  const { dispatch, kernel } = running.app
  const http = await openHttp({ dispatch, operations, settings: kernel.settings, log: kernel.log })
  const url = await http.listen()
  let ended: Promise<void> | undefined
  const close = (): Promise<void> => (ended ??= http.close(0).then(running.close))
  t.after(close)
  const login = { email: 'ann@example.org', password: PASSWORD }
  const { access_token: token } = await running.ask(undefined, 'auth.login', login)
  return {
    ...running,
    clock,
    close,
    token,
    url,
    get: async (path) => {
      const answer = await fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${token}` } })
      const { data } = (await answer.json()) as { data: unknown }
      return data
    },
  }
}
