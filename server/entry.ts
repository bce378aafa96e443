import type { Operation } from '../contract/operation.ts'
import { TOKEN_PREFIX } from './domains/agents/remote/registry.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Auth } from './domains/auth/index.ts'
import type { Workflows } from './domains/workflows/index.ts'
import { noHook } from './domains/workflows/triggers/hook.ts'
import type { Caller } from './kernel/answers.ts'

/** Whose a token is: a user's session, an agent from outside or, for what carries one, a webhook. */
export interface Entry {
  authenticate(token: string, carries?: Operation['carries']): Caller
  callerOf(user_id: string, session_id: string): Caller | undefined
  expiresAt(token: string): number
  onSessionEnd(hook: (session_id: string) => void): void
}

export function openEntry(
  auth: Auth,
  { registry }: Pick<Agents, 'registry'>,
  { hooks }: Pick<Workflows, 'hooks'>,
): Entry {
  return {
    authenticate: (token, carries) => {
      if (carries === 'webhook') return openHook(auth, hooks, token)
      return isAgents(token) ? registry.authenticate(token) : auth.authenticate(token)
    },
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

/** A webhook speaks for the owner of its workflow, and can prove nothing. @throws Fault `WORKFLOW_NOT_FOUND` */
function openHook(auth: Pick<Auth, 'tierOf'>, hooks: Workflows['hooks'], token: string): Caller {
  const found = hooks.find(token)
  const tier = found && auth.tierOf(found.user_id)
  if (found === undefined || tier === undefined) throw noHook()
  const { key, user_id, workflow_id } = found
  return {
    user_id,
    session_id: `hook ${key}`,
    role: 'user',
    tier,
    has_passkey: false,
    is_provisional: false,
    wants_passkey: false,
    password_at: undefined,
    code_at: undefined,
    may_enrol: false,
    hook: { key, workflow_id },
  }
}
