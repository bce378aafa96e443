import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PASSWORD, START, openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import { openOfflineBackups } from '../../offline.ts'

/** A server that can be stopped, restored and started again. */
export interface Scene {
  readonly running: TestApp
  readonly clock: FakeClock
  readonly data_dir: string
  /** The first token of the owner. */
  readonly ann: { token: string; refresh_token: string; user_id: string }
  /** Stops the server, restores the backup of this name, and starts another one. */
  restore(name: string): Promise<void>
  /** Stops the server, and starts another one. */
  restart(): Promise<void>
  signIn(): Promise<string>
  /** What the owner was told, oldest first, as `severity: text`. */
  told(): Promise<string[]>
  /** Waits for what happens in a thread, until this is so. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>
}

const WAITED_MS_MAX = 30_000

export async function openScene(context: TestContext): Promise<Scene> {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-backup-'))
  const clock = fakeClock(START)
  let starts = 0
  const start = async (): Promise<TestApp> => {
    starts += 1
    const opened = await openTestApp({ data_dir, clock, random: seededRandom(starts), backups: {} })
    await opened.app.begin()
    return opened
  }
  let running = await start()
  const stop = async (): Promise<void> => {
    const closed = running.close()
    clock.advance(0)
    await closed
  }
  context.after(async () => {
    await stop()
    rmSync(data_dir, { recursive: true, force: true })
  })
  const ann = await running.claim()
  const signIn = async (): Promise<string> => {
    const login = { email: 'ann@example.org', password: PASSWORD }
    return (await running.ask(undefined, 'auth.login', login)).access_token
  }
  return {
    clock,
    data_dir,
    ann,
    signIn,
    get running() {
      return running
    },
    restart: async () => {
      await stop()
      running = await start()
    },
    restore: async (name) => {
      await stop()
      await openOfflineBackups({ data_dir, key_file: join(data_dir, 'root.key') }).restore(name)
      running = await start()
    },
    told: async () => {
      const { notifications } = await running.ask(await signIn(), 'notifications.list', {})
      return notifications.map(({ severity, text }) => `${severity}: ${text}`).toReversed()
    },
    until: async (condition) => {
      const began = performance.now()
      while (!(await condition())) {
        if (performance.now() - began > WAITED_MS_MAX) throw new Error('It did not happen.')
        await nextTurn()
      }
    },
  }
}
