import { Type } from 'typebox'
import type { Tier } from './limits.ts'
import { area, object, operation } from './operation.ts'
import { Id, Text, Time, next_cursor, page } from './shapes.ts'

const tier = Type.Enum(['free', 'pro', 'enterprise'] satisfies Tier[])

/** What the owner sees of a user: nothing of their preferences or data. */
export const Account = object({
  id: Id,
  email: Type.String(),
  tier,
  owner: Type.Boolean(),
  created_at: Time,
  updated_at: Time,
})
export type Account = Type.Static<typeof Account>

const email = Type.String({ minLength: 3, maxLength: 254 })

export const users = area('users', {
  list: operation({
    http: 'GET /users',
    summary: 'The users of this server, oldest first.',
    who: 'owner',
    input: object({ ...page }),
    output: object({ users: Type.Array(Account), next_cursor }),
  }),
  create: operation({
    http: 'POST /users',
    summary: 'Adds a user with a first password.',
    who: 'owner',
    proof: 'account',
    key: 'header',
    status: 201,
    input: object({ email, password: Text(1024, 1), tier: Type.Optional(tier) }),
    output: Account,
  }),
  update: operation({
    http: 'PUT /users/:id',
    summary: 'Changes the e-mail address or the tier of a user.',
    who: 'owner',
    proof: 'account',
    input: object({ id: Id, email: Type.Optional(email), tier: Type.Optional(tier) }),
    output: Account,
  }),
  delete: operation({
    http: 'DELETE /users/:id',
    summary: 'Removes a user with everything of theirs, and ends their sessions.',
    who: 'owner',
    proof: 'account',
    irreversible: 'Everything of the user is deleted for good.',
    input: object({ id: Id }),
  }),
})
