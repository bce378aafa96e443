import type { TestContext } from 'node:test'
import type { AuditLine } from '../../kernel/audit.ts'
import type { GuardCapability } from '../../skills/capabilities.ts'
import { OWNER, openClaimed } from '../auth/fixture.ts'
import type { TestAuth } from '../auth/fixture.ts'
import { openAudit } from './index.ts'
import type { AuditReader } from './index.ts'

export interface Scene {
  server: TestAuth
  reader: AuditReader
  /** The owner, and a token of theirs. */
  ann: { user_id: string; token: string }
  /** What a user's agents may see now. */
  guard(user_id: string): GuardCapability
  /** Writes lines of calls, with the time that the clock shows. */
  write(lines: readonly Partial<AuditLine>[]): Promise<void>
  /** Another user, without any call. */
  add(email: string): Promise<string>
}

/** A server's users and a reader of its audit, both gone when the test ends. */
export async function openScene(
  t: TestContext,
  parts: { remoteAgents?: (user_id: string) => Promise<number> } = {},
): Promise<Scene> {
  const { server, owner } = await openClaimed(t)
  const { kernel, auth } = server
  const reader = openAudit(kernel, { auth, ...parts })
  t.after(() => reader.close())
  return {
    server,
    reader,
    ann: { user_id: owner.user_id, token: owner.access_token },
    guard: (user_id) => reader.bindGuard({ owner: { user_id }, now: server.clock.now() }),
    write: (lines) =>
      kernel.store.write((tx) => {
        for (const line of lines) kernel.audit.write(tx, { ...ROUTINE, ...line })
        return Promise.resolve()
      }),
    add: async (email) => (await auth.addUser(email, OWNER.password)).id,
  }
}

const ROUTINE: AuditLine = {
  request_id: 'r',
  actor: null,
  session_id: null,
  transport: 'http',
  operation: 'agents.list',
  target: null,
  status: 200,
  outcome: 'ok',
  ip: '127.0.0.1',
  counted: 0,
  duration_ms: 1.5,
}
