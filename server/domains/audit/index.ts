import { iso } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { isLoopback } from '../../kernel/settings.ts'
import type { GuardCapability } from '../../skills/capabilities.ts'
import type { Auth } from '../auth/index.ts'
import { countFailures, findCalls } from './calls.ts'
import { openIntegrity } from './integrity.ts'

/** Failures of this long are counted in a security report. */
const COUNTED_MS = 7 * 86_400_000

/** What a guard is bound to: one user, one moment. */
interface Grant {
  owner: { user_id: string }
  now: number
}

interface Parts {
  auth: Pick<Auth, 'safetyOf'>
  /** How many agents of a user are programs on other machines; none without. */
  remoteAgents?: (user_id: string) => Promise<number>
}

/** Reads what the kernel writes of every call, for the user whose call it was, and whether it still holds. */
export interface AuditReader {
  bindGuard(grant: Grant): GuardCapability
  close(): Promise<void>
}

export function openAudit(kernel: Kernel, { auth, remoteAgents }: Parts): AuditReader {
  const { connection } = kernel.store.reader
  const { host, behind_proxy } = kernel.settings
  const integrity = openIntegrity(kernel)
  return {
    // Everybody sees their own calls alone, the owner of the server too.
    bindGuard: ({ owner: { user_id }, now }) => ({
      calls: (filter) => findCalls(connection, user_id, filter),
      integrity: () => integrity.check(),
      security: async () => ({
        ...(await auth.safetyOf(user_id)),
        ...(await countFailures(connection, user_id, iso(now - COUNTED_MS))),
        agents_remote: (await remoteAgents?.(user_id)) ?? 0,
        exposed: !isLoopback(host) || behind_proxy,
      }),
    }),
    close: integrity.close,
  }
}
