import { TOKEN_PREFIX } from './domains/agents/remote/registry.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Auth } from './domains/auth/index.ts'
import type { Caller } from './kernel/answers.ts'

/** Whose a token is: a user's session, or an agent from outside. */
export interface Entry {
  authenticate(token: string): Caller
  callerOf(user_id: string, session_id: string): Caller | undefined
  expiresAt(token: string): number
  onSessionEnd(hook: (session_id: string) => void): void
}

export function openEntry(auth: Auth, { registry }: Pick<Agents, 'registry'>): Entry {
  return {
    authenticate: (token) => (isAgents(token) ? registry.authenticate(token) : auth.authenticate(token)),
    callerOf: (user_id, session_id) =>
      auth.callerOf(user_id, session_id) ?? registry.callerOf(user_id, session_id),
    expiresAt: (token) => (isAgents(token) ? registry.expiresAt() : auth.expiresAt(token)),
    onSessionEnd: (hook) => {
      auth.onSessionEnd(hook)
      registry.onEnd(hook)
    },
  }
}

function isAgents(token: string): boolean {
  return token.startsWith(TOKEN_PREFIX)
}
