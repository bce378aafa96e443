import type { TestContext } from 'node:test'
import { OWNER, openServed } from '../sdk/rig.ts'
import type { Served } from '../sdk/rig.ts'
import { PASSWORD } from '../test/app.ts'
import { openDesk } from './fixture.ts'
import type { Desk } from './fixture.ts'

type DeskOptions = NonNullable<Parameters<typeof openDesk>[1]>

/** A real server, and desks that talk to it. */
export interface Office {
  server: Served
  /** Somebody at another machine, signed in with their password. */
  sit(email?: string, options?: DeskOptions): Promise<Desk>
}

export async function openOffice(
  context: TestContext,
  served: Parameters<typeof openServed>[0] = {},
): Promise<Office> {
  const server = await openServed(served)
  context.after(() => server.remove())
  return {
    server,
    sit: async (email = OWNER, options = {}) => {
      const desk = openDesk({}, { fetch, now: () => server.clock.now(), ...options })
      context.after(desk.remove)
      desk.environment['PAIOS_URL'] = server.url
      await signIn(desk, email)
      return desk
    },
  }
}

export async function signIn(desk: Desk, email = OWNER): Promise<void> {
  const { exit, stderr } = await desk.paios(['login', '--email', email, '--password-stdin'], {
    piped: PASSWORD,
  })
  if (exit !== 0) throw new Error(stderr)
}

/** What a command answers in JSON. */
export async function data<T>(desk: Desk, argv: readonly string[], piped = ''): Promise<T> {
  const { stdout } = await desk.paios([...argv, '--json'], { piped })
  return JSON.parse(stdout) as T
}
