import { account } from './account.ts'
import { agents } from './agents.ts'
import { approvals } from './approvals.ts'
import { auth } from './auth.ts'
import { credentials } from './credentials.ts'
import { integrations } from './integrations.ts'
import { messages } from './messages.ts'
import { notifications } from './notifications.ts'
import type { Operation } from './operation.ts'
import { system } from './system.ts'
import { users } from './users.ts'
import { voice } from './voice.ts'
import { workflows } from './workflows.ts'

type Prefixed<A extends string, G> = { readonly [K in keyof G & string as `${A}.${K}`]: G[K] }

function prefixed<A extends string, G extends Readonly<Record<string, Operation>>>(
  area: A,
  group: G,
): Prefixed<A, G> {
  const entries = Object.entries(group).map(([key, one]) => [`${area}.${key}`, one])
  return Object.fromEntries(entries) as Prefixed<A, G>
}

/** Everything that can be asked of the system, by name, in the order of the specification. */
export const operations = {
  ...prefixed('auth', auth),
  ...prefixed('agents', agents),
  ...prefixed('workflows', workflows),
  ...prefixed('system', system),
  ...prefixed('voice', voice),
  ...prefixed('credentials', credentials),
  ...prefixed('messages', messages),
  ...prefixed('users', users),
  ...prefixed('approvals', approvals),
  ...prefixed('notifications', notifications),
  ...prefixed('account', account),
  ...prefixed('integrations', integrations),
}
export type Operations = typeof operations
export type OperationName = keyof Operations
