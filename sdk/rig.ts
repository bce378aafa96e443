import { operations } from '../contract/index.ts'
import { openHttp } from '../server/transports/http.ts'
import { openSocket } from '../server/transports/socket.ts'
import { PASSWORD, START, openTestApp } from '../test/app.ts'
import type { TestApp } from '../test/app.ts'
import { fakeClock, seededRandom } from '../test/clock.ts'
import type { FakeClock } from '../test/clock.ts'
import { openClient } from './client.ts'
import type { Client, ClientOptions } from './client.ts'

/** A whole server on a port, on a real store, with a clock that stands still. */
export interface Served {
  readonly url: string
  /** Of the server that runs now. */
  readonly app: TestApp['app']
  readonly clock: FakeClock
  /** A client of the clock of the server, where somebody has signed in. */
  signIn(email: string, options?: Partial<ClientOptions>): Promise<Client>
  /** Tells a user something, as what happens does. */
  tell(user_id: string, text: string): Promise<void>
  /** Stops the server, does what happens meanwhile with its store, and starts it again at the same address. */
  restart(meanwhile?: (app: TestApp['app']) => Promise<void>): Promise<void>
  remove(): Promise<void>
}

export const OWNER = 'ann@example.org'

/** A server that has its owner, `OWNER`; `lan` is where in the own network its operator lets it ask. */
export async function openServed({ lan = [] }: { lan?: readonly string[] } = {}): Promise<Served> {
  const clock = fakeClock(START)
  let starts = 0
  const openApp = (data_dir?: string): Promise<TestApp> => {
    starts += 1
    // What one start has drawn the next one must not draw again.
    const random = seededRandom(starts)
    return openTestApp({ clock, random, lan, ...(data_dir === undefined ? {} : { data_dir }) })
  }
  let running = await start(await openApp(), clock, 0)
  await running.server.claim(OWNER)
  const { url, server } = running
  const { data_dir } = server
  return {
    url,
    get app() {
      return running.server.app
    },
    clock,
    signIn: async (email, options = {}) => {
      const client = openClient({ url, now: () => clock.now(), ...options })
      await client.ask('auth.login', { email, password: PASSWORD })
      return client
    },
    tell: (user_id, text) => tell(running.server.app, user_id, text),
    restart: async (meanwhile = () => Promise.resolve()) => {
      await running.stop()
      const closed = await openApp(data_dir)
      await meanwhile(closed.app)
      await closed.close()
      running = await start(await openApp(data_dir), clock, Number(new URL(url).port))
    },
    remove: async () => {
      await running.stop()
      await running.server.remove()
    },
  }
}

interface Running {
  server: TestApp
  url: string
  stop(): Promise<void>
}

async function start(server: TestApp, clock: FakeClock, port: number): Promise<Running> {
  const { kernel, dispatch } = server.app
  const { log } = kernel
  const settings = { ...kernel.settings, port }
  const http = await openHttp({ dispatch, operations, settings, log })
  const sockets = openSocket({
    server: http.server,
    dispatch,
    operations,
    ...server.app.doors,
    settings,
    clock,
    log,
  })
  const url = new URL(await http.listen())
  return {
    server,
    url: url.origin,
    stop: async () => {
      await sockets.close()
      await http.close(0)
      await server.close()
    },
  }
}

async function tell({ kernel }: TestApp['app'], user_id: string, text: string): Promise<void> {
  await kernel.store.write((tx) => {
    const notification = { notification_id: kernel.id(), source_agent: 0, severity: 'info', text } as const
    const created_at = new Date(kernel.clock.now()).toISOString()
    return Promise.resolve(
      kernel.events.tell(tx, 'notification:created', user_id, { ...notification, created_at }),
    )
  })
}
