import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { operations } from '../../contract/index.ts'
import { dataOf, isNotBuilt } from './rig.ts'
import type { Answered, Fields, Person, Target } from './rig.ts'

/** What a browser makes to be pushed to. */
function browserKeys(): { p256dh: string; auth: string } {
  const key = createECDH('prime256v1')
  return { p256dh: key.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') }
}

/** A word that is in everything that somebody makes here, and nowhere else. */
export const NEEDLE = 'zanzibarnightingale'

/** Makes one object of every kind that can be made, for a person with a passkey; answers `[kind, id]`. */
export async function everythingOf(
  target: Target,
  owner: Person,
): Promise<readonly (readonly [kind: string, id: string])[]> {
  const { token } = owner
  const found: (readonly [string, string])[] = []
  const note = (kind: string, answered: Answered, field: string): string => {
    if (isNotBuilt(answered.body)) return ''
    const id = dataOf<Fields>(answered)[field]
    assert.ok(typeof id === 'string', answered.text)
    found.push([kind, id])
    return id
  }
  const proven = async (name: keyof typeof operations, input: Fields): Promise<Answered> => {
    const operation = operations[name]
    return target.perform(operation, input, { token, proof: await target.proof(owner, operation, input) })
  }
  const agent = note('agent', await proven('agents.create', { name: `${NEEDLE} agent` }), 'id')
  const memory = { id: agent, memory_type: 'note', content: `the ${NEEDLE} sings`, tags: [NEEDLE] }
  note('memory', await target.perform(operations['agents.memory_store'], memory, { token }), 'id')
  const parameters = { text: `a ${NEEDLE} was here` }
  const command = {
    action: 'remember',
    parameters,
    user_id: owner.user_id,
    request_id: NEEDLE,
    priority: 'normal',
  }
  const executed = { id: '2', command, wait_for_completion: true }
  note('execution', await target.perform(operations['agents.execute'], executed, { token }), 'execution_id')
  const wanted = { name: `${NEEDLE} waiting` }
  const headers = { 'x-approval': 'request' }
  note(
    'approval',
    await target.perform(operations['agents.create'], wanted, { token, headers }),
    'approval_id',
  )
  const step = { id: 'one', agent_number: 2, action: 'remember', parameters: { text: NEEDLE } }
  const definition = {
    trigger: { type: 'manual', conditions: {} },
    steps: [step],
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 10_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
  }
  const workflow = note(
    'workflow',
    await proven('workflows.create', { name: `${NEEDLE} workflow`, definition }),
    'id',
  )
  if (workflow !== '')
    note(
      'run',
      await target.perform(operations['workflows.execute'], { id: workflow }, { token }),
      'execution_id',
    )
  const number = 9_000
  const registered = {
    agent_number: number,
    name: `${NEEDLE} robot`,
    capabilities: [NEEDLE],
    actions: [{ name: NEEDLE, phrases: [`${NEEDLE} now`] }],
    voice_commands: [],
    config_schema: { title: NEEDLE },
  }
  note('agent from outside', await proven('messages.register', registered), 'agent_id')
  const said = { id: String(number), message_type: NEEDLE, data: NEEDLE, requires_response: false }
  note('message', await target.perform(operations['messages.to'], said, { token }), 'message_id')
  const browser = { endpoint: `https://updates.push.services.mozilla.com/${NEEDLE}`, keys: browserKeys() }
  note('subscription', await target.perform(operations['notifications.push_add'], browser, { token }), 'id')
  const secret = { service_name: NEEDLE, credential_type: 'password', credential_data: { value: NEEDLE } }
  note('credential', await proven('credentials.store', secret), 'id')
  const list = async (path: string, field: string): Promise<Fields[]> =>
    (dataOf<Fields>(await target.http(`GET ${path}`, { token }))[field] ?? []) as Fields[]
  const kinds = [
    ['passkey', '/api/auth/passkeys', 'passkeys', 'id'],
    ['session', '/api/auth/sessions', 'sessions', 'id'],
    ['modification', '/api/system/modifications', 'modifications', 'id'],
    ['notification', '/api/notifications', 'notifications', 'notification_id'],
  ] as const
  for (const [kind, path, field, id] of kinds)
    found.push(...(await list(path, field)).slice(0, 1).map((one) => [kind, String(one[id])] as const))
  return [...found, ['user', owner.user_id]]
}
